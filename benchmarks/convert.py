"""How fast files of OpenAI's Batch API are converted, beside a loop of ``json.loads`` and ``json.dumps``.

For records of 1 kB out of Python's own documentation, with a system message, as most files have them. The loop writes
each line as it is, without a look at what is in it.
"""

import importlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from pydoc_data.topics import topics

from comparison.row import Row
from comparison.trial import BEFORE, Trial

ROUNDS, RECORDS = 5, 50_000
LOOP = "json.loads and json.dumps"
MODELS = {
    "Claude": "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "Nova": "us.amazon.nova-lite-v1:0",
    "Llama": "us.meta.llama3-3-70b-instruct-v1:0",
    "gpt-oss": "openai.gpt-oss-20b-1:0",
}
_TEXT = 720
_PROSE = "\n".join(topics.values())


def written(path: Path, records: int) -> Path:
    """Write a file of OpenAI's."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(records):
            start = number * (_TEXT - 3) % (len(_PROSE) - _TEXT)
            messages = [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": _PROSE[start : start + _TEXT].strip()},
            ]
            body = {"model": "gpt-4o-mini", "messages": messages, "max_tokens": 1000, "temperature": 0.2}
            line = {"custom_id": f"request-{number}", "method": "POST", "url": "/v1/chat/completions", "body": body}
            file.write(json.dumps(line) + "\n")
    return path


def loop(source: str, target: str) -> Callable[[], object]:
    """Read and write each line as it is."""

    def run() -> None:
        with open(source, encoding="utf-8") as lines, open(target, "w", encoding="utf-8") as file:  # noqa: PTH123 - as people write it
            file.writelines(json.dumps(json.loads(line)) + "\n" for line in lines)

    return run


def convert_for(model: str, source: str, target: str) -> Callable[[], object]:
    """Convert for a model."""
    from bedrock_batch import convert  # noqa: PLC0415 - of whichever build is measured

    # Loads what is loaded when it is first used.
    importlib.import_module("bedrock_batch.openai_batch.conversion")
    importlib.import_module("bedrock_batch.bodies.writing")

    def run() -> None:
        report = convert(source, Path(target), model=model)
        if not report.ok:
            raise AssertionError(report)

    return run


WAYS = {LOOP: loop} | {name: partial(convert_for, model) for name, model in MODELS.items()}


def rows(trial: Trial) -> Iterator[Row]:
    """Convert for each model beside the loop."""
    source, target = written(trial.folder / "batch.jsonl", trial.size(RECORDS)), trial.folder / "records.jsonl"
    for name in MODELS:
        turns = trial.in_turn("convert", name, (LOOP,), (source, target), ROUNDS)
        yield turns.row(name, LOOP)
        yield turns.row(name, f"{name}, {BEFORE}")
