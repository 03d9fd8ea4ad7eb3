"""Create: what CloudFormation sends, and a stack that changes its mind."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

from .aws import SECRET, Aws, properties
from .replies import Hold, after, before

CREATE, GET = "CreateModelInvocationJob", "GetModelInvocationJob"


def test_C25_text_becomes_the_types_of_the_api_again(aws: Aws) -> None:
    """CloudFormation turns every number and boolean into text; Bedrock gets numbers."""
    vpc = {"subnetIds": ["subnet-0123456789abcdef0"], "securityGroupIds": ["sg-0123456789abcdef0"]}
    job = properties(timeoutDurationInHours=48, vpcConfig=vpc)
    assert aws.stack().deploy({"Job": job}) == "CREATE_COMPLETE"
    sent = aws.cloudformation.requests[0]["ResourceProperties"]
    assert (sent["Job"]["timeoutDurationInHours"], sent["StopOnDelete"]) == ("48", "true")
    (call,) = aws.front.of(CREATE)
    assert (call["timeoutDurationInHours"], call["vpcConfig"]) == (48, vpc)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timeoutDurationInHours", 23),
        ("timeoutDurationInHours", 169),
        ("timeoutDurationInHours", f"{SECRET} hours"),
        ("roleArn", SECRET),
        ("modelInvocationType", SECRET),
        ("inputDataConfig.s3InputDataConfig.s3Uri", f"https://{SECRET}"),
        ("outputDataConfig.s3OutputDataConfig.s3Uri", f"s3:/{SECRET}"),
    ],
)
def test_C26_a_value_outside_the_rules_of_the_api_never_leaves(aws: Aws, field: str, value: Any) -> None:
    """The deployment fails with the field's name, without the value, before anything is called."""
    job = properties()
    assert aws.stack().deploy({"Job": {**job, "Job": with_value(job["Job"], field, value)}}) == "ROLLBACK_COMPLETE"
    assert field.rpartition(".")[2] in aws.stacks[0].reasons[0]
    assert not aws.front.of(CREATE)


def test_C26_a_name_of_bad_characters_never_leaves(aws: Aws) -> None:
    """The deployment fails with the field's name before anything is called."""
    stack = aws.stack()
    assert stack.deploy({"Job": {**properties(), "JobNamePrefix": "no_underscores"}}) == "ROLLBACK_COMPLETE"
    assert "Job.jobName" in stack.reasons[0]
    assert not aws.front.of(CREATE)


def test_C26_a_prefix_that_leaves_no_room_for_whose_job_it_is_is_refused(aws: Aws) -> None:
    """A prefix of 38 characters is not cut, since event rules match it: nothing is called; 37 make a name of 63."""
    stack = aws.stack()
    assert stack.deploy({"Job": {**properties(), "JobNamePrefix": "n" * 38}}) == "ROLLBACK_COMPLETE"
    assert "'JobNamePrefix' must be at most 37 characters, got 38" in stack.reasons[0]
    assert not aws.front.of(CREATE)
    assert aws.stack().deploy({"Job": {**properties(), "JobNamePrefix": "n" * 37}}) == "CREATE_COMPLETE"
    assert len(aws.bedrock.jobs[0].name) == 63


def test_C27_an_unknown_field_of_the_job_is_named(aws: Aws) -> None:
    """What Bedrock's API does not have is refused, not dropped."""
    stack = aws.stack()
    assert stack.deploy({"Job": properties(priority="high")}) == "ROLLBACK_COMPLETE"
    assert "'Job' has no field 'priority'" in stack.reasons[0]
    assert not aws.front.of(CREATE)


def test_C27_an_unknown_property_beside_the_job_is_ignored(aws: Aws) -> None:
    """CloudFormation adds properties of its own, such as ServiceToken; a later construct may, too."""
    assert aws.stack().deploy({"Job": {**properties(), "Comment": "hello"}}) == "CREATE_COMPLETE"


