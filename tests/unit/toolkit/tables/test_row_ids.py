"""The ids of rows: the same wherever a row stands, another for each, in bounded memory."""

from random import Random

import pytest

from bedrock_batch.files.scratch import scratch_database
from bedrock_batch.tables import occurrences
from bedrock_batch.tables.errors import TableError
from bedrock_batch.tables.occurrences import Occurrences
from bedrock_batch.tables.opening import open_table
from bedrock_batch.tables.row_ids import digests, made_ids, row_ids


class All:
    """All rows of a block."""

    def __init__(self, texts: dict[str, list[str]]) -> None:
        self.texts, self.numbers = texts, range(1, 1 + len(next(iter(texts.values()))))


def ids_of(texts: dict[str, list[str]], column: str | None = None) -> list[str]:
    rows = [dict(zip(texts, row, strict=True)) for row in zip(*texts.values(), strict=True)]
    with row_ids(open_table(rows), column) as ids:
        return ids.of(All(texts))


def test_a_row_keeps_its_id_when_another_comes_before_it() -> None:
    before, after = ids_of({"a": ["x", "y"]}), ids_of({"a": ["new", "x", "y"]})
    assert after[1:] == before


def test_the_order_of_columns_and_empty_ones_change_no_id() -> None:
    assert ids_of({"a": ["x"], "b": ["y"]}) == ids_of({"b": ["y"], "c": [""], "a": ["x"]})
    assert ids_of({"a": ["x"], "b": ["y"]}) != ids_of({"a": ["y"], "b": ["x"]})
    assert ids_of({"a%s": ["x"]}) != ids_of({"a%s": ["y"]})


def test_half_of_a_surrogate_pair_is_no_obstacle() -> None:
    assert digests({"a": ["x", "\ud800"]})[0] == digests({"a": ["x"]})[0]
    assert len(set(digests({"a": ["\ud800", "\ud801"]}))) == 2


def test_equal_rows_are_numbered() -> None:
    first, second, other, third = ids_of({"a": ["x", "x", "y", "x"]})
    assert (second, third) == (f"{first}-2", f"{first}-3")
    assert not other.startswith(first)


def test_ids_stay_what_they_are() -> None:
    """A table that was prepared a year ago is to be joined today."""
    assert digests({"text": ["good"], "id": ["7"]}) == ["row-54973e4ac7ea1735091e"]


def test_a_column_gives_its_ids() -> None:
    assert ids_of({"a": ["x", "y"]}, "a") == ["x", "y"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["x", ""], 'the table: row 2, column "a", is empty, and it is the record\'s id'),
        (["x", "y", "x"], 'the table: row 3, column "a", has the id "x" of row 1, and results are told apart by it'),
    ],
)
def test_an_id_that_is_none_or_another_rows_is_told(cells: list[str], said: str) -> None:
    with pytest.raises(TableError, match=said):
        ids_of({"a": cells}, "a")


@pytest.mark.parametrize("in_memory", [0, 40, 10_000])
def test_texts_are_counted_in_memory_and_beyond(monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(occurrences, "_IN_MEMORY", in_memory)
    random = Random(1)  # noqa: S311 (no secret)
    texts = [f"t{random.randrange(150)}" for _ in range(900)]
    with scratch_database("count") as database:
        counts = Occurrences(database)
        told = {
            start + position: before
            for start in range(0, len(texts), 50)
            for position, before in counts.again(texts[start : start + 50])
        }
    assert told == {number: before for number, text in enumerate(texts) if (before := texts[:number].count(text))}


def test_numbers_of_equal_rows_do_not_hang_on_blocks() -> None:
    with scratch_database("count") as database:
        counts = Occurrences(database)
        one_by_one = [made_ids({"a": [cell]}, counts)[0] for cell in "xxyx"]
    assert one_by_one == ids_of({"a": list("xxyx")})
