"""The templates as they were last accepted."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.snapshots.programs import template

FOLDER = Path(__file__).with_name("golden")
HOW_TO_ACCEPT = "if it is meant to be so, run `make snapshots` and look at the difference that git shows"
_HANDLERS = ("model_invocation_job.index.handler", "model_invocation_job.last_word.handler")


def golden(name: str) -> Path:
    """Where the template of a program is kept."""
    return FOLDER / f"{name}.template.json"


def comparable(assembly: Path) -> str:
    """The template, but for the hash of our function's code, which says nothing about the template."""
    text = template(assembly).read_text(encoding="utf-8")
    functions = [
        r["Properties"] for r in json.loads(text)["Resources"].values() if r["Type"] == "AWS::Lambda::Function"
    ]
    (key,) = {function["Code"]["S3Key"] for function in functions if function.get("Handler") in _HANDLERS}
    return text.replace(key.removesuffix(".zip"), "<hash of the function's code>")


def accept(assemblies: Mapping[str, Path]) -> None:
    """Keep the templates as they are now, and no others."""
    for stale in FOLDER.glob("*"):
        stale.unlink()
    FOLDER.mkdir(exist_ok=True)
    for name, assembly in assemblies.items():
        golden(name).write_text(comparable(assembly), encoding="utf-8")
