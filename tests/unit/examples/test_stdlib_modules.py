import ast
import json
import runpy
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from bedrock_batch import check

EXAMPLE = Path(__file__).parents[3] / "examples" / "stdlib_modules.py"
QUESTION = "In one sentence, what is this module for?"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    # Isolated, and with every warning an error: the script stands on its own.
    command = [sys.executable, "-I", "-W", "error", EXAMPLE, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("example") / "new" / "folders" / "prompts.jsonl"
    result = run(output)
    assert result.returncode == 0, result.stderr
    return output


def test_the_output_is_input_that_the_check_accepts(output: Path) -> None:
    report = check(output)
    assert report.ok, str(report)
    assert report.records >= 100


def test_each_record_asks_about_one_module_in_the_shape_of_nova(output: Path) -> None:
    records = {record["recordId"]: record["modelInput"] for record in map(json.loads, output.open(encoding="utf-8"))}
    assert records.keys() <= sys.stdlib_module_names
    source = Path(sysconfig.get_path("stdlib"), "textwrap.py").read_bytes()
    docstring = ast.get_docstring(ast.parse(source))
    assert records["textwrap"] == {
        "messages": [{"role": "user", "content": [{"text": f"{docstring}\n\n{QUESTION}"}]}],
        "inferenceConfig": {"maxTokens": 48},
    }
    longest = max(len(body["messages"][0]["content"][0]["text"]) for body in records.values())
    assert longest == 300 + len(f"\n\n{QUESTION}")


def test_the_same_python_writes_the_same_bytes(output: Path, tmp_path: Path) -> None:
    run(tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == output.read_bytes()
    names = [json.loads(line)["recordId"] for line in output.open(encoding="utf-8")]
    assert names == sorted(names)


def test_the_number_of_records_is_printed(tmp_path: Path) -> None:
    output = tmp_path / "prompts.jsonl"
    printed = run(output).stdout
    assert printed == f"{check(output).records} records in {output}\n"


@pytest.mark.parametrize(
    ("model_id", "keys"),
    [
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", {"anthropic_version", "max_tokens", "messages"}),
        ("amazon.titan-text-lite-v1", {"inputText", "textGenerationConfig"}),
        ("meta.llama3-8b-instruct-v1:0", {"prompt", "max_gen_len"}),
        ("deepseek.v3-v1:0", {"messages", "max_tokens"}),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0", {"messages", "inferenceConfig"}),
    ],
)
def test_the_model_decides_the_request_body(tmp_path: Path, model_id: str, keys: set[str]) -> None:
    run(tmp_path / "prompts.jsonl", "--model-id", model_id)
    records = [json.loads(line) for line in (tmp_path / "prompts.jsonl").open(encoding="utf-8")]
    assert all(record["modelInput"].keys() == keys for record in records)


def test_an_unknown_model_is_refused_in_one_sentence(tmp_path: Path) -> None:
    result = run(tmp_path / "prompts.jsonl", "--model-id", "nobody.knows-v1:0")
    assert result.returncode == 2
    assert "no request body known for 'nobody.knows-v1:0'; use an id with amazon.nova" in result.stderr
    assert not (tmp_path / "prompts.jsonl").exists()


def test_an_output_that_cannot_be_written_is_refused_in_one_sentence(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.returncode == 1
    assert result.stderr == f"{tmp_path}: cannot be written (Is a directory); name another file\n"


def test_a_python_without_its_library_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "__init__.py").write_text('"""JSON."""')
    (tmp_path / "textwrap.py").write_text('"""Text."""')
    (tmp_path / "this.py").write_text("raise SystemExit")
    example = runpy.run_path(str(EXAMPLE))
    with pytest.raises(SystemExit, match="has 2 documented modules and a job needs at least 100 records; use a Python"):
        example["write_records"](tmp_path, tmp_path / "prompts.jsonl", example["body_for"]("amazon.nova-lite-v1:0"))
    assert not (tmp_path / "prompts.jsonl").exists()


def test_help_shows_an_example() -> None:
    assert "example: stdlib_modules.py build/prompts.jsonl" in run("--help").stdout
