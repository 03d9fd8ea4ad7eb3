"""A pipeline that runs when its stack is deployed: once for each content, whatever becomes of the deployment."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from aws_cdk import CfnResource, Duration, Stack

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import InputData

from .gallery import World
from .pipelines import Pipeline, build, files, ids
from .stacks import Deployed, StackFailedError, Stacks
from .waits import eventually

NAME, RUN, FILES = "DeployedRuns", "Custom::BedrockBatchInferenceRun", 3


class Deployments:
    """One stack, deployed again and again, and its pipeline."""

    def __init__(self, stacks: Stacks, records: str) -> None:
        self.stacks, self._records = stacks, records

    def template(self, token: str, *, broken: bool = False, hours: int = 24) -> dict[str, Any]:
        def made(stack: Stack) -> None:
            source = InputData.from_uri(self._records)
            run = build(stack, input_data=source, timeout=Duration.hours(hours)).on_deploy("First", run_token=token)
            if broken:
                never = {"Type": "No", "Value": "", "Name": "/"}
                broken_one = CfnResource(stack, "Broken", type="AWS::SSM::Parameter", properties=never)
                broken_one.node.add_dependency(run)

        return self.stacks.synthesize(made, NAME)

    def deploy(self, token: str, **how: Any) -> Pipeline:
        return Pipeline(self.stacks.put(self.template(token, **how), NAME), self.stacks.aws)

    def fails(self, token: str, **how: Any) -> str:
        """Deploy what fails and is rolled back; return what the stack's events say."""
        deployed = self.stacks.begin(self.template(token, **how), NAME)
        with pytest.raises(StackFailedError) as failure:
            self.stacks.settle(deployed)
        assert self.stacks.status(NAME) == "UPDATE_ROLLBACK_COMPLETE"
        return str(failure.value)


@pytest.fixture(scope="module")
def deployments(stacks: Stacks, world: World) -> Deployments:
    for name, content in files(FILES).items():
        stacks.s3.put_object(Bucket=world.own_bucket, Key=f"deployed/{name}", Body=content)
    return Deployments(stacks, f"s3://{world.own_bucket}/deployed/")


@pytest.fixture(autouse=True)
def healthy(aws: RunningAws) -> Iterator[None]:
    yield
    aws.faults.clear()


def run_of(deployed: Deployed) -> str:
    """The name of the run that a stack tells."""
    return next(value for name, value in deployed.outputs.items() if "FirstName" in name)


def statuses(pipeline: Pipeline) -> dict[str, str]:
    """What there is of executions, by name."""
    found = pipeline.states.list_executions(stateMachineArn=pipeline.machine)["executions"]
    return {each["name"]: each["status"] for each in found}


def complete(pipeline: Pipeline) -> str:
    """Return the name of the deployed run when it has succeeded; each of its records has an answer."""
    name = run_of(pipeline.deployed)
    ended = pipeline.ended(f"{pipeline.machine.replace(':stateMachine:', ':execution:')}:{name}")
    assert ended["status"] == "SUCCEEDED", f"{ended.get('error')}: {ended.get('cause')}"
    assert pipeline.answered(name) == ids(FILES)
    return name


def of_run(pipeline: Pipeline, name: str = "") -> list[Mapping[str, Any]]:
    """The jobs of a run, by default of the deployed one, oldest first."""
    place = f"/results/{name or run_of(pipeline.deployed)}/"
    return [job for job in pipeline.jobs if place in f"{job['outputDataConfig']['s3OutputDataConfig']['s3Uri']}/"]


def held(aws: RunningAws, deployments: Deployments, token: str) -> Pipeline:
    """Deploy content whose jobs run and go on."""
    aws.faults.hold("InProgress", job_name="-r1-")
    pipeline = deployments.deploy(token)
    eventually(lambda: [job["status"] for job in of_run(pipeline)] == ["InProgress"] * FILES)
    return pipeline


def test_content_runs_once_however_often_it_is_deployed_or_asked_for(deployments: Deployments) -> None:
    pipeline = deployments.deploy("0")
    name = complete(pipeline)
    jobs = len(pipeline.jobs)
    # Another timeout is an update of the resource, and no other content.
    deployments.deploy("0", hours=48)
    deployments.deploy("other")
    other = complete(pipeline)
    assert other != name
    # Going back to what has succeeded pays for nothing.
    deployments.deploy("0")
    assert run_of(pipeline.deployed) == name
    assert statuses(pipeline) == {name: "SUCCEEDED", other: "SUCCEEDED"}
    assert len(pipeline.jobs) == jobs + FILES


def test_other_content_takes_the_place_of_a_run_that_goes_on(deployments: Deployments, aws: RunningAws) -> None:
    pipeline = held(aws, deployments, "superseded")
    first = run_of(pipeline.deployed)
    deployments.deploy("superseding")
    aws.faults.clear()
    complete(pipeline)
    assert statuses(pipeline)[first] == "ABORTED"
    assert [job["status"] for job in of_run(pipeline, first)] == ["Stopped"] * FILES


def test_a_deployment_that_is_rolled_back_goes_on_with_the_run_of_before(
    deployments: Deployments, aws: RunningAws
) -> None:
    """Paid again are the shards whose jobs had to be stopped; so are those of the other content, when that stays."""
    pipeline = held(aws, deployments, "kept")
    name, runs = run_of(pipeline.deployed), set(statuses(pipeline))
    deployments.fails("taken back", broken=True)
    assert run_of(pipeline.deployed) == name
    aws.faults.clear()
    complete(pipeline)
    assert [job["status"] for job in of_run(pipeline)] == ["Stopped"] * FILES + ["Completed"] * FILES
    (other,) = set(statuses(pipeline)) - runs
    assert statuses(pipeline)[other] == "ABORTED"
    deployments.deploy("taken back")
    assert complete(pipeline) == other


def test_a_deployment_says_that_another_run_goes_on(deployments: Deployments, aws: RunningAws) -> None:
    pipeline = deployments.deploy("0")
    complete(pipeline)
    aws.faults.hold("InProgress", job_name="-r1-")
    execution = pipeline.start("by-hand")
    eventually(lambda: [job for job in pipeline.jobs if job["status"] == "InProgress"])
    assert "the run by-hand of this pipeline goes on" in deployments.fails("too soon")
    assert pipeline.states.describe_execution(executionArn=execution)["status"] == "RUNNING"
    aws.faults.clear()
    assert pipeline.ended(execution)["status"] == "SUCCEEDED"


def test_a_stack_that_is_destroyed_leaves_no_job_running(deployments: Deployments, aws: RunningAws) -> None:
    pipeline = held(aws, deployments, "destroyed")
    jobs = [job["jobArn"] for job in of_run(pipeline)]
    deployments.stacks.destroy(pipeline.deployed)
    get = aws.client("bedrock").get_model_invocation_job
    assert {get(jobIdentifier=job)["status"] for job in jobs} <= {"Stopping", "Stopped"}
