"""The results of a job: what the model answered to each record."""

from typing import Any, Literal

from msgspec import Struct

from bedrock_batch.records.lines import parse_object

Status = Literal["succeeded", "failed", "missing"]

_TOO_MANY_REQUESTS = 429
_INTERNAL_ERROR = 500


class ResultError(Struct, frozen=True):
    """Why a record has no output.

    Attributes
    ----------
    code : int or None
        The service's `errorCode`: an HTTP status. None if it is no number, and then the message begins with it.
    message : str
        The service's `errorMessage`.
    retryable : bool
        The service's `retryable`; False where it says nothing.
    expired : bool
        The service's `expired`: the job ended before the record's turn; False where it says nothing.
    """

    code: int | None
    message: str
    retryable: bool = False
    expired: bool = False

    @property
    def is_worth_a_retry(self) -> bool:
        """Whether the same record may succeed in another job: throttled, failed inside the service, or out of time."""
        code = self.code or 0
        return self.retryable or self.expired or code == _TOO_MANY_REQUESTS or code >= _INTERNAL_ERROR

    def __str__(self) -> str:
        return self.message if self.code is None else f"{self.code}: {self.message}"


class Result(Struct, gc=False):
    """What became of one record.

    Attributes
    ----------
    record_id : str or None
        The record's `recordId`, or the one that the service gave it. The order of results is not that of the records.
        None for a missing record, or an odd line, that has none.
    status : {"succeeded", "failed", "missing"} or None
        ``missing`` if the input has the record and the output does not, as `JoinedResults` tells. None only in a
        `TableJoin`, of a row without a result.
    line : bytes
        The line of the output, or of the input for a missing record; `model_input` and `model_output` are read from it.
        Empty where it was not to be kept.
    text : str or None
        The answer in the response body, its parts joined; None if it has none, as with embeddings.
    reasoning : str or None
        What the model thought before it answered, apart from the answer; None if the response body does not say.
    tool_calls : str or None
        The tools that the model asks for, as JSON: a list of objects with `id` (null in families that have none),
        `name` and `arguments`, these as they stand in the output. None if there are none.
    structured_output : str or None
        The answer as JSON, if the request asked for JSON and the answer is JSON. None for others, such as one that was
        cut off. `json.loads` reads it, and `tool_calls`.
    embeddings : list of list of float, or None
        A vector for each text that was embedded: Amazon Titan has one, Cohere as many as the record has texts.
    stop_reason : str or None
        Why the model stopped, in the family's own word, such as ``end_turn`` or ``length``; None if it does not say.
    input_tokens, output_tokens : int or None
        Tokens read and written; None if the response body does not say.
    latency_ms : int or None
        Milliseconds that the model took; None if the response body does not say, as with most families.
    error : ResultError or None
        Why the record failed; None if it did not.
    input_file : str or None
        The file of the input that has the record; None until it is looked for, or if there is none.
    input_line : int or None
        Its line there, from 1; None as for `input_file`.
    job_id : str or None
        The id of the job; None for copies of its files.
    """

    record_id: str | None
    status: Status
    line: bytes
    text: str | None = None
    reasoning: str | None = None
    tool_calls: str | None = None
    structured_output: str | None = None
    embeddings: list[list[float]] | None = None
    stop_reason: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    latency_ms: int | None = None
    error: ResultError | None = None
    input_file: str | None = None
    input_line: int | None = None
    job_id: str | None = None

    @property
    def model_input(self) -> dict[str, Any]:
        """The request body."""
        return self._member("modelInput") or {}

    @property
    def model_output(self) -> dict[str, Any] | None:
        """The response body, in the shape of the model's family; None if there is none."""
        return self._member("modelOutput")

    def _member(self, name: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = parse_object(self.line).get(name)  # type: ignore[assignment]  # read before
        return found
