"""Which rows become records, what they are called, and what is said of the others."""

import json
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import BedrockBatchError, PreparedRecords, prepare
from bedrock_batch.prompts import notes

NOVA = "amazon.nova-lite-v1:0"
TABLE = 'id,text,note\n1,a,\n2,,x\n3," \t",y\n4,"d\ne",\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(TABLE)
    return tmp_path


def made(table: Any = "t.csv", **options: Any) -> tuple[PreparedRecords, list[dict[str, Any]]]:
    report = prepare(table, "out.jsonl", **{"template": "Rate {text}", "model": NOVA} | options)
    return report, [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]


def texts(records: list[dict[str, Any]]) -> list[str]:
    return [record["modelInput"]["messages"][0]["content"][0]["text"] for record in records]


@pytest.mark.parametrize("end", ["csv", "jsonl", "rows"])
def test_an_empty_cell_is_refused_with_its_row_and_column(end: str) -> None:
    Path("t.jsonl").write_text('{"text": "a"}\n\n{"id": 2, "text": null}\n')
    table: Any = [{"text": "a"}, {"id": 1}] if end == "rows" else f"t.{end}"
    place = "the table" if end == "rows" else f"t.{end}:3"
    with pytest.raises(BedrockBatchError, match=f'^{place}: row 2, column "text", is empty; fill it, or say with'):
        made(table)
    assert not Path("out.jsonl").exists()


def test_rows_with_an_empty_cell_can_be_skipped_and_are_counted() -> None:
    report, records = made(empty="skip", id_column="id")
    assert ([record["recordId"] for record in records], report.records, report.skipped) == (["1", "4"], 2, 2)
    assert str(report).endswith("; 2 rows skipped")


def test_an_empty_cell_can_be_kept_and_other_columns_do_not_matter() -> None:
    report, records = made(empty="keep")
    assert texts(records) == ["Rate a", "Rate ", "Rate  \t", "Rate d\ne"]
    assert report.skipped == 0


def test_a_record_that_would_say_nothing_is_refused_also_then() -> None:
    with pytest.raises(BedrockBatchError, match=r"^t\.csv:3: row 2 has no message with a text"):
        made(empty="keep", template="{text}")


def test_a_system_that_would_say_nothing_is_left_out() -> None:
    _, records = made(empty="keep", template="Rate {id}", system="{note}")
    assert ["system" in record["modelInput"] for record in records] == [False, True, True, False]


@pytest.mark.parametrize("first", [1, 2, 9])
def test_the_first_rows_can_be_taken_alone(first: int) -> None:
    report, records = made(template="Rate {id}", first=first)
    assert (report.records, texts(records)) == (min(first, 4), [f"Rate {n}" for n in range(1, min(first, 4) + 1)])


def test_an_empty_cell_after_the_first_rows_is_none_of_them() -> None:
    assert made(first=1)[0].records == 1


def test_ids_of_a_column_are_taken_and_digests_made_otherwise() -> None:
    assert [record["recordId"] for record in made(template="{id}", id_column="id")[1]] == ["1", "2", "3", "4"]
    assert all(record["recordId"].startswith("row-") for record in made(template="{id}")[1])


@pytest.mark.parametrize("rows", ["late.jsonl", iter([{"a": 1}] * 600 + [{"text": "x"}])])
def test_a_column_may_come_after_the_first_rows(rows: Any) -> None:
    Path("late.jsonl").write_text('{"a": 1}\n' * 20_000 + '{"a": 1, "text": "x"}\n')
    assert texts(made(rows, empty="skip")[1]) == ["Rate x"]


def test_a_column_that_only_later_rows_have_is_empty_in_the_first() -> None:
    Path("late.jsonl").write_text('{"a": 1}\n' * 20_000 + '{"a": 1, "text": "x"}\n')
    assert texts(made("late.jsonl", empty="keep", first=2)[1]) == ["Rate ", "Rate "]


