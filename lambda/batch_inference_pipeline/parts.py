"""How the parts of the pipeline's functions are put together: each is made when it is needed first."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from batch_inference_pipeline.errors import IncompleteError, RefusedError
from batch_inference_pipeline.ledger.attempt import key_of
from batch_inference_pipeline.ledger.ledger import Ledger
from batch_inference_pipeline.ledger.table import DynamoDbLedger
from batch_inference_pipeline.machines import Machines, StepFunctions
from batch_inference_pipeline.running.ending import Ending
from batch_inference_pipeline.running.opening import Opening
from batch_inference_pipeline.running.quota import Fixed, OfAccount, Quota
from batch_inference_pipeline.running.specification import Specification
from batch_inference_pipeline.running.starting import Starting
from batch_inference_pipeline.running.watching import Watching
from model_invocation_job.clock import Clock
from model_invocation_job.jobs.jobs import BedrockJobs, Jobs

#: Instead of a number of jobs: as many as the account may have, less those of others.
OF_ACCOUNT = "account"


class RunningParts:
    """What the function for jobs is made of.

    Parameters
    ----------
    client
        Makes a boto3 client by the name of a service.
    clock
        The machine's.
    environment
        The function's variables.
    function
        The function's own ARN.
    """

    def __init__(
        self, client: Callable[[str], Any], clock: Clock, environment: Mapping[str, str], function: str
    ) -> None:
        self._client = client
        self._clock = clock
        self._environment = environment
        self._function = function

    @cached_property
    def pipeline(self) -> str:
        """What no other pipeline of the account and Region has: the name of its table."""
        return self._environment["LEDGER_TABLE"]

    @cached_property
    def opening(self) -> Opening:
        """The way to runs."""
        deadline = int(self._environment["DEADLINE_SECONDS"])
        return Opening(
            self.ledger, self.machines, self._clock, pipeline=self.pipeline, quota=self.quota, deadline=deadline
        )

    @cached_property
    def quota(self) -> Quota:
        """How many jobs may run at once."""
        told = self._environment["MAX_CONCURRENT_JOBS"]
        if told != OF_ACCOUNT:
            return Fixed(int(told))
        model, prefix = self._environment["BASE_MODEL"], self.specification.prefix
        return OfAccount(self._client("service-quotas"), self._client("bedrock"), self.jobs, model, prefix)

    @cached_property
    def specification(self) -> Specification:
        """What all jobs of the pipeline have in common."""
        return Specification.of(self._environment["SPECIFICATION"])

    @cached_property
    def starting(self) -> Starting:
        """The way to jobs."""
        return Starting(self.ledger, self.jobs, self.ending, self.specification, self._clock)

    @cached_property
    def ending(self) -> Ending:
        """The way to who waits for jobs."""
        return Ending(self.ledger, self.machines)

    @cached_property
    def watching(self) -> Watching:
        """The way to what was not told."""
        return Watching(self.ledger, self.jobs, self.machines, self.ending, self._clock, quota=self.quota)

    @cached_property
    def ledger(self) -> Ledger:
        """The pipeline's memory."""
        concurrent = self._environment["CONCURRENT_RUNS"] == "true"
        return DynamoDbLedger(self._client("dynamodb"), self.pipeline, self._clock.sleep, concurrent=concurrent)

    @cached_property
    def jobs(self) -> Jobs:
        """Bedrock's jobs."""
        return BedrockJobs(self._client("bedrock"))

    @cached_property
    def machines(self) -> Machines:
        """The pipeline's executions."""
        return StepFunctions(self._client("stepfunctions"), self._environment["LOOKS_STATE_MACHINE"], self._function)

    def key_of(self, run: str) -> str:
        """Return the key of a run of this pipeline, by its name."""
        return key_of(self.pipeline, run)

    def why(self, key: str, error: Mapping[str, Any]) -> dict[str, str]:
        """Return an execution's error and its cause, in a sentence.

        Parameters
        ----------
        key
            Of the run.
        error
            As Step Functions tells it. Its ``Cause`` is JSON where a function failed; where shards have come to
            nothing, the refusals of their jobs say why.
        """
        refusals = self.ledger.refusals(key)
        if error["Error"] == IncompleteError.__name__ and refusals:
            return {"Error": RefusedError.__name__, "Cause": refusals[0]}
        return {"Error": error["Error"], "Cause": sentence(error["Cause"])}


def sentence(cause: str) -> str:
    """Return what a function said of its failure, or what Step Functions says."""
    try:
        told = json.loads(cause)
    except ValueError:
        return cause
    return str(told.get("errorMessage", cause)) if isinstance(told, Mapping) else cause
