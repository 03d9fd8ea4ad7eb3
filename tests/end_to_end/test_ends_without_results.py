"""A job whose end is waited for comes to an end that has no results: the deployment fails, and says why."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from aws_cdk import CfnOutput, Stack

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import WaitUntil

from .gallery import job
from .jobs import Jobs
from .stacks import Deployed, StackFailedError, Stacks
from .waits import eventually

#: So fast that the shortest timeout of a job, 24 hours, takes ten seconds.
SPEED = 8640


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    folder, behaviours = tmp_path_factory.mktemp("fast-aws"), {"role_propagation": 0}
    with LocalAws(model="echo", directory=folder, speed=SPEED, behaviours=behaviours, admin=True) as running:
        yield running


@pytest.fixture(scope="module")
def stacks(aws: RunningAws, tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return Stacks(aws, tmp_path_factory.mktemp("stacks"))


@dataclass(frozen=True)
class Case:
    """A way to such an end: what is done to a job that runs, and what the failure says then, our words first."""

    spoil: Callable[[Stacks, str], object]
    says: tuple[str, ...]
    accepts: bool = False


def leave_it(stacks: Stacks, arn: str) -> None:
    """Let its time pass."""


def take_rights(stacks: Stacks, arn: str) -> None:
    role = Jobs(stacks.aws).get(arn)["roleArn"].rpartition("/")[2]
    nothing = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
    stacks.iam.put_role_policy(RoleName=role, PolicyName="Nothing", PolicyDocument=json.dumps(nothing))


def stop(stacks: Stacks, arn: str) -> None:
    stacks.bedrock.stop_model_invocation_job(jobIdentifier=arn)


JOB = "Custom::BedrockModelInvocationJob"
COUNTED = "0 of 100 records processed"
CASES = {
    "Denied": Case(take_rights, ("The job ended as Failed. Correct the cause", "run_token", "Bedrock says of")),
    "Stopped": Case(stop, ("The job ended as Stopped. Correct the cause", "run_token", "Bedrock says of")),
    "Partial": Case(leave_it, ("The job ended as PartiallyCompleted.", "accept_partial_completion=True", COUNTED)),
    "Accepted": Case(leave_it, (), accepts=True),
    "Useless": Case(lambda *_: None, ("no record succeeded", "100 of 100 records processed", "100 failed")),
}


def build(stack: Stack, *, accepts: bool) -> None:
    made = job(stack, "Job", wait_until=WaitUntil.FINISHED, accept_partial_completion=accepts)
    CfnOutput(stack, "Status", value=made.job_status)
    CfnOutput(stack, "Processed", value=made.processed_records)


@pytest.fixture(scope="module")
def ended(stacks: Stacks, aws: RunningAws) -> dict[str, Deployed | str]:
    """What came of each case: a stack, or why there is none."""
    templates = {
        name: stacks.synthesize(lambda s, c=case: build(s, accepts=c.accepts), name) for name, case in CASES.items()
    }
    with aws.faults.fail_records(1, job_name="Useless-"), ThreadPoolExecutor(len(CASES)) as threads:
        return dict(zip(CASES, threads.map(lambda name: outcome(stacks, templates[name], name), CASES), strict=True))


def outcome(stacks: Stacks, template: dict, name: str) -> Deployed | str:
    held = stacks.aws.faults.hold("InProgress", job_name=f"{name}-") if name != "Useless" else None
    deployed = stacks.begin(template, name)
    (arn,) = eventually(lambda: Jobs(stacks.aws).named(f"{name}-"))
    if held:
        Jobs(stacks.aws).in_status(arn, "InProgress", "PartiallyCompleted")
        # What is spoiled before the deployment knows that the job was accepted is the job's own failure.
        eventually(lambda: is_accepted(deployed))
        CASES[name].spoil(stacks, arn)
        if CASES[name].spoil is not leave_it:
            held.remove()
    try:
        stacks.settle(deployed)
    except StackFailedError as error:
        return str(error)
    return deployed


def is_accepted(deployed: Deployed) -> bool:
    made = (each for each in deployed.resources.values() if each["ResourceType"] == JOB)
    return any(each["ResourceStatus"] == "CREATE_COMPLETE" for each in made)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.says])
def test_the_deployment_fails_and_says_why(ended: dict[str, Deployed | str], name: str) -> None:
    reason = ended[name]
    assert isinstance(reason, str)
    places = [reason.find(each) for each in CASES[name].says]
    assert -1 not in places, reason
    assert places == sorted(places), reason
    assert reason.startswith("JobResults"), reason


def test_a_part_of_the_results_may_be_enough(ended: dict[str, Deployed | str]) -> None:
    deployed = ended["Accepted"]
    assert isinstance(deployed, Deployed), deployed
    assert (deployed.outputs["Status"], deployed.outputs["Processed"]) == ("PartiallyCompleted", "0")
