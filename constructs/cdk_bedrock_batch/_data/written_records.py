"""Records that are made in Python, written to a file of this package's own."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from aws_cdk import Stack
from constructs import Construct

from bedrock_batch import RecordLimits
from cdk_bedrock_batch._cdk.lasting import lasting
from cdk_bedrock_batch._data.local_input import LocalFiles
from cdk_bedrock_batch._data.records_check import check_records
from cdk_bedrock_batch.invocation_type import InvocationType


class WrittenRecords(LocalFiles):
    """Records from Python, in a temporary file that lives as long as this."""

    def __init__(self, records: Iterable[Mapping[str, Any]], limits: RecordLimits | None) -> None:
        if not isinstance(records, Iterable):
            # ValueError like every other refusal, so that a caller has one kind to catch.
            raise ValueError(f"'input_data' must be a list or generator of mappings, got {records!r}")  # noqa: TRY004 (see above)
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "records.jsonl"
        with path.open("wb") as file:
            file.writelines(_line(number, record) for number, record in enumerate(records))
        if not path.stat().st_size:
            raise ValueError("'input_data' must have at least one record, got none: see what makes them")
        super().__init__([path], limits)

    def check(self, stack: Stack, model_id: str, invocation_type: InvocationType | None) -> list[str]:  # noqa: ARG002 (goes wherever the stack is)
        """See `InputData.check`."""
        return check_records(self._paths, self._limits, model_id, invocation_type, written="the list of records")

    def _published(self, scope: Construct, path: Path) -> Path:
        """See `LocalFiles`: the temporary file may be gone by then."""
        return Path(lasting(scope, str(path)))


def _line(number: int, record: Mapping[str, Any]) -> bytes:
    if not isinstance(record, Mapping):
        # ValueError like every other refusal, so that a caller has one kind to catch.
        raise ValueError(  # noqa: TRY004 (see above)
            f"'input_data' must be mappings with 'recordId' and 'modelInput', got {record!r} as record {number}"
        )
    try:
        line = (json.dumps(dict(record), ensure_ascii=False, allow_nan=False) + "\n").encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"'input_data' must be text that UTF-8 can hold, but record {number} has half of a surrogate pair, "
            f"{error.object[error.start]!a}: replace it, as text.encode('utf-16', 'surrogatepass').decode('utf-16', "
            "'replace') does"
        ) from None
    except RecursionError:
        raise ValueError(
            f"'input_data' must be what JSON can hold, but record {number} nests its values too deeply: flatten it"
        ) from None
    except (TypeError, ValueError) as error:
        raise ValueError(f"'input_data' must be what JSON can hold, but record {number} is not: {error}") from None
    for key in _other_keys(record):
        # JSON would have it as a text, and perhaps twice.
        raise ValueError(
            f"'input_data' must be what JSON can hold, but record {number} has the key {key!r}: write keys as text"
        )
    return line


def _other_keys(value: object) -> Iterator[object]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            yield from (key for key in each if not isinstance(key, str))
            waiting += each.values()
        elif isinstance(each, list | tuple):
            waiting += each
