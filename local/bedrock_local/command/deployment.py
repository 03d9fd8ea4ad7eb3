"""Deploy an app to a local AWS and see its jobs through."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from rich.console import Console

from bedrock_batch.values import visible
from bedrock_local.cdk.cli import CdkCli
from bedrock_local.command.ending import show_end
from bedrock_local.command.follow import follow
from bedrock_local.command.going_on import going_on
from bedrock_local.command.jobs import all_arns, stack_arns, watch
from bedrock_local.command.notes import notes
from bedrock_local.command.output import clear, download
from bedrock_local.command.pipelines import pipelines
from bedrock_local.command.places import Clients
from bedrock_local.command.waits import shown
from bedrock_local.errors import DeploymentError
from bedrock_local.options import flag

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from pathlib import Path

    from bedrock_local.running import RunningAws

RESULTS = "results"


class MessageConsole(Console):
    """A console that no message of others speaks to, and that nobody may read any more.

    rich would pass control characters on, and end with 1, as a deployment does that fails.
    """

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401 - whatever rich prints
        """Print, with all that is text made visible; what rich draws has seen to that itself."""
        super().print(*(visible(each) if isinstance(each, str) else each for each in objects), **options)

    def on_broken_pipe(self) -> None:
        """End as others do whose output nobody reads."""
        raise BrokenPipeError


def deploy(aws: RunningAws, directory: Path, app: str | None, arguments: Sequence[str]) -> bool:
    """Deploy an app, follow its jobs to their end, copy their output and show the first results.

    Parameters
    ----------
    aws
        The local AWS.
    directory
        Where ``outputs.json``, ``results/`` and ``cdk.out/`` go.
    app
        Command that synthesizes the app. Default: the one in ``cdk.json`` of the working directory.
    arguments
        More arguments for ``cdk deploy``.

    Returns
    -------
    bool
        Whether every job is Completed with at least one successful record.

    Raises
    ------
    CdkNotFoundError
        If there is no CDK CLI.
    DeploymentError
        If the deployment fails.
    LocalAwsError
        If the results cannot be replaced by those of this deployment.
    """
    console = MessageConsole()
    # Not after a job has run for them.
    clear(directory / RESULTS)
    cdk = CdkCli(aws, directory)
    if not cdk.is_bootstrapped:
        console.print("preparing the local account (cdk bootstrap)")
    console.print("deploying (cdk deploy)")
    with going_on("synthesizing"):
        cdk.prepare(app, arguments)
    with notes(directory, partial(console.print, markup=False, highlight=False, soft_wrap=True)):
        before = _every_job(aws, cdk)
        outputs = _deploy(aws, cdk, app, arguments, console)
    # A job that was there before is the deployment's too, if a stack has it: nothing changed, so no other was made.
    arns = (_every_job(aws, cdk) - before) | _jobs_of_stacks(aws, cdk, outputs)
    labels = {value: f"{stack}.{name}" for stack, values in outputs.items() for name, value in values.items()}
    jobs = follow(watch(Clients(aws, "bedrock").of, arns), labels, console)
    folders = download(Clients(aws, "s3").of, jobs, directory / RESULTS) if jobs else {}
    _show_outputs(outputs, console)
    for job in jobs:
        show_end(job, labels.get(job.arn, job.name), folders[job.arn], console, is_new=job.arn not in before)
    if not jobs:
        _show_no_jobs(aws, cdk, outputs, console)
    return all(job.good for job in jobs)


def _deploy(
    aws: RunningAws, cdk: CdkCli, app: str | None, arguments: Sequence[str], console: Console
) -> dict[str, dict[str, str]]:
    with _heard(aws, cdk, console), _looked_into(aws):
        cdk.deploy(app, arguments)
    return cdk.outputs()


@contextmanager
def _looked_into(aws: RunningAws) -> Iterator[None]:
    """Say of a deployment that fails how it can be asked why, where all of it is about to go."""
    try:
        yield
    except DeploymentError as error:
        if not aws.exclusive:
            raise
        raise DeploymentError(
            f"{error}. With {flag('keep')} the local AWS stays, and bedrock-batch doctor can be asked"
        ) from None


@contextmanager
def _heard(aws: RunningAws, cdk: CdkCli, console: Console) -> Iterator[None]:
    if console.is_terminal and not cdk.is_quiet:
        # A CDK CLI that draws on the terminal draws alone.
        yield
        return
    places = [aws.at(place.region, place.account) for place in sorted(cdk.places, key=str)]
    clients = [(place.client("bedrock"), place.client("cloudformation")) for place in places]
    with shown(clients, console), going_on("deploying"):
        yield


def _every_job(aws: RunningAws, cdk: CdkCli) -> set[str]:
    clients = Clients(aws, "bedrock")
    return {arn for place in cdk.places for arn in all_arns(clients.at(place))}


def _jobs_of_stacks(aws: RunningAws, cdk: CdkCli, names: Container[str]) -> set[str]:
    clients = Clients(aws, "cloudformation")
    arns: set[str] = set()
    for stack in cdk.stacks:
        if stack.name in names:
            # Of several of one name, not every one may be there.
            with suppress(ClientError):
                arns |= stack_arns(clients.at(stack.place), [stack.name])
    return arns


def _show_no_jobs(aws: RunningAws, cdk: CdkCli, names: Container[str], console: Console) -> None:
    console.print("The deployment has no batch inference job.")
    for name in pipelines(aws, [stack for stack in cdk.stacks if stack.name in names]):
        kept = f", with {flag('keep')}" if aws.exclusive else ""
        console.print(
            f"A pipeline is ready{kept}; what begins a run: bedrock-batch run {name}", highlight=False, soft_wrap=True
        )


def _show_outputs(outputs: dict[str, dict[str, str]], console: Console) -> None:
    for stack, values in outputs.items():
        for name, value in values.items():
            console.print(f"{stack}.{name} = {value}", markup=False, highlight=False, soft_wrap=True)
