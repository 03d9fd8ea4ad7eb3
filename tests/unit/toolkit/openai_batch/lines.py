"""Lines of OpenAI's Batch API, and what becomes of them."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from bedrock_batch import ConversionReport, convert

from ..bodies.models import HAIKU

USER = {"role": "user", "content": "Hi"}
CHAT, EMBEDDINGS = "/v1/chat/completions", "/v1/embeddings"


def line(custom_id: str = "r1", *, url: str = CHAT, **body: Any) -> dict[str, Any]:
    """A line, of one message if no other are given."""
    body = body if url == EMBEDDINGS else {"messages": [USER], **body}
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": {"model": "gpt-4o-mini", **body}}


class Converted(NamedTuple):
    """What became of a file."""

    report: ConversionReport
    records: list[dict[str, Any]]

    @property
    def body(self) -> dict[str, Any]:
        """The body of the only record."""
        assert self.report.ok, str(self.report)
        (record,) = self.records
        found: dict[str, Any] = record["modelInput"]
        return found

    @property
    def lost(self) -> dict[str, int]:
        """What was lost, and of how many records."""
        return {loss.name: loss.records for loss in self.report.losses}

    @property
    def problem(self) -> str:
        """The only problem, without the folder of the file."""
        (problem,) = self.report.problems
        assert self.report.hidden == 0
        return str(problem).partition("/batch.jsonl:")[2]


def converted(folder: Path, *lines: dict[str, Any] | str | bytes, model: str = HAIKU, **options: Any) -> Converted:
    """Convert lines."""
    source, target = folder / "batch.jsonl", folder / "records.jsonl"
    texts = [each if isinstance(each, str | bytes) else json.dumps(each) for each in lines]
    source.write_bytes(b"".join((each if isinstance(each, bytes) else each.encode()) + b"\n" for each in texts))
    target.unlink(missing_ok=True)
    report = convert(source, target, model=model, **options)
    assert target.exists() == report.ok
    return Converted(report, [json.loads(each) for each in target.read_text().split("\n") if each] if report.ok else [])
