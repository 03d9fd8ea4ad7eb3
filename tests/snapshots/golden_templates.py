"""The templates as they were last accepted."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.snapshots.programs import templates

FOLDER = Path(__file__).with_name("golden")
HOW_TO_ACCEPT = "if it is meant to be so, run `make snapshots` and look at the difference that git shows"
#: The packages of our functions, each with its code; those of one package have the same.
_PACKAGES = {"model_invocation_job": "the function's code", "batch_inference_pipeline": "the pipeline's code"}


def golden(name: str, assembly: Path) -> dict[Path, Path]:
    """Where the templates of a program are kept, and what they are now: of several stacks each has its own."""
    now = templates(assembly)
    names = [name] if len(now) == 1 else [f"{name}-{path.name.partition('.')[0]}" for path in now]
    return {FOLDER / f"{each}.template.json": path for each, path in zip(names, now, strict=True)}


def comparable(template: Path) -> str:
    """A template, but for the hashes of our functions' code, which say nothing about the template."""
    text = template.read_text(encoding="utf-8")
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
        for kept, now in golden(name, assembly).items():
            kept.write_text(comparable(now), encoding="utf-8")
