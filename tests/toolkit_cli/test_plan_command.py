"""``bedrock-batch plan``: what it refuses before it asks AWS for anything."""

import json
from pathlib import Path
from typing import Any

import pytest

from .in_process import answer_of


def written(folder: Path, **artifacts: Any) -> Path:
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), encoding="utf-8")
    return folder


def stack(template: str = "Stack.template.json", **more: Any) -> dict[str, Any]:
    return {
        "type": "aws:cloudformation:stack",
        "environment": "aws://unknown-account/unknown-region",
        "properties": {"templateFile": template},
        **more,
    }


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "is no cloud assembly: it has no manifest.json; run 'cdk synth', and name the folder that it writes"),
        ({"manifest.json": "{"}, "is no JSON"),
        ({"manifest.json": "[]"}, "must be a JSON object; run 'cdk synth'"),
        ({"manifest.json": b"\xff"}, "is no JSON"),
        ({"manifest.json": '{"artifacts": []}'}, "is no manifest of a cloud assembly: it has no artifacts"),
        # A manifest of something else has no job, which is no plan of an app without one.
        ({"manifest.json": '{"name": "Web app"}'}, "is no manifest of a cloud assembly: it has no artifacts"),
        ({"manifest.json": {}}, " has no stack; run 'cdk synth', and name the folder that it writes"),
        ({"manifest.json": '{"artifacts": {"Stack": {}}}'}, "is no manifest of a cloud assembly ('type')"),
        ({"manifest.json": {"Stack": stack()}}, "Stack.template.json cannot be read: No such file or directory"),
        ({"manifest.json": {"Stack": stack()}, "Stack.template.json": "Resources:"}, "is no JSON"),
    ],
)
def test_what_is_no_assembly_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, Any], said: str
) -> None:
    for name, content in files.items():
        text = json.dumps({"artifacts": content}) if isinstance(content, dict) else content
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    answer = answer_of(monkeypatch, "plan", str(tmp_path))
    assert (answer.code, answer.out) == (2, b"")
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_a_stack_that_the_app_does_not_have_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Stack.template.json").write_text("{}", encoding="utf-8")
    written(tmp_path, One=stack(), Two=stack(displayName="Stage/Two"))
    answer = answer_of(monkeypatch, "plan", str(tmp_path), "--stack", "Three")
    assert answer.code == 2
    assert answer.err == (
        'bedrock-batch: the app has no stack "Three"; name one of those that it has: One, Stage/Two\n'
    )


@pytest.mark.parametrize("given", ["Model", "=m", ""])
def test_a_parameter_without_a_name_or_value_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    answer = answer_of(monkeypatch, "plan", "--parameters", given)
    assert answer.code == 2
    assert f"--parameters: must be NAME=VALUE or STACK:NAME=VALUE, got {given!r}" in answer.err
