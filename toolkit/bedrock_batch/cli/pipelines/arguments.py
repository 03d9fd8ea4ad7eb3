"""Which pipeline or which of its runs a command is about."""

import argparse
from typing import TYPE_CHECKING, Any

from bedrock_batch.cli.session import client
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.jobs.arn import machine_and_name, region_of_machine
from bedrock_batch.runs.pipeline import find_pipeline, pipeline_of_stack
from bedrock_batch.runs.run import Run, get_run
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from bedrock_batch.runs.pipeline import Pipeline


def states(arguments: argparse.Namespace) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Make a client for Step Functions."""
    return client("stepfunctions", arguments)


def the_pipeline(arguments: argparse.Namespace, reference: str | None) -> "Pipeline":
    """Find the pipeline that is meant: of ``--stack``, by a logical id, or by the ARN or name of its state machine.

    Raises
    ------
    RunError
        If there is none, or several.
    """
    if arguments.stack:
        services = states(arguments), client("lambda", arguments), client("cloudformation", arguments)
        return pipeline_of_stack(*services, arguments.stack, reference or "")
    if not reference:
        raise BedrockBatchError(
            "no pipeline is named; name one by the ARN or name of its state machine, or take it from a stack with "
            "--stack NAME"
        )
    arguments.region = arguments.region or region_of_machine(reference)
    return find_pipeline(states(arguments), client("lambda", arguments), reference)


def the_run(arguments: argparse.Namespace) -> Run:
    """Find the run that ``--run`` means.

    Raises
    ------
    BedrockBatchError
        If it means none, or beside it stands what is for jobs.
    """
    if getattr(arguments, "retries", False):
        raise BedrockBatchError("a run asks again by itself what failed; leave --retries out")
    if arguments.stack:
        if len(arguments.jobs) > 1:
            raise BedrockBatchError("--run is about one pipeline of the stack; name one logical id")
        pipeline, name = the_pipeline(arguments, next(iter(arguments.jobs), None)), arguments.pipeline_run
    else:
        if arguments.jobs:
            raise BedrockBatchError("--run takes the place of a job; name one of the two")
        machine, name = _machine_and_name(arguments.pipeline_run)
        pipeline = the_pipeline(arguments, machine)
    return get_run(states(arguments), pipeline, name)


def _machine_and_name(reference: str) -> tuple[str, str]:
    if of_arn := machine_and_name(reference):
        return of_arn
    machine, _, name = reference.rpartition("/")
    if not (machine and name):
        raise BedrockBatchError(
            f"--run must be the ARN of an execution, PIPELINE/NAME, or with --stack the name alone, got "
            f"{shortened(reference, 200)}"
        )
    return machine, name
