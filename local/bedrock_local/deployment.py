"""Deploy an app to a local AWS and see its jobs through."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from rich.console import Console

from bedrock_batch import ResultsError
from bedrock_local.cdk import CdkCli
from bedrock_local.follow import follow
from bedrock_local.jobs import all_arns, stack_arns, watch
from bedrock_local.output import download
from bedrock_local.results_table import results_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bedrock_local.jobs import Job
    from bedrock_local.running import RunningAws

RESULTS = "results"


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
    """
    console = Console()
    shutil.rmtree(directory / RESULTS, ignore_errors=True)
    arns, outputs = _deploy(aws, CdkCli(aws, directory), app, arguments)
    jobs = follow(watch(aws.client("bedrock"), arns), console)
    folders = download(aws.client("s3"), jobs, directory / RESULTS) if jobs else {}
    _show_outputs(outputs, console)
    for job in jobs:
        _show_end(job, folders[job.arn], console)
    if not jobs:
        console.print("The deployment has no batch inference job.")
    return all(job.good for job in jobs)


def _deploy(
    aws: RunningAws, cdk: CdkCli, app: str | None, arguments: Sequence[str]
) -> tuple[set[str], dict[str, dict[str, str]]]:
    cdk.bootstrap()
    bedrock = aws.client("bedrock")
    before = all_arns(bedrock)
    cdk.deploy(app, arguments)
    outputs = cdk.outputs()
    # A job that was there before is the deployment's too, if a stack has it: nothing changed, so no other was made.
    return (all_arns(bedrock) - before) | stack_arns(aws.client("cloudformation"), outputs), outputs


def _show_outputs(outputs: dict[str, dict[str, str]], console: Console) -> None:
    for stack, values in outputs.items():
        for name, value in values.items():
            console.print(f"{stack}.{name} = {value}", markup=False, highlight=False, soft_wrap=True)


def _show_end(job: Job, folder: Path, console: Console) -> None:
    counts = f"{job.succeeded} of {job.total} records succeeded"
    console.print(f"{job.arn} {job.status}: {job.message or counts}", markup=False, highlight=False, soft_wrap=True)
    if not job.total:
        # It ended before it had read its input, and has written nothing.
        return
    try:
        console.print(results_table(folder))
    except ResultsError as error:
        console.print(str(error), markup=False, highlight=False, soft_wrap=True)
    else:
        console.print(f"All results are in {folder}", markup=False, highlight=False, soft_wrap=True)
