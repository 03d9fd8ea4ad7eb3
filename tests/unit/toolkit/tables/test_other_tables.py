"""JSON Lines, Parquet, frames and rows of Python: cells are the texts that the documentation tells."""

import datetime as dt
import decimal
import gzip
import json
import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from bedrock_batch.tables import arrow_table
from bedrock_batch.tables.errors import TableError
from bedrock_batch.tables.opening import open_table


def texts_of(source: Any, **options: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for block in open_table(source, **options).blocks():
        for name, cells in block.texts.items():
            found.setdefault(name, []).extend(cells)
    return found


def jsonl(folder: Path, text: str | bytes) -> Path:
    file = folder / "t.jsonl"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_json_cells_are_as_they_stand_in_the_file(tmp_path: Path) -> None:
    values = ['"é\\n\\u00e9"', "1.10", "12345678901234567890123", "1e5", "true", "null", '{"b": [1, null]}', '""']
    file = jsonl(tmp_path, "".join(f'{{"a": {value}}}\n' for value in values))
    assert texts_of(file)["a"] == ["é\né", "1.10", "12345678901234567890123", "1e5", "true", "", '{"b": [1, null]}', ""]


def test_a_member_that_is_missing_is_an_empty_cell(tmp_path: Path) -> None:
    file = jsonl(tmp_path, '\ufeff{"a": 1}\n\n{"b": 2, "a": 3}\n')
    assert texts_of(file) == {"a": ["1", "3"], "b": ["", "2"]}
    assert open_table(file).place(2).endswith("t.jsonl:3")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1}\n{"a": \n', r"t.jsonl:2: is no JSON object on one line: Input data was truncated"),
        ('[{"a": 1}]\n', r"t.jsonl:1: is a JSON list; write one object on each line, as jq"),
        ('{"a": 1}\n3\n', r"t.jsonl:2: is no JSON object on one line: Expected `object`, got `int`"),
        ('{"a": "\\ud800"}\n', r"t.jsonl:1: has half of a surrogate pair"),
        ('{"a": 1}\n{"a": [-Infinity, NaN]}\n', r"t.jsonl:2: has NaN or Infinity, which JSON has not; write null"),
        (b'{"a": "\xff"}\n', r't.jsonl: about line 1: member "a" is not UTF-8'),
        (b'{"a": [' + b"[" * 100_000 + b"\n", r"t.jsonl:1: is no JSON object on one line"),
    ],
)
def test_what_is_no_json_is_told_with_its_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(TableError, match=said):
        texts_of(jsonl(tmp_path, text))


ARROW = {
    "text": (["a", None], ["a", ""]),
    "whole": ([1, None], ["1", ""]),
    "fraction": ([5.0, math.nan], ["5.0", ""]),
    "truth": ([True, None], ["true", ""]),
    "day": ([dt.date(2026, 1, 31), None], ["2026-01-31", ""]),
    "time": ([dt.datetime(2026, 1, 31, 10, 0, 1), None], ["2026-01-31 10:00:01", ""]),  # noqa: DTZ001 (as users have them)
    "zone": ([dt.datetime(2026, 1, 31, 10, tzinfo=dt.UTC), None], ["2026-01-31 10:00:00Z", ""]),
    "price": ([decimal.Decimal("1.10"), None], ["1.10", ""]),
    "bytes": ([b"abc", b"\xff\xfe"], ["abc", "//4="]),
    "list": ([[1, 2], None], ["[1,2]", ""]),
    "object": ([{"a": "x"}, None], ['{"a":"x"}', ""]),
}


@pytest.mark.parametrize("column", ARROW)
@pytest.mark.parametrize("kind", ["parquet", "frame"])
def test_values_with_types_become_texts(tmp_path: Path, column: str, kind: str) -> None:
    values, texts = ARROW[column]
    table = pa.table({column: values})
    if kind == "parquet":
        parquet.write_table(table, tmp_path / "t.parquet")
    assert texts_of(tmp_path / "t.parquet" if kind == "parquet" else table) == {column: texts}


