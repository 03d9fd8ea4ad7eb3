"""Pipelines, found by the state machine that runs them; what one does is read from it and from its function."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.s3_uri import S3Uri
from bedrock_batch.jobs.arn import is_machine_arn, name_of_machine
from bedrock_batch.jobs.stack import called, stack_resources
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient

_RESOURCE_TYPE = "AWS::StepFunctions::StateMachine"
#: The step whose function knows where the records are, and what a job takes.
_SURVEY = "Survey"
_CONSTRUCT = "a BatchInferencePipeline"
_SUGGESTED = 5


class RunError(BedrockBatchError):
    """A pipeline or a run that is not there, or that cannot be what is asked of it; the message says why."""


@dataclass(frozen=True)
class Pipeline:
    """A `BatchInferencePipeline`, as its state machine and its function tell it.

    Attributes
    ----------
    arn : str
        Of the state machine.
    job_name_prefix : str
        How the names of all its jobs begin.
    job : mapping
        What its jobs have in common, by the names of CreateModelInvocationJob.
    limits : RecordLimits
        What a job takes.
    only_new : bool
        Whether a run takes only what the last one that succeeded has not seen.
    """

    arn: str
    job_name_prefix: str
    job: Mapping[str, Any]
    limits: RecordLimits
    only_new: bool = False

    @property
    def name(self) -> str:
        """The name of the state machine."""
        return name_of_machine(self.arn)

    @property
    def model(self) -> str:
        """The `modelId` of its jobs."""
        return str(self.job["modelId"])

    @property
    def input_uri(self) -> str:
        """Where a run finds the records: a prefix, or one object."""
        return str(self.job["inputDataConfig"]["s3InputDataConfig"]["s3Uri"])

    @property
    def output_uri(self) -> str:
        """Where everything of its runs is; ends in a slash."""
        return f"{str(self.job['outputDataConfig']['s3OutputDataConfig']['s3Uri']).rstrip('/')}/"

    def below_output(self, path: str) -> S3Uri:
        """Name a place of its output."""
        return S3Uri.parse(f"{self.output_uri}{path}")


def find_pipeline(states: Any, functions: LambdaClient, reference: str) -> Pipeline:  # noqa: ANN401 - boto3 makes its clients at run time
    """Find a pipeline.

    Parameters
    ----------
    states, functions
        Clients for ``stepfunctions`` and ``lambda``.
    reference : str
        The ARN of its state machine, or the name at the end of that.

    Raises
    ------
    RunError
        If there is no such state machine, or it is another kind of one.
    botocore.exceptions.ClientError
        If a service refuses to tell.
    """
    arn = reference if is_machine_arn(reference) else _by_name(states, reference)
    function = _function(_definition(states, arn))
    if function is None:
        raise RunError(f"state machine {arn} is no batch inference pipeline; name one that {_CONSTRUCT} has made")
    return _pipeline(functions, arn, function)


def pipeline_of_stack(
    states: Any,  # noqa: ANN401 - boto3 makes its clients at run time
    functions: LambdaClient,
    cloudformation: CloudFormationClient,
    stack: str,
    logical_id: str = "",
) -> Pipeline:
    """Find the pipeline of a stack, or of one nested in it.

    Parameters
    ----------
    states, functions, cloudformation
        Clients for ``stepfunctions``, ``lambda`` and ``cloudformation``.
    stack : str
        The name or ARN of a stack.
    logical_id : str
        The beginning of the logical id of its state machine, which for a construct of the CDK starts with the
        construct's id. Default: the stack has one pipeline.

    Raises
    ------
    RunError
        If that is none, or several.
    botocore.exceptions.ClientError
        If there is no such stack, or a service refuses to tell.
    """
    made = pipelines_of_stack(states, cloudformation, stack)
    found = called(made, logical_id) if logical_id else list(made)
    if len(found) != 1:
        which = f"{len(found)} pipelines" if found else "no pipeline"
        begins = f" whose logical id starts with {shortened(logical_id)}" if logical_id else ""
        hint = f"name one of {', '.join(sorted(made))}" if made else "name another stack"
        raise RunError(f"stack {shortened(stack, 128)} has {which}{begins}; {hint}")
    return _pipeline(functions, *made[found[0]])


def pipelines_of_stack(
    states: Any,  # noqa: ANN401 - as above
    cloudformation: CloudFormationClient,
    stack: str,
) -> dict[str, tuple[str, str]]:
    """Find the pipelines of a stack, and of those nested in it.

    Parameters
    ----------
    states, cloudformation, stack
        As in `pipeline_of_stack`.

    Returns
    -------
    dict of str to tuple of str
        The ARN of the state machine and the function of it that knows where the records are, by logical id.
    """
    machines = dict(stack_resources(cloudformation, stack, _RESOURCE_TYPE))
    # Others run steps of what waits for jobs.
    return {name: (arn, found) for name, arn in machines.items() if (found := _function(_definition(states, arn)))}


def _by_name(states: Any, name: str) -> str:  # noqa: ANN401 - as above
    pages = states.get_paginator("list_state_machines").paginate()
    machines = {str(each["name"]): str(each["stateMachineArn"]) for page in pages for each in page["stateMachines"]}
    if name not in machines:
        similar = [each for each in sorted(machines) if name in each]
        raise RunError(
            f"there is no state machine {shortened(name, 128)} in {states.meta.region_name}; {_hint(similar)}"
        )
    return machines[name]


def _hint(similar: Sequence[str]) -> str:
    if not similar:
        return "name a pipeline by its ARN or name, or take it from a stack with --stack NAME"
    return f"those with such a name: {', '.join(similar[:_SUGGESTED])}{', …' if len(similar) > _SUGGESTED else ''}"


def _definition(states: Any, arn: str) -> str:  # noqa: ANN401 - as above
    try:
        return str(states.describe_state_machine(stateMachineArn=arn)["definition"])
    except states.exceptions.StateMachineDoesNotExist:
        raise RunError(f"there is no state machine {shortened(arn, 200)}; name one that is there") from None


def _function(definition: str) -> str | None:
    """Return the function that knows where the records are; None if the definition is no pipeline's."""
    try:
        return str(json.loads(definition)["States"][_SURVEY]["Parameters"]["FunctionName"])
    except (KeyError, TypeError, ValueError):
        return None


def _pipeline(functions: LambdaClient, arn: str, function: str) -> Pipeline:
    told = functions.get_function_configuration(FunctionName=function)
    try:
        variables = told["Environment"]["Variables"]
        specification = json.loads(variables["SPECIFICATION"])
        limits = RecordLimits(**json.loads(variables["LIMITS"]))
        only_new = variables["ONLY_NEW"] == "true"
        return Pipeline(arn, specification["JobNamePrefix"], specification["Job"], limits, only_new)
    except (KeyError, TypeError, ValueError):
        raise RunError(
            f"the function {function} does not tell SPECIFICATION, LIMITS and ONLY_NEW as {_CONSTRUCT} writes them; "
            "deploy the pipeline again with the release of this command, or ask for the right to decrypt with the "
            "function's key"
        ) from None
