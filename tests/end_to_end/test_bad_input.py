"""Bad input to the example app: one sentence, no traceback, nothing synthesized."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import REPOSITORY

RecordFile = Callable[..., Path]


def synthesize(tmp_path: Path, **context: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CDK_CONTEXT_JSON": json.dumps(context), "CDK_OUTDIR": str(tmp_path / "cdk.out")}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "app.py")], env=environment, capture_output=True, text=True, check=False
    )


def test_a_good_file_synthesizes(tmp_path: Path, record_file: RecordFile) -> None:
    done = synthesize(tmp_path, input=str(record_file()))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "cdk.out" / "BedrockBatchExample.template.json").is_file()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.unlink(), "there is no such file"),
        (lambda path: path.write_text(""), "prompts.jsonl"),
        (lambda path: path.write_text("What is CDK?\n" * 100), "prompts.jsonl:1"),
        (lambda path: path.write_text("".join(path.read_text().splitlines(keepends=True)[:99])), "99"),
        (lambda path: path.write_text(path.read_text().replace('"r41"', '"r7"')), "prompts.jsonl:42"),
    ],
    ids=["missing", "empty", "not-jsonl", "99-records", "duplicate-id"],
)
def test_a_bad_file_is_refused_in_one_sentence(
    tmp_path: Path, record_file: RecordFile, spoil: Callable[[Path], object], message: str
) -> None:
    path = record_file()
    spoil(path)
    done = synthesize(tmp_path, input=str(path))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("app.py: 'input_data' cannot be used: ")
    assert message in done.stderr
    assert not (tmp_path / "cdk.out" / "BedrockBatchExample.template.json").exists()


def test_a_bad_model_id_is_refused_in_one_sentence(tmp_path: Path, record_file: RecordFile) -> None:
    done = synthesize(tmp_path, input=str(record_file()), model="nova lite!")
    assert done.returncode == 1
    assert done.stderr.startswith("app.py: 'model' must match the API's pattern for modelId, got 'nova lite!': take it")
    assert len(done.stderr.splitlines()) == 1
