"""The end of a job: noted once, and told to who waits."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from batch_inference_pipeline.ledger.attempt import Attempt, AttemptId, State
from batch_inference_pipeline.ledger.ledger import Ledger
from batch_inference_pipeline.machines import Machines
from model_invocation_job.arn import id_of
from model_invocation_job.jobs.jobs import Job

logger = logging.getLogger(__name__)

#: The state of a job that was not made any more; none of Bedrock's.
NONE = "NotMade"
#: Characters of what Bedrock says, which the state of an execution has room for many times over.
_LONGEST_MESSAGE = 2000


class Ending:
    """Notes ends, given the ledger and those who wait."""

    def __init__(self, ledger: Ledger, machines: Machines) -> None:
        self._ledger = ledger
        self._machines = machines

    def of_event(self, event: Mapping[str, Any]) -> None:
        """Note the end that an event of Bedrock's tells of; one of another pipeline's job is none."""
        told = event["detail"]
        which = AttemptId.of(told["batchJobName"])
        attempt = self._ledger.attempt(which) if which else None
        if attempt is None or attempt.id != which:
            logger.info("no job of this pipeline that somebody may wait for", extra={"jobArn": told.get("batchJobArn")})
            return
        attempt = replace(attempt, arn=told["batchJobArn"])
        self.of(attempt, told["status"], str(told.get("failureMessage") or ""))

    def of_job(self, attempt: Attempt, job: Job) -> None:
        """Note the end of a job that was seen to be over."""
        self.of(replace(attempt, arn=job.arn), job.status, job.message)

    def of(self, attempt: Attempt, status: str, message: str) -> None:
        """Note an end, and tell it."""
        self._ledger.end(attempt, status, message[:_LONGEST_MESSAGE])
        # Only now: whoever came to wait meanwhile is told, and whoever comes later sees the end.
        ended = self._ledger.attempt(attempt.id)
        # Somebody else may have told it, and the shard may have another job since: that one goes on.
        if ended and ended.id == attempt.id and ended.state is State.ENDED:
            self.tell(ended)

    def tell_of_none(self, task: str, which: AttemptId) -> None:
        """Let a task go on for which there will be no job."""
        self._machines.succeed(task, {"Arn": "", "Id": "", "Status": NONE, "Message": "", "Attempt": which.number})

    def tell(self, ended: Attempt) -> None:
        """Let the task that waits for an attempt go on."""
        job = {"Arn": ended.arn, "Id": id_of(ended.arn), "Status": ended.status, "Message": ended.message}
        self._machines.succeed(ended.task, {**job, "Attempt": ended.id.number})
        # Until here a look would find it, and tell it again.
        self._ledger.told(ended)
