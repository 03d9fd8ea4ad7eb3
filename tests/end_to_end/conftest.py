"""A local AWS, the real CDK CLI in front of it, and a quicker way in beside it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from aws_cdk import App, AssetStaging, Stack

from bedrock_local.cdk.cli import LOOKS, CdkCli
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

from .assets import ASSETS
from .gallery import GALLERY, World
from .jobs import Jobs
from .names import claim
from .stacks import Deployed, Stacks

REPOSITORY = Path(__file__).parents[2]
CDK = REPOSITORY / "node_modules" / ".bin" / "cdk"
CLI_SECONDS = 180


def app(path: Path, **parameters: object) -> Callable[[Stack], object]:
    def build(stack: Stack) -> ModelInvocationJob:
        return ModelInvocationJob(
            stack,
            "Job",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_file(str(path)),
            **parameters,
        )

    return build


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    """Jobs live half a second and end at once in their results; `RunningAws.faults` holds those that must stay live.

    Policies may ask for the profile that a model is called through: whether batch inference tells it, nobody knows.
    """
    with LocalAws(
        model="echo",
        directory=tmp_path_factory.mktemp("local-aws"),
        speed=500,
        quotas={"jobs_per_model": 1000},
        behaviours={"role_propagation": 0, "inference_profile_key": "present"},
        admin=True,
    ) as running:
        yield running


@pytest.fixture(scope="session")
def bootstrapped(aws: RunningAws, tmp_path_factory: pytest.TempPathFactory) -> RunningAws:
    CdkCli(aws, tmp_path_factory.mktemp("bootstrap")).bootstrap()
    return aws


@pytest.fixture(scope="session")
def stacks(aws: RunningAws, tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    return Stacks(aws, tmp_path_factory.mktemp("stacks"))


@pytest.fixture(scope="session")
def keyed_stacks(aws: RunningAws, tmp_path_factory: pytest.TempPathFactory) -> Stacks:
    """Stacks of an account that was bootstrapped with a key whose policy trusts IAM alone."""
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    return Stacks(aws, tmp_path_factory.mktemp("keyed-stacks"), f"{ASSETS}-with-key", key)


@pytest.fixture(scope="session")
def jobs(aws: RunningAws) -> Jobs:
    return Jobs(aws)


@pytest.fixture(scope="session")
def world(aws: RunningAws, tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(aws, tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def gallery(stacks: Stacks, world: World) -> dict[str, Deployed]:
    """The stacks of `GALLERY`, deployed side by side."""
    templates = {name: stacks.synthesize(partial(build, world=world), name) for name, build in GALLERY.items()}
    with ThreadPoolExecutor() as threads:
        return dict(zip(templates, threads.map(stacks.put, templates.values(), templates), strict=True))


class Deployments:
    """Deploys stacks that are built in Python, through the CDK CLI."""

    def __init__(self, aws: RunningAws, folder: Path, seconds: float = CLI_SECONDS) -> None:
        self._aws, self._folder, self._seconds = aws, folder, seconds
        self.cloudformation, self._jobs = aws.client("cloudformation"), Jobs(aws)
        self.bedrock = self._jobs.bedrock

    def deploy(self, build: Callable[[Stack], object], *, name: str) -> str:
        """Deploy a stack of one name, and return what was printed."""
        return self.deploy_app(lambda app: build(Stack(app, name)), name=name)

    def deploy_app(self, build: Callable[[App], object], *, name: str, options: Sequence[str] = ()) -> str:
        """Deploy a stack of an app, or those that a pattern names, and return what was printed."""
        claim(self._aws, name)
        assembly = self._folder / "cdk.out"
        # The hash of a file is remembered by its path, for the life of the process: a user's lives for one synth.
        AssetStaging.clear_asset_hash_cache()
        app = App(outdir=str(assembly))
        build(app)
        app.synth()
        return self.run("deploy", "--require-approval", "never", "--app", str(assembly), *options, name)

    def destroy(self, name: str) -> str:
        return self.run("destroy", "--force", "--app", str(self._folder / "cdk.out"), name)

    def jobs(self, name: str) -> dict[str, str]:
        """The statuses of the stack's jobs by ARN, oldest first: jobs are named after their stack."""
        return self._jobs.statuses(f"{name}-")

    def job_arn(self, name: str) -> str:
        (stack,) = self.cloudformation.describe_stacks(StackName=name)["Stacks"]
        (output,) = stack["Outputs"]
        return str(output["OutputValue"])

    def resources(self, name: str, kind: str) -> dict[str, str]:
        """The physical ids of a stack's resources of a type by their logical ids."""
        resources = self.cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        found = (each for each in resources if each["ResourceType"] == kind)
        return {each["LogicalResourceId"]: str(each["PhysicalResourceId"]) for each in found}

    def run(self, *arguments: str) -> str:
        """Run the CDK CLI, and return what was printed."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {**self._aws.environment(), "PATH": path, "CDK_DISABLE_CLI_TELEMETRY": "true"}
        command = [str(CDK), *arguments, "--plugin", str(LOOKS), "--no-notices", "--ci"]
        done = subprocess.run(
            command,
            env=environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=self._seconds,
            check=False,
        )
        if done.returncode:
            raise DeploymentFailedError(done.stdout + done.stderr)
        return done.stdout + done.stderr


class DeploymentFailedError(Exception):
    """The CDK CLI ended with an error; the text is what it printed."""


@pytest.fixture
def deployments(bootstrapped: RunningAws, tmp_path: Path) -> Deployments:
    return Deployments(bootstrapped, tmp_path)
