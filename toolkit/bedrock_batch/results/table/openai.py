"""Results as OpenAI's Batch API writes them: a line each, with a chat completion, vectors, or why there is neither.

https://platform.openai.com/docs/api-reference/batch/request-output; a request that was refused is as
https://github.com/openai/openai-openapi/issues/302 has it of a file of errors: a response whose body is the error.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, TextIO

from msgspec import MsgspecError, Raw, Struct
from msgspec.json import Decoder, Encoder

from bedrock_batch.results.batch import batch_of
from bedrock_batch.results.result import Result, ResultError
from bedrock_batch.results.table.bodies import bodies_of

_ENCODER = Encoder()
# From the word of a family, in small letters, to OpenAI's; whatever else ends an answer ends it.
_FINISH_REASONS = {
    "max_tokens": "length",
    "length": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "tool_calls": "tool_calls",
    "refusal": "content_filter",
    "content_filter": "content_filter",
    "content_filtered": "content_filter",
    "guardrail_intervened": "content_filter",
    "error_toxic": "content_filter",
}
_TOO_MANY, _INTERNAL = 429, 500


class _Own(Struct, gc=False):
    """What a body may say of itself."""

    id: Any = None
    created: Any = None
    model: Any = None


class _Call(Struct, gc=False):
    name: str | None
    arguments: Raw
    id: str | None = None


_OWN, _CALLS, _TEXT = Decoder(_Own), Decoder(list[_Call]), Decoder(str)


class OpenAiLines:
    """Lines of a file of OpenAI's, those of failed and missing records among the others.

    Parameters
    ----------
    file : text file
        Open for writing.
    models : mapping of str to str
        From the id of each job to its model, which is told where a response does not name one.
    """

    def __init__(self, file: TextIO, models: Mapping[str, str]) -> None:
        self._file, self._models = file, models

    def write(self, results: Iterable[Result]) -> None:
        """Write the next results, a line each."""
        batch = batch_of(results)
        bodies = bodies_of(batch.line, "modelOutput")
        lines = [self._line(result, body) for result, body in zip(batch, bodies, strict=True)]
        self._file.write(_ENCODER.encode_lines(lines).decode())

    def _line(self, result: Result, body: str | None) -> dict[str, Any]:
        key = blake2b(f"{result.job_id}\n{result.record_id}".encode("utf-8", "replace"), digest_size=12).hexdigest()
        response, error = None, None
        if result.error and result.error.code and not result.error.expired:
            response = _response(key, result.error.code, {"error": _refusal(result.error)})
        elif result.error:
            code = "batch_expired" if result.error.expired else "failed"
            error = {"code": code, "message": result.error.message}
        elif result.status == "missing":
            error = {"code": "missing", "message": "The output of the job has no result of this record."}
        else:
            answered = _vectors(result) if result.embeddings else _completion(result)
            response = _response(key, 200, answered | self._told(result, body, key))
        return {"id": f"batch_req_{key}", "custom_id": result.record_id, "response": response, "error": error}

    def _told(self, result: Result, body: str | None, key: str) -> dict[str, Any]:
        own = _own(body)
        model = own.model if isinstance(own.model, str) else self._models.get(result.job_id or "", "")
        if result.embeddings:
            return {"model": model}
        return {
            "id": own.id if isinstance(own.id, str) else f"chatcmpl-{key}",
            # Most families do not tell when they answered, and the job's output does not.
            "created": own.created if type(own.created) is int else 0,
            "model": model,
        }


def _response(key: str, status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {"status_code": status, "request_id": key, "body": body}


def _completion(result: Result) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": result.text, "refusal": None}
    if result.reasoning:
        message["reasoning_content"] = result.reasoning
    if result.tool_calls:
        message["tool_calls"] = _calls(result.tool_calls)
    reason = _FINISH_REASONS.get((result.stop_reason or "").lower(), "tool_calls" if result.tool_calls else "stop")
    completion: dict[str, Any] = {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}],
    }
    if result.input_tokens is not None and result.output_tokens is not None:
        completion["usage"] = {
            "prompt_tokens": result.input_tokens,
            "completion_tokens": result.output_tokens,
            "total_tokens": result.input_tokens + result.output_tokens,
        }
    return completion


def _calls(text: str) -> list[dict[str, Any]]:
    return [
        {
            "id": call.id or f"call_{number}",
            "type": "function",
            "function": {"name": call.name or "", "arguments": _arguments(call.arguments)},
        }
        for number, call in enumerate(_CALLS.decode(text))
    ]


def _arguments(found: Raw) -> str:
    """Give arguments as a text of JSON, as they stand; those that were a text of something else as that."""
    text = bytes(found)
    return _TEXT.decode(text) if text.startswith(b'"') else text.decode()


def _vectors(result: Result) -> dict[str, Any]:
    tokens = result.input_tokens or 0
    return {
        "object": "list",
        "data": [
            {"object": "embedding", "index": index, "embedding": vector}
            for index, vector in enumerate(result.embeddings or ())
        ],
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def _refusal(error: ResultError) -> dict[str, Any]:
    code = error.code or 0
    kind = "server_error" if code >= _INTERNAL else "rate_limit_error" if code == _TOO_MANY else "invalid_request_error"
    return {"message": error.message, "type": kind, "param": None, "code": None}


def _own(body: str | None) -> _Own:
    try:
        return _OWN.decode(body) if body else _Own()
    except (MsgspecError, UnicodeEncodeError, RecursionError):
        return _Own()
