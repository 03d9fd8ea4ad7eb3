"""A stack with one job, through deployment after deployment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aws_cdk import Stack
from constructs import Construct

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import ModelInvocationJob

from .gallery import World, job
from .jobs import Jobs
from .stacks import Deployed, Stacks

Build = Callable[[Stack], object]


@dataclass
class Life:
    """The life of a stack with one job."""

    stacks: Stacks
    jobs: Jobs
    aws: RunningAws
    world: World
    name: str
    #: All that there have been, oldest first.
    arns: list[str] = field(default_factory=list)

    def deploy(self, build: Build | None = None, **parameters: Any) -> str:
        """Deploy the job, and return its ARN."""
        return self.arn_of(self.stacks.deploy(build or made(**parameters), self.name))

    def arn_of(self, deployed: Deployed) -> str:
        self.deployed = deployed
        found = list(deployed.jobs.values())
        for inner in (each for each in deployed.resources.values() if "::Stack" in each["ResourceType"]):
            found += Deployed(self.stacks, self.name, str(inner["PhysicalResourceId"])).jobs.values()
        (arn,) = found
        self.arns += [] if arn in self.arns else [arn]
        return arn

    def completed(self, build: Build | None = None, **parameters: Any) -> str:
        """Deploy the job, wait for its end, and return its ARN."""
        arn = self.deploy(build, **parameters)
        assert self.jobs.ended(arn)["status"] == "Completed"
        return arn

    def running(self, build: Build | None = None, **parameters: Any) -> str:
        """Deploy the job, and return its ARN when it runs."""
        arn = self.deploy(build, **parameters)
        assert self.jobs.in_status(arn, "InProgress")
        return arn

    def runs_on(self) -> Any:
        """Have the jobs run until the end of the block."""
        return self.aws.faults.hold("InProgress", job_name=f"{self.name}-")

    def is_stopped(self, arn: str) -> bool:
        return bool(self.jobs.ended(arn)["status"] == "Stopped")


def made(scope: Callable[[Stack], Construct] | None = None, id: str = "Job", **parameters: Any) -> Build:
    """Build a stack of a job; what is callable is made in the stack."""

    def build(stack: Stack) -> ModelInvocationJob:
        given = {
            name: value(stack) if callable(value) and not isinstance(value, type) else value
            for name, value in parameters.items()
        }
        return job(scope(stack) if scope else stack, id, **given)

    return build
