"""A plan is what happens: each deployment is planned, done, and held against its plan."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Duration, NestedStack, Stack, Tags
from aws_cdk import aws_s3 as s3

from bedrock_batch import Plan, plan_deployment
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchModel, InputData, OutputData, WaitUntil
from tests.toolkit_cli.command import bedrock_batch

from .conftest import REPOSITORY
from .gallery import World, job, records
from .jobs import Jobs
from .life import Build, made
from .pipelines import Pipeline, files
from .pipelines import build as pipeline
from .stacks import Deployed, StackFailedError, Stacks, Template, new_stack
from .waits import eventually

PRO = BatchModel.foundation_model("amazon.nova-pro-v1:0")
OTHER = InputData.from_records(records(text="Say goodbye"))


@dataclass
class Deployments:
    """Deployments of an app whose stacks have names that begin alike, each after its plan."""

    stacks: Stacks
    jobs: Jobs
    name: str
    templates: dict[str, Template] = field(default_factory=dict)
    deployed: dict[str, Deployed] = field(default_factory=dict)
    folder: str = ""

    def plan(self, *builds: Build, **options: Any) -> Plan:
        """Synthesize stacks, the first called like this and the next ones with numbers, and plan."""

        def build(app: App) -> None:
            for number, each in enumerate(builds):
                each(new_stack(app, f"{self.name}{number or ''}", self.stacks.assets))

        assembly = self.stacks.assemble(build)
        self.folder = assembly.directory
        self.templates = {stack.stack_name: stack.template for stack in assembly.stacks}
        return plan_deployment(assembly.directory, lambda service, _: self.stacks.aws.client(service), **options)

    def deploy(self, *builds: Build, **parameters: str) -> list[str]:
        """Deploy as planned; return what the plan says is done to each job."""
        plan = self.plan(*builds, parameters=parameters)
        with self.held_against(plan):
            given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
            changes = self.put(Parameters=given)
            assert changes or all(job.action == "nothing" for job in plan.jobs)
        return [job.action for job in plan.jobs]

    def put(self, **options: Any) -> bool:
        """Deploy what was planned last; return whether anything of it changes."""
        changes = [self._put(template, name, **options) for name, template in self.templates.items()]
        return any(changes)

    @contextmanager
    def held_against(self, plan: Plan) -> Iterator[None]:
        """See that as many jobs are made, and those are stopped, as a plan says."""
        before = self._statuses()
        yield
        after = self._statuses()
        assert len(after) - len(before) == len([job for job in plan.jobs if job.is_paid]), plan
        stopped = {
            arn for arn, status in after.items() if status in ("Stopping", "Stopped") and before.get(arn) != status
        }
        assert stopped == {job.before.arn for job in plan.jobs if job.is_stopped and job.before}, plan

    def _put(self, template: Template, name: str, **options: Any) -> bool:
        try:
            self.deployed[name] = self.stacks.begin(template, name, **options)
        except self.stacks.cloudformation.exceptions.ClientError as error:
            if "No updates" not in str(error):
                raise
            return False
        self.stacks.settle(self.deployed[name])
        return True

    def _statuses(self) -> dict[str, str]:
        return self.jobs.statuses(self.name)

    def settle(self) -> None:
        """Return when all jobs have ended."""
        for arn in self._statuses():
            self.jobs.ended(arn)


def tagged(stack: Stack) -> None:
    Tags.of(job(stack, "Job")).add("cost-centre", "research")


def beside(stack: Stack) -> None:
    job(stack, "Job", run_token="3")
    s3.Bucket(stack, "Unrelated")


def test_while_a_job_runs_the_plan_tells_a_tag_from_a_paid_run(stacks: Stacks, jobs: Jobs, aws: RunningAws) -> None:
    deployments = Deployments(stacks, jobs, "PlanRunning")
    table: list[tuple[Build, list[str]]] = [
        (made(), ["runs"]),
        (made(), ["nothing"]),
        (tagged, ["in place"]),
        (made(job_name="another"), ["in place"]),
        (made(input_data=OTHER), ["runs"]),
        (made(input_data=OTHER, timeout=Duration.hours(48)), ["runs"]),
        (made(run_token="3"), ["runs"]),
        (beside, ["nothing"]),
        (made(id="Renamed", run_token="3"), ["runs", "stopped"]),
        (made(id="Renamed", run_token="3", stop_on_delete=False), ["in place"]),
        (made(id="Again", run_token="3"), ["runs", "goes"]),
        # The job of before is stopped as it was deployed.
        (made(id="Again", run_token="4", stop_on_delete=False), ["runs"]),
    ]
    with aws.faults.hold("InProgress", job_name=deployments.name):
        for build, expected in table:
            assert deployments.deploy(build) == expected


def test_what_is_paid_already_is_not_planned_to_be_paid_again(stacks: Stacks, jobs: Jobs) -> None:
    deployments = Deployments(stacks, jobs, "PlanDone")
    table: list[tuple[Build, list[str]]] = [
        (made(), ["runs"]),
        (made(timeout=Duration.hours(48)), ["in place"]),
        (made(model=PRO), ["runs"]),
        (made(), ["adopted"]),
        (made(id="Renamed"), ["runs", "goes"]),
        (made(), ["adopted", "goes"]),
    ]
    for build, expected in table:
        assert deployments.deploy(build) == expected
        deployments.settle()
    (job,) = deployments.plan(made(), destroy=True).jobs
    assert (job.action, job.before_is) == ("goes", "over")
    stacks.destroy(deployments.deployed[deployments.name])
    assert deployments.deploy(made()) == ["runs"]


def test_what_moves_to_another_stack_is_planned_to_be_stopped_and_paid_again(
    stacks: Stacks, jobs: Jobs, aws: RunningAws
) -> None:
    deployments = Deployments(stacks, jobs, "PlanMoved")
    with aws.faults.hold("InProgress", job_name=deployments.name):
        other = {"id": "Other", "input_data": OTHER}
        assert deployments.deploy(made(), made(**other)) == ["runs", "runs"]
        plan = deployments.plan(made(**other), made())
        assert [each.action for each in plan.jobs] == ["runs", "stopped", "runs", "stopped"]
        first, _, second, _ = plan.jobs
        assert first.reason.startswith("its resource is new; it reads what PlanMoved1/Other")
        assert second.reason.startswith("its resource is new; it reads what PlanMoved/Job")


def test_a_deployment_that_was_rolled_back_is_planned_from_where_it_is(
    stacks: Stacks, jobs: Jobs, world: World
) -> None:
    deployments = Deployments(stacks, jobs, "PlanRolledBack")
    nothing = InputData.from_uri(f"s3://{world.own_bucket}/nothing/here.jsonl")
    failing = made(input_data=nothing, wait_until=WaitUntil.VALIDATED)
    with pytest.raises(StackFailedError):
        stacks.deploy(failing, deployments.name)
    (planned,) = deployments.plan(made()).jobs
    assert planned.action == "runs"
    # As the CDK CLI does.
    stacks.cloudformation.delete_stack(StackName=deployments.name)
    assert deployments.deploy(made()) == ["runs"]
    with pytest.raises(StackFailedError):
        stacks.deploy(failing, deployments.name)
    assert deployments.deploy(made()) == ["nothing"]
    # It has failed before, and would be asked for once more.
    (planned,) = deployments.plan(failing).jobs
    assert planned.action == "runs"


def with_parameter(stack: Stack) -> None:
    parameter = CfnParameter(stack, "Folder", default="one")
    job(stack, "Job", output_data=OutputData.to_uri(f"s3://results-of-plans/{parameter.value_as_string}/"))


def is_running(status: str) -> bool:
    return status == "InProgress"


def test_a_parameter_is_what_it_was_unless_it_is_given(stacks: Stacks, jobs: Jobs, aws: RunningAws) -> None:
    deployments = Deployments(stacks, jobs, "PlanParameter")
    stacks.s3.create_bucket(Bucket="results-of-plans")
    with aws.faults.hold("InProgress", job_name=deployments.name):
        assert deployments.deploy(with_parameter) == ["runs"]
        assert deployments.deploy(with_parameter, Folder="one") == ["nothing"]
        assert deployments.deploy(with_parameter, Folder="two") == ["runs"]
        (planned,) = deployments.plan(with_parameter).jobs
        assert planned.action == "nothing"
        # The first one was stopped.
        (arn,) = eventually(lambda: [arn for arn, said in jobs.statuses(deployments.name).items() if is_running(said)])
        command = ["plan", deployments.folder, "--detailed-exitcode", "--input-price", "0.03", "--output-price", "0.12"]
        settings = {**aws.settings(), **user(aws)}
        quiet, loud = (
            bedrock_batch(*command, "--parameters", f"Folder={folder}", **settings) for folder in ("two", "three")
        )
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert quiet.stdout.splitlines()[-1] == "1 is unchanged"
    assert loud.returncode == 3
    named, changed, before, amount, cost, totals = loud.stdout.splitlines()
    assert named.split() == ["PlanParameter/JobB9D00F9F", "runs", "and", "is", "paid"]
    assert changed.strip() == "output_data …/two -> …/three"
    assert before.strip() == f"job {arn.rpartition('/')[2]} (InProgress) is stopped; what it has done is paid"
    assert amount.strip().startswith("100 records, ")
    assert cost.strip().endswith("(0.03 USD in, 0.12 USD out for a million tokens)")
    assert totals.startswith("1 job runs and is paid: 100 records, ")


def user(aws: RunningAws) -> dict[str, str]:
    """Make a user who may do what the page says that a plan needs; return what it has in its environment."""
    page = (REPOSITORY / "docs" / "plan.md").read_text(encoding="utf-8")
    actions = re.findall(r"`((?:sts|cloudformation|bedrock|states|s3):\w+)`", page.partition("## What it may do")[2])
    assert len(actions) > 8
    iam, name = aws.client("iam"), "planner"
    iam.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="plan", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


def in_nested(run_token: str) -> Build:
    def build(stack: Stack) -> None:
        bucket = s3.Bucket(stack, "Results")
        first = job(
            NestedStack(stack, "Inner"),
            "First",
            run_token=run_token,
            output_data=OutputData.to_bucket(bucket, "first/"),
        )
        there = InputData.from_bucket(bucket, f"first/{first.job_id}/")
        job(NestedStack(stack, "Later"), "Second", input_data=there)

    return build


def test_a_job_that_reads_what_another_stack_writes_runs_when_that_one_does(
    stacks: Stacks, jobs: Jobs, aws: RunningAws
) -> None:
    deployments = Deployments(stacks, jobs, "PlanNested")
    with aws.faults.hold("InProgress", job_name=deployments.name):
        assert deployments.deploy(in_nested("1")) == ["runs", "runs"]
        assert deployments.deploy(in_nested("1")) == ["nothing", "nothing"]
        assert deployments.deploy(in_nested("2")) == ["runs", "runs"]


def running(source: InputData, token: str) -> Build:
    return lambda stack: pipeline(stack, input_data=source).on_deploy("First", run_token=token)


def test_a_run_of_a_pipeline_begins_when_it_is_planned_to(
    stacks: Stacks, jobs: Jobs, world: World, aws: RunningAws
) -> None:
    deployments, runs = Deployments(stacks, jobs, "PlanPipeline"), 0
    for name, content in files(1).items():
        stacks.s3.put_object(Bucket=world.own_bucket, Key=f"planned/{name}", Body=content)
    source = InputData.from_uri(f"s3://{world.own_bucket}/planned/")
    for token, action in (("1", "runs"), ("1", "nothing"), ("2", "runs"), ("1", "adopted")):
        (planned,) = deployments.plan(running(source, token)).jobs
        assert (planned.is_run, planned.action) == (True, action)
        deployments.put()
        deployed = Pipeline(deployments.deployed[deployments.name], aws)
        executions = deployed.states.list_executions(stateMachineArn=deployed.machine)["executions"]
        runs += action == "runs"
        assert len(executions) == runs
        assert {deployed.ended(each["executionArn"])["status"] for each in executions} == {"SUCCEEDED"}