def test_C28_a_region_without_bedrock_fails_in_time(aws: Aws) -> None:
    """A name that does not resolve fails the deployment before the deadline, with the address that was tried."""
    aws.function.redeploy(AWS_ENDPOINT_URL_BEDROCK="https://bedrock.nowhere-1.invalid")
    aws.function.timeout = 180
    stack = aws.stack()
    stack.deploy({"Job": properties()}, rollback=False)
    assert "bedrock.nowhere-1.invalid" in stack.reasons[0]
    assert aws.function.invocations[0].error is None


@pytest.mark.parametrize("moment", [before, after])
def test_C29_a_create_that_was_given_up_leaves_no_live_job(aws: Aws, moment: Any) -> None:
    """A sibling fails while Bedrock makes the job; the Delete, with an invented id, is over before the Create is."""
    aws.function.speed = 4
    hold, stack = Hold(), aws.stack()
    aws.front.meet(CREATE, moment(hold))
    assert stack.deploy({"Job": properties()}, sibling_fails=hold.reached) == "ROLLBACK_COMPLETE"
    assert aws.cloudformation.requests[-1]["PhysicalResourceId"].startswith(f"{stack.name}-Job-")
    hold.release.set()
    aws.function.settle()
    assert [job.status for job in aws.bedrock.jobs] == ["Stopped"]


def test_C29_a_create_that_was_given_up_while_it_watched_leaves_no_live_job(aws: Aws) -> None:
    """A sibling fails while the job is validated; the Delete finds the job by its name and stops it."""
    hold, stack = Hold(), aws.stack()
    hold.release.set()
    aws.front.meet(GET, before(hold))
    assert stack.deploy({"Job": properties()}, sibling_fails=hold.reached) == "ROLLBACK_COMPLETE"
    assert [job.status for job in aws.bedrock.jobs] == ["Stopped"]


@pytest.mark.either("name_of_ended_job")
def test_C30_a_create_that_arrives_again_after_the_delete_starts_nothing(aws: Aws) -> None:
    """The stopped job of the same request is found, and no other is made."""
    stack = aws.stack()
    stack.deploy({"Job": properties()})
    stack.destroy()
    aws.function.invoke(aws.cloudformation.requests[0])
    assert [job.status for job in aws.bedrock.jobs] == ["Stopped"]


@pytest.mark.either("name_of_ended_job")
def test_C30_a_create_that_arrives_first_after_the_delete_starts_nothing(aws: Aws) -> None:
    """CloudFormation had given up on it; what the Delete did not find does not come to be either."""
    stack = aws.stack()
    late = stack.event("Create", properties())
    stack.deploy({"Job": properties(timeoutDurationInHours=25)})
    stack.destroy()
    aws.function.deliver(late)
    aws.function.settle()
    assert not aws.bedrock.live


def test_C31_every_policy_is_there_before_the_job_and_after_it(record_file: Callable[..., Path]) -> None:
    """The custom resource depends on the policies of both roles and both buckets: made before it, deleted after it."""
    stack = Stack(App(), "Stack")
    model, data = BatchModel.foundation_model("amazon.nova-lite-v1:0"), InputData.from_file(str(record_file()))
    ModelInvocationJob(stack, "Summaries", model=model, input_data=data)
    resources = Template.from_stack(stack).to_json()["Resources"]
    (job,) = (name for name, resource in resources.items() if resource["Type"].startswith("Custom::Bedrock"))
    policies = {name for name, resource in resources.items() if resource["Type"].endswith("Policy")}
    assert len(policies) >= 4
    assert policies <= needed(resources, job)


def needed(resources: dict[str, Any], name: str) -> set[str]:
    """What CloudFormation makes before a resource: all that it depends on or refers to, and what those do."""
    found, new = set(), {name}
    while new:
        text = "".join(json.dumps(resources[each]) for each in new)
        found |= new
        new = {other for other in resources if f'"{other}"' in text} - found
    return found


def with_value(job: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    name, _, rest = path.partition(".")
    return {**job, name: with_value(job[name], rest, value) if rest else value}