def test_categories_are_texts(tmp_path: Path) -> None:
    table = pa.table({"a": pa.array(["x", "y", "x"]).dictionary_encode()})
    parquet.write_table(table, tmp_path / "t.parquet")
    assert texts_of(tmp_path / "t.parquet") == {"a": ["x", "y", "x"]}


def test_large_rows_of_parquet_come_a_few_at_a_time(tmp_path: Path) -> None:
    rows = [f"{number}" + "x" * 100_000 for number in range(60)]
    parquet.write_table(pa.table({"a": rows}), tmp_path / "t.parquet", use_dictionary=False, compression="none")
    blocks = [len(block) for block in open_table(tmp_path / "t.parquet").blocks()]
    assert sum(blocks) == 60
    assert max(blocks) <= arrow_table._BATCH_BYTES // 100_000  # noqa: SLF001


@pytest.mark.parametrize("kind", [pa.string_view(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
def test_texts_of_each_library_are_read(kind: Any) -> None:
    assert texts_of(pa.table({"a": pa.array(["x", None, "x"], kind)})) == {"a": ["x", "", "x"]}


def test_an_index_without_a_name_is_no_column() -> None:
    """As pandas hands it out of a frame whose rows were filtered; it would rename the records of the others."""
    assert texts_of(pa.table({"a": ["x"], "__index_level_0__": [7]})) == {"a": ["x"]}


class NumPyLike:
    def item(self) -> int:
        return 7


def test_rows_of_python_are_taken() -> None:
    rows = [{"a": 1, "b": NumPyLike()}, {"a": None, "c": [1]}, {"a": math.nan, "b": decimal.Decimal("1.0")}]
    assert texts_of(rows) == {"a": ["1", "", ""], "b": ["7", "", "1.0"], "c": ["", "[1]", ""]}


def test_an_infinite_number_is_no_null() -> None:
    assert texts_of([{"a": math.inf, "b": -math.inf}]) == {"a": ["inf"], "b": ["-inf"]}


class Pandas:
    """What a frame of pandas offers where there is no Arrow."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows

    @property
    def columns(self) -> list[str]:
        return list(self._rows[0])

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def iloc(self) -> "Pandas":
        return self

    def __getitem__(self, some: slice) -> "Pandas":
        return Pandas(self._rows[some])

    def to_dict(self, kind: str) -> list[dict[str, Any]]:
        assert kind == "records"
        return self._rows


class Polars:
    """What a frame of Polars offers where there is no Arrow."""

    def iter_rows(self, *, named: bool) -> list[dict[str, Any]]:
        assert named
        return [{"a": "x"}]


@pytest.mark.parametrize("frame", [Pandas([{"a": "x"}]), Polars(), [{"a": "x"}], iter([{"a": "x"}])])
def test_frames_are_taken_without_arrow(frame: Any) -> None:
    assert texts_of(frame) == {"a": ["x"]}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ([1], "the table: row 1 must be a mapping from columns to cells, got the number 1"),
        ([("a", 1)], "the table: row 1 must be a mapping from columns to cells, got a value of type tuple; give dicts"),
        ([{1: 2}], "the table: row 1 has a column called 1; call columns by texts"),
        (3, "a table must be a file, a data frame or rows that are mappings, got int"),
        ({"a": [1]}, "a table must be a file, a data frame or rows that are mappings, got dict"),
        ("s3://bucket/t.csv", '"s3://bucket/t.csv" is in S3, and a table must be on this machine'),
        ("nosuch.csv", "nosuch.csv: there is no such file"),
        ("nosuch.parquet", "nosuch.parquet: there is no such file"),
        ("nosuch.jsonl", "nosuch.jsonl: there is no such file"),
        ("t.xlsx", "t.xlsx: is an Excel workbook"),
        ("t.csv.gz", "t.csv.gz: cannot be read: gzip cannot decompress it: "),
        ("gzip.csv", "gzip.csv: is compressed with gzip; end its name in .gz, or decompress it"),
        ("utf16.csv", "utf16.csv: is UTF-16; save it as UTF-8"),
        ("t.txt", "t.txt: the format of a table must be csv, jsonl or parquet, got a name that tells none"),
        ("broken.parquet", "broken.parquet: cannot be read by pyarrow: "),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: Any, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.xlsx").write_bytes(b"PK\x03\x04...")
    Path("t.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n")[:-9])
    Path("gzip.csv").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    Path("utf16.csv").write_bytes("a,b".encode("utf-16"))
    Path("t.txt").write_text("a,b\n")
    Path("broken.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(TableError, match=f"^{said}"):
        texts_of(source)


def test_parquet_with_a_name_twice_is_refused(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    parquet.write_table(table, tmp_path / "t.parquet")
    with pytest.raises(TableError, match="two columns are called 'a'"):
        texts_of(tmp_path / "t.parquet")


def test_the_same_rows_are_the_same_in_each_format(tmp_path: Path) -> None:
    rows = [{"n": str(number), "t": f"text {number}"} for number in range(3)]
    (tmp_path / "t.csv").write_text("t,n\n" + "".join(f"{row['t']},{row['n']}\n" for row in rows))
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "t.parquet")
    first, *others = [texts_of(tmp_path / f"t.{end}") for end in ("csv", "jsonl", "parquet")]
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", 'a,b\n1,"x\ny"\n'),
        ("t.csv", 'a,b\n1,"x\ny"'),
        ("t.tsv", 'a\tb\n1\t"x\ny"\n'),
        ("t.CSV", 'a,b\r1,"x\ny"\r'),
        ("t.csv", 'a,b\n1,"x\ny"\n2,5" disk\n'),
        ("t.jsonl", '{"a": 1, "b": "x\\ny"}\n'),
    ],
)
def test_what_gzip_has_compressed_is_read_as_it_was(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, newline="")
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert texts_of(packed) == texts_of(tmp_path / name)
    assert texts_of(packed)["b"][0] == "x\ny"
    assert open_table(packed).place(1) == open_table(tmp_path / name).place(1).replace(name, f"{name}.gz")


def test_a_frame_of_pandas_and_its_file_have_the_same_columns(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"a": ["x"], "__index_level_0__": [7]}), tmp_path / "t.parquet")
    assert texts_of(tmp_path / "t.parquet") == {"a": ["x"]}
    assert list(open_table(tmp_path / "t.parquet").columns()) == ["a"]


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Two partitions, of different columns, with what else engines write there."""
    lake = tmp_path / "lake"
    for month, columns in [
        ("01", {"a": pa.array([1], pa.int32()), "b": ["x"]}),
        ("__HIVE_DEFAULT_PARTITION__", {"b": ["y"], "a": pa.array([2], pa.int64()), "late": ["z"]}),
    ]:
        folder = lake / "year=2024" / f"month={month}"
        folder.mkdir(parents=True)
        parquet.write_table(pa.table(columns), folder / "part-0")
    (lake / "_SUCCESS").touch()
    (lake / ".part-0.crc").write_bytes(b"crc")
    return lake


def test_a_folder_of_parquet_is_one_table(lake: Path) -> None:
    assert texts_of(lake) == {
        "a": ["1", "2"],
        "b": ["x", "y"],
        "year": ["2024", "2024"],
        "month": ["1", ""],
        "late": ["", "z"],
    }
    assert str(open_table(lake).columns()["a"]) == "int64"


@pytest.mark.parametrize(
    ("content", "format", "said"),
    [
        (None, None, "lake: has no Parquet files; name the folder that has them"),
        ({"a": ["x"]}, None, "lake: cannot be read by pyarrow: .* incompatible types: .*; write the table anew"),
        ({"a": [1]}, "csv", "lake: is a folder, and of csv a table is one file; put its files into one"),
    ],
)
def test_a_folder_that_is_no_table_is_told(tmp_path: Path, content: Any, format: str | None, said: str) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    for number, columns in enumerate([{"a": [1]}, content] if content else []):
        parquet.write_table(pa.table(columns), lake / f"{number}.parquet")
    with pytest.raises(TableError, match=said):
        list(open_table(lake, format).blocks())
