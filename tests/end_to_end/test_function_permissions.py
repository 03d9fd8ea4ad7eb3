"""The function has exactly what it needs: without any one permission a stack's life fails somewhere, and says why."""

import copy
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from aws_cdk import RemovalPolicy, Stack, Tags
from aws_cdk import aws_kms as kms

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchModel, InputData

from .function_policies import PROVIDER, lacking, policies, working
from .gallery import MODEL, REGIONS, World, job, jsonl, records
from .permissions import Permission
from .stacks import Deployed, StackFailedError, Stacks, Template

LAST_WORD = f"{PROVIDER}LastWord"
#: Without these the function goes on, and says in its log what it could not find out.
TOLERATED = {"cloudformation:DescribeStackResource", "cloudformation:DescribeStacks"}
#: Without these there is no log.
LOGGING = {"logs:CreateLogStream", "logs:PutLogEvents"}
OTHER_MODEL = "amazon.nova-micro-v1:0"
#: Seconds that CloudFormation waits for a function that has died; its three tries take three.
SOON = 20
#: Seconds after which a log that should be there would be.
LOG_SECONDS = 5
ANSWERED = "ended 3 times without an answer"


def everything(stack: Stack, world: World) -> None:
    """Whatever adds to what the function may do; files of more than 8 MiB are put in place in parts."""
    world.file("large/video.mp4", bytes(9 * 1024**2))
    folder = world.file("large/in.jsonl", jsonl(records())).parent
    key = kms.Key(stack, "Key", removal_policy=RemovalPolicy.DESTROY)
    profile = BatchModel.inference_profile(f"us.{MODEL}", regions=REGIONS)
    tagged = job(stack, "Tagged", model=profile, encryption_key=key)
    Tags.of(tagged).add("team", "blue")
    Tags.of(tagged).add("stage", "test")
    other, given = BatchModel.foundation_model(OTHER_MODEL), InputData.from_directory(folder)
    job(stack, "Rerun", model=other, input_data=given, run_token="1", encryption_key=key)


@pytest.fixture(scope="module")
def stacks(keyed_stacks: Stacks) -> Stacks:
    return keyed_stacks


@pytest.fixture(scope="module")
def template(stacks: Stacks, world: World) -> Template:
    return stacks.synthesize(partial(everything, world=world), "Everything")


@pytest.fixture(scope="module", autouse=True)
def jobs_stay_live(aws: RunningAws) -> Iterator[None]:
    with aws.faults.hold("InProgress", job_name="Everything-"):
        yield


def test_each_permission_of_the_function_is_needed(stacks: Stacks, template: Template) -> None:
    """That goes for the function that answers for a dead one, too."""
    cases = list(enumerate(working(template)))
    with ThreadPoolExecutor(12) as threads:
        problems = threads.map(lambda case: _problem(stacks, template, case[1], f"Lacking{case[0]}"), cases)
        assert "\n".join(problem for problem in problems if problem) == ""


def test_a_superfluous_permission_is_found(stacks: Stacks, template: Template) -> None:
    generous = copy.deepcopy(template)
    more = Permission("s3:GetObjectTagging", "*", "null")
    policy = next(iter(policies(generous)))
    statement = {"Effect": "Allow", "Action": more.action, "Resource": more.resource}
    generous["Resources"][policy]["Properties"]["PolicyDocument"]["Statement"].append(statement)
    assert more in working(generous)
    assert _problem(stacks, generous, more, "Generous") == f"the function has a superfluous permission: {more}"


def test_with_all_permissions_a_life_succeeds(stacks: Stacks, template: Template) -> None:
    log = live(stacks, template, "Lacking")
    assert "created a job" in log
    assert "not authorized" not in log


def test_with_all_permissions_a_function_that_dies_is_answered_for(stacks: Stacks, template: Template) -> None:
    failures, log = die(stacks, template, "Dying")
    assert ANSWERED in failures
    assert "START" in log


def live(stacks: Stacks, template: Template, name: str) -> str:
    """Create, update and delete a stack; return what its function logged."""
    deployed = stacks.put(template, name)
    stacks.put(_changed(template), name)
    log = _log(stacks, deployed, f"{PROVIDER}Logs", invocations=4)
    stacks.destroy(deployed)
    return log


def die(stacks: Stacks, template: Template, name: str) -> tuple[str, str]:
    """Create a stack whose function cannot be imported; return its failures, and what its other function logged."""
    broken = copy.deepcopy(template)
    for logical_id, resource in broken["Resources"].items():
        if logical_id.startswith(f"{PROVIDER}Function") and resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Handler"] = "model_invocation_job.absent.handler"
    for resource in _jobs(broken).values():
        resource["Properties"]["ServiceTimeout"] = SOON
    deployed = stacks.begin(broken, name, DisableRollback=True)
    with pytest.raises(StackFailedError) as error:
        stacks.settle(deployed)
    return str(error.value), _log(stacks, deployed, f"{LAST_WORD}Logs", invocations=1)


def _problem(stacks: Stacks, template: Template, missing: Permission, name: str) -> str | None:
    deprived = lacking(template, missing)
    if missing.action == "lambda:InvokeFunction" or (missing.action in LOGGING and LAST_WORD in missing.resource):
        failures, log = die(stacks, deprived, name)
        shows = ANSWERED not in failures if missing.action not in LOGGING else not log
        return None if shows else f"the function has a superfluous permission: {missing}"
    named = f"is not authorized to perform: {missing.action} "
    try:
        log = live(stacks, deprived, name)
    except StackFailedError as error:
        return None if named in str(error) else f"without {missing} a stack fails with {error}"
    shows = (missing.action in TOLERATED and named in log) or (missing.action in LOGGING and not log)
    return None if shows else f"the function has a superfluous permission: {missing}"


def _jobs(template: Template) -> dict[str, dict[str, Any]]:
    resources: dict[str, dict[str, Any]] = template["Resources"]
    kind = "Custom::BedrockModelInvocationJob"
    return {name: resource for name, resource in resources.items() if resource["Type"] == kind}


def _changed(template: Template) -> Template:
    """Let one job have other tags, and the other run again."""
    changed = copy.deepcopy(template)
    for resource in _jobs(changed).values():
        if "RunToken" in resource["Properties"]:
            resource["Properties"]["RunToken"] = "2"
        else:
            resource["Properties"]["Tags"] = [{"key": "team", "value": "red"}, {"key": "added", "value": "yes"}]
    return changed


def _log(stacks: Stacks, deployed: Deployed, beginning: str, invocations: int) -> str:
    """Return the log of a function that has been invoked so often; it is written after the function's answer."""
    group, deadline = deployed.of_type("AWS::Logs::LogGroup", beginning), time.monotonic() + LOG_SECONDS
    while True:
        pages = stacks.logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        log = "\n".join(event["message"] for page in pages for event in page["events"])
        if log.count("START") >= invocations or time.monotonic() > deadline:
            return log
        time.sleep(0.25)
