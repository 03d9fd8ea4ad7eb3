"""One record asked on demand, with patience, and its line as a job would have written it."""

import json
from collections.abc import Mapping
from random import uniform
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from batch_inference_pipeline.collecting.answer import Failure, Verdict
from batch_inference_pipeline.collecting.records import Record, read_record
from batch_inference_pipeline.demand.model import Model, Said
from batch_inference_pipeline.demand.progress import Answered
from batch_inference_pipeline.demand.refusals import TOO_MANY_REQUESTS, failure_of
from model_invocation_job.clock import Deadline, pauses

#: How often a record is asked that the service fails to answer; one that is throttled is asked to the deadline.
_TRIES = 5
_OUT_OF_TIME = Failure(408, "The time for questions was over before the record's turn", retryable=True, expired=True)
_NOT_JSON = Failure(502, "The model's answer is not JSON", retryable=True)


class Answering:
    """Asks records one at a time; several threads may.

    Parameters
    ----------
    model
        The model.
    """

    def __init__(self, model: Model) -> None:
        self._model = model

    def answer(self, number: int, line: bytes, deadline: Deadline) -> Answered:
        """Return the line of a record, whatever became of it.

        Parameters
        ----------
        number, line
            The record's number and line in its task.
        deadline
            When it is not asked any more.

        Raises
        ------
        RefusedError
            No record can be asked.
        """
        record = read_record(line)
        said = self._said(record, deadline)
        member = {"error": said.as_json()} if isinstance(said, Failure) else {"modelOutput": said.output}
        written = _encoded({"modelInput": record.model_input, **member, "recordId": record.id})
        return Answered(number, written, {} if isinstance(said, Failure) else said.tokens)

    def _said(self, record: Record, deadline: Deadline) -> Said | Failure:
        failure = _OUT_OF_TIME
        for tries, pause in enumerate(pauses(), 1):
            if deadline.left <= 0:
                return failure
            try:
                return self._model.ask(record.model_input)
            except (ClientError, BotoCoreError) as error:
                failure = failure_of(error)
            except ValueError:
                failure = _NOT_JSON
            is_over = tries >= _TRIES and failure.code != TOO_MANY_REQUESTS
            # By chance, so that those that were throttled together do not come again together.
            if failure.verdict is Verdict.FAILED or is_over or not deadline.pause(uniform(0, pause)):  # noqa: S311 (no secret)
                return failure
        raise AssertionError  # the pauses never end


def _encoded(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        # Half a character is valid JSON, but has no UTF-8: only such a line is written in ASCII.
        return json.dumps(content).encode() + b"\n"
