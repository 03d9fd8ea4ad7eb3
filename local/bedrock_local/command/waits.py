"""What stacks wait for while the CDK CLI deploys them: the jobs behind their wait conditions, and how far those are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from bedrock_local.command.follow import station
from bedrock_local.command.jobs import look
from bedrock_local.command.meanwhile import meanwhile
from bedrock_local.names.job_arn import is_job_arn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_cloudformation import CloudFormationClient
    from rich.console import Console

    from bedrock_local.command.jobs import Job

_LOOK_SECONDS = 1
_CONDITION = "AWS::CloudFormation::WaitCondition"
_WAITING = "CREATE_IN_PROGRESS"


@dataclass(frozen=True)
class Wait:
    """A stack that waits for a job.

    Attributes
    ----------
    stack : str
        Its name.
    job_arn : str
        The job.
    """

    stack: str
    job_arn: str


def shown(
    places: Sequence[tuple[BedrockClient, CloudFormationClient]], console: Console
) -> AbstractContextManager[None]:
    """Say, while the context lasts, what stacks wait for: a line for each change of status and each tenth.

    Parameters
    ----------
    places
        Clients of the local AWS, for each account and Region that has stacks to look at.
    console
        Where to say it, in whole lines: others write there, too.
    """
    last: dict[str, Job] = {}

    def show() -> None:
        for bedrock, cloudformation in places:
            with suppress(ClientError, BotoCoreError):
                _show(bedrock, waits(cloudformation), last, console)

    return meanwhile(show, _LOOK_SECONDS)


def waits(cloudformation: CloudFormationClient) -> Iterator[Wait]:
    """Go through the jobs of stacks that wait now; which of them a stack waits for, only its template says."""
    stacks = cloudformation.list_stacks(StackStatusFilter=["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"])
    for stack in stacks["StackSummaries"]:
        name = stack["StackName"]
        resources = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        if any(each["ResourceType"] == _CONDITION and each["ResourceStatus"] == _WAITING for each in resources):
            made = (each.get("PhysicalResourceId", "") for each in resources)
            yield from (Wait(name, each) for each in made if is_job_arn(each))


def _show(bedrock: BedrockClient, found: Iterator[Wait], last: dict[str, Job], console: Console) -> None:
    for wait in found:
        job = look(bedrock, wait.job_arn)
        if job.ended and wait.job_arn not in last:
            # It ended before this deployment.
            continue
        if wait.job_arn not in last or station(last[wait.job_arn]) != station(job):
            counts = f", {job.processed} of {job.total} records" if job.processed else ""
            line = f"{wait.stack} waits for {job.job_id}: {job.status}{counts}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        last[wait.job_arn] = job
