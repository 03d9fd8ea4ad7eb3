"""Results beside the rows of the table that their records were made of: each row once, in order, with its answer."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from bedrock_batch import (
    BedrockBatchError,
    ResultsError,
    open_local_results,
    open_several_local_results,
    open_table_join,
    open_writer,
    prepare,
)
from bedrock_batch.results.input import keys
from bedrock_batch.tables import csv_pieces

NOVA = "amazon.nova-lite-v1:0"
TEXTS = ["good", "bad", "good", "", 'ünder, "quoted"\nlines', "last"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    with Path("t.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["nr", "text"], *([f"{3 * number}", text] for number, text in enumerate(TEXTS))])
    return tmp_path


def answered(table: Any = "t.csv", copy: str = "copy", *, but: int = 0, says: str = "re: ", **options: Any) -> None:
    """Prepare a table, and write what a job would, in an order of its own, without some of the last."""
    file = Path(f"{copy}.jsonl")
    file.parent.mkdir(exist_ok=True)
    prepare(table, file, **{"template": "{text}", "model": NOVA, "empty": "skip"} | options)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    lines = lines[: len(lines) - but]
    Random(7).shuffle(lines)  # noqa: S311 (no secret)
    Path(copy).mkdir(parents=True)
    with Path(copy, f"{file.name}.out").open("w") as out:
        for line in lines:
            said = says + line["modelInput"]["messages"][0]["content"][0]["text"]
            body = {"output": {"message": {"content": [{"text": said}]}}}
            out.write(json.dumps({**line, "modelOutput": body}) + "\n")
    count = {"totalRecordCount": len(lines), "processedRecordCount": len(lines)}
    Path(copy, "manifest.json.out").write_text(
        json.dumps(count | {"successRecordCount": len(lines), "errorRecordCount": 0})
    )


def joined(table: Any = "t.csv", format: str = "jsonl", copy: str = "copy", **options: Any) -> Path:
    with (
        open_local_results(Path(copy)) as results,
        open_table_join(results.results.batches(), table, **options) as join,
        open_writer(Path(f"joined.{format}"), table=join.columns) as writer,
    ):
        for batch in join.batches():
            writer.write(batch)
        Path("said.json").write_text(json.dumps([join.notes, join.disagreements()]))
    return Path(f"joined.{format}")


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def said() -> Any:
    return json.loads(Path("said.json").read_text())


WANTED = [text and f"re: {text}" for text in TEXTS]


@pytest.mark.parametrize("id_column", [None, "nr"])
@pytest.mark.parametrize("in_memory", [0, 500_000])
@pytest.mark.parametrize("piece", [20, 65_536])
def test_each_row_gets_its_own_answer_in_the_order_of_the_table(
    monkeypatch: pytest.MonkeyPatch, id_column: str | None, in_memory: int, piece: int
) -> None:
    monkeypatch.setattr(keys, "_IN_MEMORY", in_memory)
    monkeypatch.setattr(csv_pieces, "_SIZE", piece)
    answered(id_column=id_column)
    found = rows(joined())
    assert [(row["nr"], row["text"]) for row in found] == [(f"{3 * n}", text) for n, text in enumerate(TEXTS)]
    assert [row["answer_text"] or "" for row in found] == WANTED
    assert [row["status"] for row in found] == ["succeeded"] * 3 + [None] + ["succeeded"] * 2
    assert said() == [["1 row of t.csv without a result"], []]


def test_equal_rows_have_an_answer_each() -> None:
    Path("t.csv").write_text("text\nsame\nsame\nother\nsame\n")
    answered(but=1)
    found = rows(joined())
    assert [row["answer_text"] for row in found] == ["re: same", "re: same", "re: other", None]
    assert len({row["record_id"] for row in found}) == 4


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_columns_of_the_table_come_first_in_each_format(format: str) -> None:
    answered()
    file = joined(format=format)
    if format == "csv":
        with file.open(encoding="utf-8", newline="") as text:
            found: list[dict[str, Any]] = list(csv.DictReader(text))
    else:
        found = parquet.read_table(file).to_pylist()
    assert list(found[0])[:5] == ["nr", "text", "record_id", "status", "answer_text"]
    assert [row["text"] for row in found] == TEXTS
    assert [row["answer_text"] or "" for row in found] == WANTED


def test_parquet_keeps_its_types_and_json_its_values() -> None:
    table = pa.table({"n": pa.array([1, None], pa.int16()), "text": ["a", "b"], "tags": [["x"], None]})
    parquet.write_table(table, "t.parquet")
    answered("t.parquet")
    back = parquet.read_table(joined("t.parquet", "parquet"))
    assert back.select(["n", "text", "tags"]).to_pylist() == table.to_pylist()
    assert back.schema.field("n").type == pa.int16()
    assert [(row["n"], row["tags"]) for row in rows(joined("t.parquet"))] == [(1, ["x"]), (None, None)]


def test_json_lines_keep_numbers_as_they_stand_and_columns_that_come_late() -> None:
    Path("t.jsonl").write_text('{"n": 1.10, "text": "a"}\n{"text": "b", "late": {"x": [1]}}\n')
    answered("t.jsonl")
    file = joined("t.jsonl")
    assert file.read_text().startswith('{"n":1.10,"text":"a","late":null,"record_id":')
    assert rows(file)[1]["late"] == {"x": [1]}
    assert [row["late"] for row in parquet.read_table(joined("t.jsonl", "parquet")).to_pylist()] == [None, '{"x": [1]}']


def test_the_table_may_come_in_another_format_or_order_of_columns() -> None:
    answered()
    with Path("t.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    backwards = [{"text": row["text"], "nr": row["nr"], "new": ""} for row in reversed(found)]
    assert [row["answer_text"] or "" for row in rows(joined(backwards))] == WANTED[::-1]


def test_names_that_both_have_are_told_apart() -> None:
    Path("t.csv").write_text("text,status,answer_text\na,b,c\n")
    answered()
    (row,) = rows(joined())
    assert (row["text"], row["status"], row["answer_text"]) == ("a", "b", "c")
    assert (row["answer_status"], row["answer_answer_text"]) == ("succeeded", "re: a")


def test_results_of_no_row_are_told() -> None:
    answered()
    Path("t.csv").write_text("nr,text\n0,good\n")
    assert [row["answer_text"] for row in rows(joined())] == ["re: good"]
    (_, (problem,)) = said()
    assert problem.startswith('4 results of no row of t.csv: "row-')


@pytest.mark.parametrize("id_column", [None, "nr"])
def test_another_table_is_refused(id_column: str | None) -> None:
    answered(id_column=id_column)
    Path("t.csv").write_text("nr,text\nx,y\n")
    with pytest.raises(ResultsError, match=r"^t\.csv: no row has the id of a result; name the table"):
        joined()
    assert not Path("joined.jsonl").exists()


def test_two_columns_with_the_ids_are_not_chosen_from() -> None:
    rows_of_both = [{"id": f"{n}", "line": f"{n}", "text": "x", "stars": "1"} for n in range(3)]
    answered(rows_of_both, id_column="id")
    with pytest.raises(ResultsError, match='the columns "id" and "line" have ids of results; name the one'):
        joined(rows_of_both)
    assert all(row["answer_text"] for row in rows(joined(rows_of_both, id_column="id")))
    with pytest.raises(ResultsError, match='no column is called "nix", only "id", "line", "text", "stars"'):
        joined(rows_of_both, id_column="nix")


def test_what_a_join_wrote_can_be_joined_with_the_results_of_another_model() -> None:
    answered(id_column="nr")
    first = joined().rename("first.jsonl")
    answered(copy="other", id_column="nr", says="other: ")
    found = rows(joined(str(first), copy="other"))
    assert [row["answer_text"] or "" for row in found] == WANTED
    assert [row["answer_answer_text"] or "" for row in found] == [text and f"other: {text}" for text in TEXTS]


def test_a_missing_record_and_a_failed_one_have_their_status() -> None:
    answered(but=1)
    out = Path("copy/copy.jsonl.out")
    first, *others = out.read_text().splitlines()
    failed = {"error": {"errorCode": 429, "errorMessage": "slow down"}}
    line = {name: value for name, value in json.loads(first).items() if name != "modelOutput"} | failed
    out.write_text("\n".join([json.dumps(line), *others]) + "\n")
    with (
        open_local_results(Path("copy"), [Path("copy.jsonl")]) as results,
        open_table_join(results.results.batches(), "t.csv") as join,
    ):
        found = [result for batch in join.batches() for result in batch]
    assert sorted(str(result.status) for result in found) == ["None", "failed", "missing", *["succeeded"] * 3]
    assert found[-1].status == "missing"


def test_several_jobs_are_joined_as_one_and_more_results_than_rows_counted() -> None:
    answered(copy="jobs/old", but=2, says="old: ")
    answered(copy="jobs/new", says="new: ", model="amazon.nova-pro-v1:0", max_tokens=3)
    with (
        open_several_local_results(Path("jobs")) as results,
        open_table_join(results.batches(), "t.csv") as join,
    ):
        found = [result for batch in join.batches() for result in batch]
        assert join.notes[1].startswith("3 more results for a row that has one; the first success counts; for ")
        assert join.disagreements() == []
    assert all((result.text or "").startswith(("new: ", "old: ")) for result in found if result.status)


def test_an_iterator_cannot_be_joined() -> None:
    answered()
    with pytest.raises(BedrockBatchError, match=r"the table: no row has the id of a result"):
        joined(iter([{"nr": "0", "text": "zzz"}]))


def test_openai_lines_have_no_columns_of_a_table() -> None:
    with (
        pytest.raises(BedrockBatchError, match="lines of OpenAI's form have no columns of a table; choose jsonl"),
        open_writer(Path("x"), "openai", table={"a": None}),
    ):
        pass


def test_a_table_beyond_memory_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_IN_MEMORY", 100)

    def many() -> Iterator[list[str]]:
        yield from ([f"{number}", f"text {number % 50}"] for number in range(1000))

    with Path("t.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["nr", "text"], *many()])
    answered()
    assert [row["answer_text"] for row in rows(joined())] == [f"re: text {number % 50}" for number in range(1000)]
