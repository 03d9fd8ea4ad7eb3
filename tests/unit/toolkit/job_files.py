"""The files of a job: the input that it had, and the output as the service writes it."""

import json
from pathlib import Path
from typing import Any

ERRORS = {
    "throttled": {"errorCode": 429, "errorMessage": "slow down"},
    "broken": {"errorCode": 500, "errorMessage": "sorry"},
    "told": {"errorCode": 400, "errorMessage": "again", "retryable": True},
    "expired": {"errorCode": 400, "errorMessage": "late", "expired": True, "retryable": False},
    "refused": {"errorCode": 400, "errorMessage": "no"},
}


def write(file: Path, *lines: dict[str, Any]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    return file


def record(record_id: str | None, text: str = "?") -> dict[str, Any]:
    body = {"modelInput": {"prompt": text, "max_gen_len": 1}}
    return body if record_id is None else {"recordId": record_id, **body}


def result(record_id: str, text: str = "?", error: str | None = None) -> dict[str, Any]:
    # The service writes the members of a body in an order of its own.
    line = {"recordId": record_id, "modelInput": {"max_gen_len": 1, "prompt": text}}
    return line | ({"error": ERRORS[error]} if error else {"modelOutput": {"generation": text}})
