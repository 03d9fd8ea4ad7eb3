"""CSV as spreadsheets, databases and people write it: every cell is read as the module `csv` reads it, or told of."""

import csv
import io
import os
import threading
from pathlib import Path
from random import Random

import pytest

from bedrock_batch.tables import csv_pieces, csv_rows, csv_table
from bedrock_batch.tables.csv_table import CsvTable
from bedrock_batch.tables.errors import TableError

CELLS = [
    "",
    "a",
    "a b",
    'say ""x""',
    '"',
    ",",
    ";",
    "line\nbreak",
    "cr\r\nlf",
    "é東京",
    "\0",
    " ",
    "'",
    "\t",
    "=1",
    "a" * 500,
]


def rows_of(table: CsvTable) -> list[dict[str, str]]:
    return [
        dict(zip(block.texts, row, strict=True))
        for block in table.blocks()
        for row in zip(*block.texts.values(), strict=True)
    ]


def written(folder: Path, text: str | bytes, name: str = "t.csv") -> CsvTable:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return CsvTable(file)


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("piece", [37, 65_536])
def test_each_cell_is_what_was_written(  # noqa: PLR0917 (what is tried)
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quoting: int, end: str, width: int, piece: int
) -> None:
    monkeypatch.setattr(csv_pieces, "_SIZE", piece)
    random, text = Random(width), io.StringIO(newline="")  # noqa: S311 (no secret)
    names = [f"c{number}" for number in range(width)]
    cells = [[random.choice(CELLS) or "x" for _ in names] for _ in range(300)]
    writer = csv.writer(text, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerows([names, *cells])
    read = rows_of(written(tmp_path, text.getvalue()))
    assert [list(row.values()) for row in read] == cells


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n1,5" disk\n2,x\n',
        "a,b\r1,2\r3,4\r",
        "a,b\n\n1,2\n\n\n3,4\n\n",
        "a,b\n1,2",
        '"a","b"\n"x ""y"" z",""\n',
        '"a\nb",b\n1,2\n',
        "\ufeffa,b\n1,2\n",
        "a,b,\n1,2,3\n",
    ],
)
def test_what_is_not_plain_is_read_as_python_reads_it(tmp_path: Path, text: str) -> None:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    _, *rows = filter(None, reader)
    assert [list(row.values()) for row in rows_of(written(tmp_path, text))] == rows


def test_rows_after_an_odd_one_follow_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_pieces, "_SIZE", 64)
    plain = "".join(f"{number},text {number}\n" for number in range(100))
    table = written(tmp_path, f'n,t\n{plain}100,5" disk\n{plain}')
    blocks = list(table.blocks())
    assert [block.first for block in blocks] == [
        1 + sum(map(len, blocks[:position])) for position in range(len(blocks))
    ]
    assert [row["n"] for row in rows_of(table)] == [*map(str, range(101)), *map(str, range(100))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n3,4,5\n", r"t.csv:3: row 2 has 3 cells, and the header has 2 columns; put a cell"),
        ('a,b\n"x\ny",2\n3\n', r"t.csv:4: row 2 has 1 cell, and the header has 2 columns"),
        ('a,b\n1,2\n3,"x', r"t.csv:3: is no CSV: a cell begins with a quote that nobody closes"),
        ('a,b\n1,2\n3,"x"y\n', r"t.csv:3: is no CSV: ',' expected after '\"'; write a quote in a cell twice"),
        ("a,a\n1,2\n", r't.csv: two columns are called "a"; rename one'),
        ("", r"t.csv: has no header"),
        ("sep=;\na;b\n1;2\n", r"t.csv:1: tells Excel the delimiter, and is no header; remove this line"),
        (
            "a;b\n1;2,3\n",
            r't.csv:2: row 1 has 2 cells, and the header has 1 column, "a;b"; name',
        ),
        ("a\0,b\n", r"t.csv: is no text in UTF-8, as its header has NUL"),
        (b"a,b\n1,2\n1,caf\xe9\n", r"t.csv:3: row 2, column 2, is not UTF-8: it has the byte 0xe9; save"),
        (b"caf\xe9,b\n1,2\n", r"t.csv:1: the header, column 1, is not UTF-8: it has the byte 0xe9"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(TableError, match=said):
        rows_of(written(tmp_path, text))


def test_a_quote_that_nobody_closes_does_not_fill_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (csv_rows, csv_table):
        monkeypatch.setattr(module, "LONGEST_CELL", 1_000)
    before = csv.field_size_limit(1_000)
    try:
        with pytest.raises(TableError, match=r"has more than 1,000 characters; look for a quote that nobody closes"):
            rows_of(written(tmp_path, 'a,b\n1,"' + "x\n" * 100_000))
    finally:
        csv.field_size_limit(before)


def test_a_cell_may_be_longer_than_python_allows(tmp_path: Path) -> None:
    long = "x" * 200_000
    assert rows_of(written(tmp_path, f'a,b\n1,{long}\n2,5" {long}\n'))[0]["b"] == long


def test_what_python_allows_the_caller_stays_as_it_was(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    long = "x" * (before + 1)
    table = written(tmp_path, f'a,b\n1,5" {long}\n' * 3)
    for _ in table.blocks():
        # Another is read before this one is done.
        assert rows_of(table)
        assert csv.field_size_limit() == before
    assert table.place(3).endswith("t.csv:4")
    with pytest.raises(TableError, match="row 2, column 1, is not UTF-8"):
        rows_of(written(tmp_path, f'a,b\n1,5" {long}\n'.encode() + b"\xff,1\n", "bad.csv"))
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(("name", "text"), [("t.tsv", "a\tb\n1\t2,3\n"), ("t.csv", "a,b\n1,2\n")])
def test_the_name_tells_the_delimiter(tmp_path: Path, name: str, text: str) -> None:
    assert list(rows_of(written(tmp_path, text, name))[0]) == ["a", "b"]


def test_a_delimiter_can_be_named(tmp_path: Path) -> None:
    written(tmp_path, 'a;b\n1;"2;3"\n')
    assert rows_of(CsvTable(tmp_path / "t.csv", ";")) == [{"a": "1", "b": "2;3"}]
    with pytest.raises(TableError, match="a delimiter must be one character of ASCII"):
        CsvTable(tmp_path / "t.csv", "||")


def test_a_column_without_a_name_is_no_obstacle(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, ",a,\n0,1,2\n")) == [{"column 1": "0", "a": "1", "column 3": "2"}]


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_text, args=("a,b\n1,2\n",)).start()
    assert rows_of(CsvTable(pipe)) == [{"a": "1", "b": "2"}]
