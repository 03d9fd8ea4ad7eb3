"""A record to its outcome: the model is asked, and no failure of one record is the job's."""

import logging
from collections.abc import Callable

from bedrock_local.bedrock.data.record import Outcome, Record
from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families import family_of
from bedrock_local.bedrock.models.invocation import RefusedError

_LOG = logging.getLogger(__name__)
_INTERNAL_ERROR = 500

Inference = Callable[[Record], Outcome]


def _nothing(_record: Record) -> None:
    """Require nothing."""


def inference(
    backend: Backend, model_id: str, invocation_type: str, require: Callable[[Record], None] = _nothing
) -> Inference:
    """Make the function that answers the records of a job.

    Parameters
    ----------
    backend
        The model that answers.
    model_id
        The foundation model that it stands in for: its bodies are used.
    invocation_type
        ``InvokeModel`` or ``Converse``.
    require
        Refuses a record before a model sees it. Default: none.

    Returns
    -------
    Inference
        Never raises: what the model refuses, and what breaks, becomes an error line.
    """
    family = family_of(model_id, invocation_type)

    def answer(record: Record) -> Outcome:
        try:
            require(record)
            said = family(record.model_input, backend, model_id)
        except RefusedError as refusal:
            return failed(record, refusal.code, refusal.message, retryable=False)
        except Exception as error:  # noqa: BLE001 -- a model may break in any way, and the other records go on
            # The type only: its text may quote the prompt.
            _LOG.warning("record %s: the model failed with %s", record.record_id, type(error).__name__)
            return failed(record, _INTERNAL_ERROR, "The model failed to answer. Try again.", retryable=True)
        return Outcome(record, "modelOutput", said.body, said.input_tokens, said.output_tokens)

    return answer


def failed(record: Record, code: int, message: str, *, retryable: bool) -> Outcome:
    """Return the outcome of a record that the model does not answer.

    Parameters
    ----------
    record
        The record.
    code, message
        ``errorCode`` and ``errorMessage`` of the output line.
    retryable
        Whether another try may succeed, as real lines say beside them.

    Returns
    -------
    Outcome
        An error.
    """
    error = {"errorCode": code, "errorMessage": message, "expired": False, "retryable": retryable}
    return Outcome(record, "error", error)
