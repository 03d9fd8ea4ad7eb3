"""``bedrock-batch prepare``, and ``results --join`` with what it has made."""

import csv
import json
import re
import shlex
from pathlib import Path

import pytest

from bedrock_batch import check

from .in_process import Answer, answer_of

NOVA = "--model amazon.nova-lite-v1:0"
MADE = f"prepare t.csv --template prompt.txt {NOVA} --output prompts.jsonl"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{number},text {number}\n" for number in range(120))
    Path("t.csv").write_text(f"nr,text\n{rows}")
    Path("prompt.txt").write_text("Rate {text}\n")
    Path("system.txt").write_text("You rate.\n")
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, line: str) -> Answer:
    return answer_of(monkeypatch, *shlex.split(line))


def answer_all(copy: str = "copy") -> None:
    lines = [json.loads(line) for line in Path("prompts.jsonl").read_text().splitlines()]
    Path(copy).mkdir()
    body = {"modelOutput": {"output": {"message": {"content": [{"text": "5"}]}}}}
    Path(copy, "prompts.jsonl.out").write_text("".join(json.dumps(line | body) + "\n" for line in reversed(lines)))
    counts = dict.fromkeys(("totalRecordCount", "processedRecordCount", "successRecordCount"), len(lines))
    Path(copy, "manifest.json.out").write_text(json.dumps(counts | {"errorRecordCount": 0}))


def test_a_table_becomes_an_input_that_the_check_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = run(monkeypatch, MADE)
    size = Path("prompts.jsonl").stat().st_size
    assert (answer.code, answer.err) == (0, "")
    tokens = check("prompts.jsonl").estimated_tokens
    told = f"prompts.jsonl: 120 records, {size:,} bytes, about {tokens:,} tokens of text\n"
    assert answer.out.decode() == told
    assert check("prompts.jsonl", model="amazon.nova-lite-v1:0").ok


def test_every_option_has_its_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("t.tab").write_text('nr|text|pic\n7|"a|b"|s3://b/x.png\n8||\n9|c|\n')
    options = (
        "--table-format csv --delimiter '|' --id-column nr --image-column pic --empty keep --first 1 "
        "--invocation-type Converse --system system.txt --max-tokens 9 --temperature 0.5 --top-p 0.9 --stop X --stop Y"
    )
    answer = run(monkeypatch, f"prepare t.tab --template prompt.txt {NOVA} --output - {options}")
    assert json.loads(answer.out) == {
        "recordId": "7",
        "modelInput": {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://b/x.png"}}}},
                        {"text": "Rate a|b"},
                    ],
                }
            ],
            "system": [{"text": "You rate."}],
            "inferenceConfig": {"maxTokens": 9, "temperature": 0.5, "topP": 0.9, "stopSequences": ["X", "Y"]},
        },
    }
    assert answer.err.startswith("1 record with 1 image (0 bytes), ")
    assert "a job needs at least 100 records" in answer.err


def test_json_has_all_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(run(monkeypatch, f"{MADE} --first 2 --output -").out)
    report = json.loads(run(monkeypatch, f"{MADE} --first 2 --json").out)
    assert report == {
        "file": "prompts.jsonl",
        "records": 2,
        "skipped": 0,
        "bytes": size,
        "images": 0,
        "imagesInS3": 0,
        "imageBytes": 0,
        "estimatedTokens": check("prompts.jsonl").estimated_tokens,
        "notes": ["a job needs at least 100 records"],
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"prepare t.csv --template prompt.txt {NOVA}", "no place for the records is named; name a file with --output"),
        (f"prepare t.csv --template prompt.txt {NOVA} --output out.txt", "out.txt: the name of an input file must end"),
        (
            f"prepare t.csv --template prompt.txt {NOVA} --output no/out.jsonl",
            "no/out.jsonl: No such file or directory",
        ),
        (f"prepare no.csv --template prompt.txt {NOVA} --output o.jsonl", "no.csv: there is no such file"),
        (f"prepare t.csv --template no.txt {NOVA} --output o.jsonl", "no.txt: there is no such file"),
        (f"prepare . --template prompt.txt {NOVA} --output o.jsonl", ".: cannot be read by pyarrow: "),
        (f"{MADE} --json --output -", "--json and what is written would both be standard output"),
        (f"{MADE} --first 0", "'first' must be a whole number of at least 1, got 0"),
        (f"{MADE} --id-column no", "the id column 'no' is none of the table's"),
        (f"{MADE} --temperature nan", "'temperature' must be a number, got nan; name one in the model's range"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(monkeypatch: pytest.MonkeyPatch, line: str, said: str) -> None:
    before = set(Path().iterdir())
    answer = run(monkeypatch, line)
    assert answer.code == 2
    assert re.fullmatch(r"bedrock-batch: [^\n]+\n", answer.err), answer.err
    assert said in answer.err
    assert set(Path().iterdir()) == before


@pytest.mark.parametrize("options", ["", "--id-column nr"])
def test_results_are_joined_with_the_table_without_further_options(
    monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    run(monkeypatch, f"{MADE} {options}")
    answer_all()
    answer = run(monkeypatch, "results --output-dir copy --input prompts.jsonl --join t.csv --output answers.csv")
    assert (answer.code, answer.err) == (0, "120 results: 120 succeeded, 0 failed; 0 tokens in, 0 out\n")
    with Path("answers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["nr"], row["answer_text"]) for row in rows] == [(f"{number}", "5") for number in range(120)]
    assert [row["input_line"] for row in rows] == [f"{number}" for number in range(1, 121)]


def test_a_join_is_printed_where_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, MADE)
    answer_all()
    answer = run(monkeypatch, "results --output-dir copy --join t.csv")
    assert [json.loads(line)["nr"] for line in answer.out.splitlines()] == [f"{number}" for number in range(120)]


def test_what_a_table_and_results_do_not_agree_about_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, MADE)
    answer_all()
    Path("less.csv").write_text("".join(Path("t.csv").read_text().splitlines(keepends=True)[:20]) + "new,row\n")
    answer = run(monkeypatch, "results --output-dir copy --join less.csv --output answers.jsonl --json")
    told = json.loads(answer.out)
    assert answer.code == 1
    assert told["notes"] == ["1 row of less.csv without a result"]
    assert told["problems"][0].startswith("101 results of no row of less.csv: ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--join t.csv --input-order", "--join writes in the order of the table; leave --input-order out"),
        ("--id-column nr", "--id-column, --table-format and --delimiter are of the table of --join; name it"),
        ("--delimiter ,", "--id-column, --table-format and --delimiter are of the table of --join; name it"),
        ("--join t.csv --output t.csv", "t.csv: is the table that is read; name another output"),
        ("--join no.csv", "no.csv: there is no such file"),
        ("--join t.csv --id-column no", 't.csv: no column is called "no", only "nr", "text"; name the ids\''),
        ("--join t.csv --delimiter ';'", "t.csv: no row has the id of a result"),
    ],
)
def test_a_join_that_cannot_be_is_a_sentence(monkeypatch: pytest.MonkeyPatch, options: str, said: str) -> None:
    run(monkeypatch, MADE)
    answer_all()
    answer = run(monkeypatch, f"results --output-dir copy {options}")
    assert (answer.code, answer.out) == (2, b"")
    assert said in answer.err
    assert Path("t.csv").read_text().startswith("nr,text\n")
