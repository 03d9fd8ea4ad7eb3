"""Runs of a pipeline, each an execution of its state machine: found, begun and stopped."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.jobs.arn import execution_arn
from bedrock_batch.runs.pipeline import Pipeline, RunError
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from mypy_boto3_s3 import S3Client

    from bedrock_batch.files.s3_uri import S3Uri

#: What the pipeline takes for the name of a run, and Step Functions for that of an execution.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_GOES_ON = ("RUNNING", "PENDING_REDRIVE")
#: How an execution fails that has summed up.
_TOO_MANY_FAILURES = "TooManyFailuresError"
_SUGGESTED = 5
_STOP_POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Run:
    """A run of a pipeline, as DescribeExecution tells it.

    Attributes
    ----------
    pipeline : Pipeline
        The pipeline.
    details : mapping
        The members of the response, under the API's own names.
    """

    pipeline: Pipeline
    details: Mapping[str, Any]

    @property
    def arn(self) -> str:
        """The ARN of the execution."""
        return str(self.details["executionArn"])

    @property
    def name(self) -> str:
        """The name of the run: that of the execution, or of the one that it goes on with."""
        given = json.loads(self.details.get("input") or "{}")
        return str(given.get("Run", self.details["name"]) if isinstance(given, dict) else self.details["name"])

    @property
    def status(self) -> str:
        """The `status` of the execution."""
        return str(self.details["status"])

    @property
    def ended(self) -> bool:
        """Whether the execution is over."""
        return self.status not in _GOES_ON

    @property
    def is_summed_up(self) -> bool:
        """Whether it came to its end, so that there is a summary of its own."""
        return self.status == "SUCCEEDED" or self.details.get("error") == _TOO_MANY_FAILURES

    @property
    def cause(self) -> str:
        """Why it did not succeed: the error and its cause; empty if it did, or goes on."""
        return ": ".join(filter(None, (self.details.get("error"), self.details.get("cause"))))

    @property
    def started(self) -> datetime:
        """The `startDate`."""
        began: datetime = self.details["startDate"]
        return began

    @property
    def ended_at(self) -> datetime | None:
        """The `stopDate`; None before."""
        return self.details.get("stopDate")

    @property
    def results(self) -> S3Uri:
        """The folder in which each of its jobs has one."""
        return self.pipeline.below_output(f"results/{self.name}/")

    def own(self, path: str) -> S3Uri:
        """Name a place of what is the run's own."""
        return self.pipeline.below_output(f"runs/{self.name}/{path}")


def can_name_a_run(text: str) -> bool:
    """Say whether a run may have a name."""
    return _NAME.fullmatch(text) is not None


def get_run(states: Any, pipeline: Pipeline, name: str) -> Run:  # noqa: ANN401 - boto3 makes its clients at run time
    """Get a run by the name of its execution.

    Raises
    ------
    RunError
        If the pipeline has none of that name.
    botocore.exceptions.ClientError
        If Step Functions refuses to tell.
    """
    arn = execution_arn(pipeline.arn, name)
    try:
        details = dict(states.describe_execution(executionArn=arn))
    except (states.exceptions.ExecutionDoesNotExist, states.exceptions.InvalidArn):
        newest = states.list_executions(stateMachineArn=pipeline.arn, maxResults=_SUGGESTED)["executions"]
        there = f"; the newest are {', '.join(each['name'] for each in newest)}" if newest else "; it has none"
        raise RunError(f"pipeline {pipeline.name} has no run {shortened(name, 80)}{there}") from None
    del details["ResponseMetadata"]
    return Run(pipeline, details)


def start_run(states: Any, pipeline: Pipeline, name: str, *, resumed: str | None = None) -> Run:  # noqa: ANN401 - as above
    """Begin a run, or go on with one.

    Parameters
    ----------
    states
        Client for ``stepfunctions``.
    pipeline : Pipeline
        The pipeline.
    name : str
        Of the execution, and of the run that it begins.
    resumed : str
        The run to go on with. Default: another one begins.

    Raises
    ------
    RunError
        If the pipeline has had an execution of that name.
    botocore.exceptions.ClientError
        If Step Functions refuses.
    """
    given = json.dumps({"Run": resumed} if resumed else {})
    try:
        states.start_execution(stateMachineArn=pipeline.arn, name=name, input=given)
    except states.exceptions.ExecutionAlreadyExists:
        raise RunError(
            f"pipeline {pipeline.name} has had a run {shortened(name, 80)}; choose another --name, or go on with that "
            f"one: --resume {name}"
        ) from None
    return get_run(states, pipeline, name)


def require_begun(s3: S3Client, pipeline: Pipeline, name: str) -> None:
    """Refuse to go on with a run that has left nothing: a new one of that name would begin.

    Raises
    ------
    RunError
        If it has not.
    """
    place = pipeline.below_output(f"runs/{name}/")
    if not s3.list_objects_v2(Bucket=place.bucket, Prefix=place.key, MaxKeys=1).get("KeyCount"):
        raise RunError(f"pipeline {pipeline.name} has no run {shortened(name, 80)}: there is nothing in {place}")


def stop_run(
    states: Any,  # noqa: ANN401 - as above
    run: Run,
    *,
    wait: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Run:
    """Stop a run that goes on; the pipeline then stops its jobs. One that is over is left as it is.

    Parameters
    ----------
    states
        Client for ``stepfunctions``.
    run : Run
        The run.
    wait : bool
        Whether to return only when the execution is over. Default: it may still go on for a moment.
    sleep : callable
        Lets seconds pass. Default: `time.sleep`.

    Raises
    ------
    botocore.exceptions.ClientError
        If Step Functions refuses.
    """
    if run.ended:
        return run
    states.stop_execution(executionArn=run.arn, cause="stopped by bedrock-batch stop")
    now = get_run(states, run.pipeline, run.details["name"])
    while wait and not now.ended:
        sleep(_STOP_POLL_SECONDS)
        now = get_run(states, run.pipeline, run.details["name"])
    return now
