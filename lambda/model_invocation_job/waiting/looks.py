"""Who wakes the function up to look at a wait, and the only file that knows boto3's Step Functions client.

An execution of the stack's state machine pauses, calls this function, and pauses again, until a look says that it is
over. It knows the key of the wait and nothing else.
"""

import hashlib
import json
from typing import Any, Protocol

from botocore.exceptions import ClientError

from model_invocation_job.arn import id_of
from model_invocation_job.jobs.refusals import code, sorted_out
from model_invocation_job.waiting.waits import Wait

_DIGITS = 40


class Looks(Protocol):
    """The looks to come."""

    def start(self, wait: Wait, seconds: int) -> None:
        """Have a wait looked at from so many seconds on, once however often it is asked for.

        Raises
        ------
        JobError
            It cannot be arranged.
        """
        ...


class StepFunctionsLooks:
    """Looks by a state machine, through a boto3 client of the service ``stepfunctions``."""

    def __init__(self, client: Any, machine: str, function: str) -> None:  # noqa: ANN401 (boto3's have no class)
        self._client = client
        self._machine = machine
        self._function = function

    def start(self, wait: Wait, seconds: int) -> None:
        """See `Looks.start`."""
        look = {"Job": wait.job, "Wait": wait.name}
        order = {"function": self._function, "look": look, "seconds": seconds, "over": False}
        with sorted_out("nobody can be asked to look at the job later"):
            try:
                self._client.start_execution(stateMachineArn=self._machine, name=name_of(wait), input=json.dumps(order))
            except ClientError as error:
                if code(error) != "ExecutionAlreadyExists":
                    raise


def name_of(wait: Wait) -> str:
    """Return the name of a wait's execution: the same each time, and another one for each later wait of the same key.

    Source: Step Functions API reference, StartExecution: 80 characters at most, and no name twice within 90 days.
    """
    digest = hashlib.sha256(json.dumps([wait.job, wait.name, wait.until]).encode()).hexdigest()
    return f"{id_of(wait.job)}-{digest[:_DIGITS]}"
