"""The pipelines of a deployment: they make their jobs when they are run."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bedrock_batch import RunError, find_pipeline
from bedrock_batch.jobs.stack import stack_resources
from bedrock_local.command.places import Clients

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bedrock_local.cdk.assembly import AssembledStack
    from bedrock_local.running import RunningAws

_MACHINE = "AWS::StepFunctions::StateMachine"


def pipelines(aws: RunningAws, stacks: Iterable[AssembledStack]) -> Iterator[str]:
    """Name the pipelines of stacks as ``bedrock-batch run`` takes them.

    Parameters
    ----------
    aws
        The local AWS.
    stacks
        Stacks that are deployed.
    """
    formation, states, functions = (Clients(aws, name) for name in ("cloudformation", "stepfunctions", "lambda"))
    for stack in stacks:
        # Of several stacks of one name, not every one may be there.
        with suppress(ClientError):
            for _, arn in stack_resources(formation.at(stack.place), stack.name, _MACHINE):
                # Others run steps of what waits for jobs, or are the app's own.
                with suppress(RunError):
                    yield find_pipeline(states.at(stack.place), functions.at(stack.place), arn).name
