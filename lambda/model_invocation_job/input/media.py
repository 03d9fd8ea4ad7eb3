"""Records that name media by where they lie beside them; Bedrock wants the whole address.

Source: Bedrock user guide, "Format and upload your batch inference data", ``s3Location``.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from model_invocation_job.s3_uri import is_s3_uri

_FIELD = "s3Location"


def addressed(lines: Iterable[bytes], folder: str) -> Iterator[bytes]:
    """Yield the lines of a JSONL file, in which each relative ``s3Location`` has become one below a folder.

    Parameters
    ----------
    lines
        Of the file. One that names no media, or is no record, is yielded byte for byte.
    folder
        The S3 URI that the relative ones are relative to, with its last slash.
    """
    for line in lines:
        yield _addressed(line, folder) if _FIELD.encode() in line else line


def _addressed(line: bytes, folder: str) -> bytes:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        # Bedrock tells of it, in the record's own result.
        return line
    relative = list(_relative(record.get("modelInput"))) if isinstance(record, dict) else []
    for location in relative:
        location["uri"] = folder + location["uri"]
    return json.dumps(record).encode() + line[len(line.rstrip(b"\r\n")) :] if relative else line


def _relative(model_input: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 (decoded JSON)
    """Yield the locations whose URI is relative, at any depth."""
    found = [model_input]
    while found:
        value = found.pop()
        if isinstance(value, list):
            found += value
        elif isinstance(value, dict):
            found += value.values()
            location = value.get(_FIELD)
            if isinstance(location, dict) and _is_relative(location.get("uri")):
                yield location


def _is_relative(uri: object) -> bool:
    return isinstance(uri, str) and not is_s3_uri(uri)
