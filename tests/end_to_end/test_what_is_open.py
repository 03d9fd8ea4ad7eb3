"""What is open while a deployment waits, where the signed address stands then, and what is left when it is over."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from aws_cdk import CfnParameter, Duration, Stack, Tags
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import InputData, WaitUntil

from .canary import Canary
from .gallery import World, job
from .stacks import Deployed, Stacks, Template
from .waits import Waits, eventually

JOB, RESULTS = "Custom::BedrockModelInvocationJob", "Custom::BedrockModelInvocationJobResults"
#: Seconds after which nothing may be open: a minute, of a function that looks every two seconds instead of every 55.
SOON = 10


def build(stack: Stack, world: World) -> None:
    """A job of which only CloudFormation knows what it reads, and somebody who hears all that is told on the bus."""
    key = CfnParameter(stack, "Key", default="one.jsonl").value_as_string
    awaited = job(
        stack,
        "Job",
        input_data=InputData.from_uri(f"s3://{world.own_bucket}/{key}"),
        wait_until=WaitUntil.FINISHED,
        # Short enough for the results to do the waiting, without links.
        wait_timeout=Duration.minutes(50),
    )
    Tags.of(awaited).add("team", "blue")
    everything = targets.SqsQueue(sqs.Queue(stack, "Heard"))
    events.Rule(stack, "All", event_pattern=events.EventPattern(version=["0"]), targets=[everything])


@pytest.fixture(scope="module")
def template(stacks: Stacks, world: World) -> Template:
    return stacks.synthesize(lambda stack: build(stack, world), "Open")


@pytest.fixture(scope="module")
def deployed(stacks: Stacks, aws: RunningAws, template: Template) -> Deployed:
    with aws.faults.hold("Validating", job_name="Open-"):
        begun = stacks.begin(template, "Open")
        assert_only_the_table_has_the_address_of(begun, JOB)
    stacks.settle(begun)
    return begun


@pytest.fixture(scope="module")
def updated(stacks: Stacks, aws: RunningAws, template: Template, deployed: Deployed) -> Deployed:
    with aws.faults.hold("InProgress", job_name="Open-"):
        stacks.begin(template, "Open", Parameters=[{"ParameterKey": "Key", "ParameterValue": "all/a.jsonl"}])
        assert_only_the_table_has_the_address_of(deployed, RESULTS)
    stacks.settle(deployed)
    return deployed


def assert_only_the_table_has_the_address_of(deployed: Deployed, kind: str) -> None:
    waits = Waits(deployed)
    address = waits.holds(kind)["ResponseURL"]
    looked = len(waits.running)
    assert looked >= 1
    canary = Canary(deployed)
    assert canary.places(token_of(address)) == {"table"}
    assert {"log", "execution", "event of the stack", "tag", "function"} <= canary.kinds
    assert not [text for text in heard(deployed) if token_of(address) in text]


def token_of(address: str) -> str:
    """What of an address nobody may know; the longest part of its path, or its query."""
    found = urlsplit(address)
    return max([*found.path.split("/"), found.query], key=len)


def heard(deployed: Deployed) -> Iterator[str]:
    client, url = deployed.stacks.aws.client("sqs"), deployed.of_type("AWS::SQS::Queue", "Heard")
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        yield from (message["Body"] for message in messages)


@pytest.mark.parametrize("kind", ["deployed", "updated"])
def test_when_a_job_is_over_nothing_is_open_soon(request: pytest.FixtureRequest, kind: str) -> None:
    stack: Deployed = request.getfixturevalue(kind)
    waits = Waits(stack)
    eventually(lambda: not waits.running, SOON)
    assert waits.held == []
    assert [item for item in waits.items if "ResponseURL" in json.dumps(item)] == []
    assert {execution["status"] for execution in waits.executions} == {"SUCCEEDED"}
    assert stack.stacks.aws.client("scheduler").list_schedules()["Schedules"] == []
    # An example of a pipeline has a schedule, which is what it is there for.
    rules = stack.stacks.aws.client("events").list_rules(NamePrefix=f"{stack.name}-")["Rules"]
    assert rules
    assert [rule for rule in rules if rule.get("ScheduleExpression")] == []