def test_skipped_rows_change_no_id() -> None:
    (first, _, _, last), (one, other) = made(empty="keep")[1], made(empty="skip")[1]
    assert (one["recordId"], other["recordId"]) == (first["recordId"], last["recordId"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"template": "{txt}"}, r'^the template: the field \{txt\} is no column, "text" is; correct it$'),
        ({"system": "{nix}"}, r"^the system text: the field \{nix\} is no column; the table has"),
        ({"id_column": "nr"}, r"^the id column 'nr' is none of the table's: \"id\", \"text\", \"note\"; name one"),
        ({"image_columns": ["photo"]}, r"^the image column 'photo' is none of the table's"),
        ({"template": "no field"}, r"^the template: has no field, so each record would ask the same; .* Path of"),
        ({"template": Path("fields")}, r"^fields: has no field, so each record would ask the same; .*\{text\}$"),
        ({"template": 5}, r"^the template must be a text, or a path of one, got int"),
        ({"empty": "drop"}, r"^'empty' must be one of refuse, skip, keep, got 'drop'"),
        ({"first": 0}, r"^'first' must be a whole number of at least 1, got 0"),
        ({"table": "empty.csv"}, r"^empty\.csv: has no rows; add one for each record"),
        ({"table": "blank.csv", "empty": "skip"}, r"^blank\.csv: each of 2 rows has an empty cell"),
        (
            {"table": "few.jsonl", "empty": "skip"},
            r"^the template: the field \{text\} is no column; the table has \"a\"",
        ),
        ({"table": [{"text": "a\ud800"}]}, r"^the table: row 1 has half of a surrogate pair"),
        ({"table": iter([])}, r"^the table: has no rows"),
        ({"table": "late.jsonl", "empty": "refuse"}, r'^late\.jsonl:1: row 1, column "text", is empty; fill it'),
        ({"table": "late.jsonl", "empty": "skip", "first": 9}, r"^late\.jsonl: each of 9 rows has an empty cell"),
        (
            {"table": "late.jsonl", "template": "{a}", "id_column": "text"},
            r'^late\.jsonl:1: row 1, column "text", is em',
        ),
        ({"table": "late.jsonl", "template": "{b}", "empty": "refuse"}, r'is no column; the table has "a", "text"'),
        ({"table": [{}], "empty": "refuse"}, r"^the template: the field \{text\} is no column; the table has none$"),
        ({"stop": "END"}, r"^'stop' must be a list of texts, got 'END'; write \['END'\]$"),
        ({"image_columns": "photo"}, r"^'image_columns' must be a list of texts, got 'photo'; write"),
        ({"stop": [1]}, r"^'stop' must be a list of texts, got \[1\]; write a list of str$"),
        ({"temperature": "0.5"}, r"^'temperature' must be a number, got the string \"0.5\"; name one"),
        ({"top_p": float("nan")}, r"^'top_p' must be a number, got nan; name one"),
        ({"model": None}, r"^'model' must be a text, got None"),
        (
            {"invocation_type": "converse"},
            r"^'invocation_type' must be InvokeModel or Converse, got 'converse'",
        ),
        ({"table": "a\0.csv"}, r"no file can have this path; correct it"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(options: dict[str, Any], said: str) -> None:
    Path("fields").write_text("none")
    Path("empty.csv").write_text("id,text\n")
    Path("blank.csv").write_text("id,text\n1,\n2, \n")
    Path("few.jsonl").write_text('{"a": 1}\n')
    Path("late.jsonl").write_text('{"a": 1}\n' * 20_000 + '{"a": 1, "text": "x"}\n')
    before = set(Path().iterdir())
    with pytest.raises(BedrockBatchError, match=said):
        made(**{"template": "{text}", "empty": "keep"} | options)
    assert set(Path().iterdir()) == before


@pytest.mark.parametrize("same", ["t.csv", "./t.csv", "link", "prompt.txt"])
def test_what_is_read_is_never_replaced(same: str) -> None:
    Path("prompt.txt").write_text("{id}")
    Path("link").symlink_to("t.csv")
    with pytest.raises(BedrockBatchError, match="is what is read, and would be replaced"):
        prepare("t.csv", same, template=Path("prompt.txt"), model=NOVA)
    assert Path("t.csv").read_text() == TABLE


def test_an_error_in_the_middle_leaves_the_earlier_output() -> None:
    Path("out.jsonl").write_text("of an earlier run")
    with pytest.raises(BedrockBatchError):
        made()
    assert Path("out.jsonl").read_text() == "of an earlier run"
    assert sorted(map(str, Path().iterdir())) == ["out.jsonl", "t.csv"]


@pytest.mark.parametrize(
    ("rows", "model", "said"),
    [
        (1, NOVA, ["a job needs at least 100 records"]),
        (120, NOVA, []),
        (60, "us.meta.llama4-scout-17b-instruct-v1:0", ["each answer may have 2,048 tokens, as nothing else was said"]),
        (
            100,
            "anthropic.claude-3-haiku-20240307-v1:0",
            ["each answer may have 4,096 tokens, as nothing else was said"],
        ),
        (
            100,
            "anthropic.claude-3-hauku-20240307-v1:0",
            ['"anthropic.claude-3-hauku-20240307-v1:0" is not known, but anthropic.claude-3-haiku-', "each answer"],
        ),
    ],
)
def test_what_is_to_be_known_before_a_job_is_said(rows: int, model: str, said: list[str]) -> None:
    report, _ = made([{"text": "a"}] * rows, model=model)
    assert [note[: len(each)] for note, each in zip(report.notes, said, strict=True)] == said


def test_more_than_a_file_may_have_is_said() -> None:
    (said,) = notes.against_quotas(50_001, 10, NOVA)
    assert "divide it with bedrock-batch split" in said
    (said,) = notes.against_quotas(50_000, 2**31, NOVA)
    assert "divide it" in said


def test_the_report_counts_what_was_written() -> None:
    report, _ = made(template="Rate {id}")
    assert report.bytes == Path("out.jsonl").stat().st_size
    tokens = report.estimated_tokens
    assert str(report) == f"4 records, {report.bytes} bytes, about {tokens} tokens of text"
