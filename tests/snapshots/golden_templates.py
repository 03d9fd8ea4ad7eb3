"""The templates as they were last accepted."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.snapshots.programs import template

FOLDER = Path(__file__).with_name("golden")
HOW_TO_ACCEPT = "if it is meant to be so, run `make snapshots` and look at the difference that git shows"
#: The packages of our functions, each with its code; those of one package have the same.
_PACKAGES = {"model_invocation_job": "the function's code", "batch_inference_pipeline": "the pipeline's code"}


def golden(name: str) -> Path:
    """Where the template of a program is kept."""
    return FOLDER / f"{name}.template.json"


def comparable(assembly: Path) -> str:
    """The template, but for the hashes of our functions' code, which say nothing about the template."""
    text = template(assembly).read_text(encoding="utf-8")
    functions = [
        r["Properties"] for r in json.loads(text)["Resources"].values() if r["Type"] == "AWS::Lambda::Function"
    ]
    for function in functions:
        if what := _PACKAGES.get(function.get("Handler", "").partition(".")[0]):
            text = text.replace(function["Code"]["S3Key"].removesuffix(".zip"), f"<hash of {what}>")
    return text


def accept(assemblies: Mapping[str, Path]) -> None:
    """Keep the templates as they are now, and no others."""
    for stale in FOLDER.glob("*"):
        stale.unlink()
    FOLDER.mkdir(exist_ok=True)
    for name, assembly in assemblies.items():
        golden(name).write_text(comparable(assembly), encoding="utf-8")
