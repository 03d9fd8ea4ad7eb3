"""The keys of a job's input: each leads to the records that have it."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from itertools import count, islice

from msgspec.json import encode

# Of about 120 bytes each, beside what a long id takes. Few jobs have more records.
_IN_MEMORY = 500_000
_FIND = """
    SELECT input.key, number FROM json_each(?) AS wanted JOIN input ON input.key = wanted.value ORDER BY number DESC
"""
_NOTE_REPEATED = "INSERT INTO repeated SELECT key FROM input GROUP BY key HAVING count(*) > 1"
_REPEATED = "SELECT value FROM json_each(?) AS wanted JOIN repeated ON repeated.key = wanted.value"


class InputKeys:
    """Finds records by their key: the first half million in memory, those after them in a database on disk.

    Parameters
    ----------
    keys : iterator of str
        The key of each record, in the order of the input.
    database : sqlite3.Connection
        Empty.

    Attributes
    ----------
    has_repeated : bool
        Whether several records have one key.
    """

    def __init__(self, keys: Iterator[str], database: sqlite3.Connection) -> None:
        self._first: dict[str, int] = {}
        self._again: dict[str, list[int]] = {}
        for number, key in enumerate(islice(keys, _IN_MEMORY)):
            if self._first.setdefault(key, number) != number:
                self._again.setdefault(key, []).append(number)
        database.execute("BEGIN")
        database.execute("CREATE TABLE input (key TEXT, number INTEGER)")
        rest = zip(self._beyond_memory(keys), count(_IN_MEMORY), strict=False)
        stored = database.executemany("INSERT INTO input VALUES (?, ?)", rest).rowcount
        database.execute("CREATE INDEX keys ON input (key, number)")
        database.execute("CREATE TABLE repeated (key TEXT PRIMARY KEY) WITHOUT ROWID")
        repeated = database.execute(_NOTE_REPEATED).rowcount
        self._database, self._overflows = database, stored > 0
        self.has_repeated = bool(self._again) or repeated > 0

    def first(self, keys: Iterable[str]) -> list[int | None]:
        """Find the number of the first record in memory that has each key, from 0; None if there is none."""
        return list(map(self._first.get, keys))

    def find(self, keys: Collection[str]) -> dict[str, list[int]]:
        """Find the numbers of all records that have these keys, the first one last."""
        found = {key: [number] for key in keys if (number := self._first.get(key)) is not None}
        for key in self._again.keys() & keys:
            found[key][:0] = reversed(self._again[key])
        if self._overflows:
            stored = self._stored(keys)
            for key in set(keys):
                if numbers := stored.get(_as_text(key)):
                    found[key] = [*numbers, *found.get(key, ())]
        return found

    def repeated(self, keys: Collection[str]) -> set[str]:
        """Tell which of these keys several records have."""
        repeated = self._again.keys() & keys
        if self._overflows:
            wanted = encode(list(map(_as_text, keys))).decode()
            stored = {key for (key,) in self._database.execute(_REPEATED, (wanted,))}
            repeated |= {key for key in keys if _as_text(key) in stored}
        return repeated

    def _beyond_memory(self, keys: Iterable[str]) -> Iterator[str]:
        for key in keys:
            if key in self._first:
                # Its other numbers are in the database.
                self._again.setdefault(key, [])
            yield _as_text(key)

    def _stored(self, keys: Collection[str]) -> dict[str, list[int]]:
        stored: dict[str, list[int]] = {}
        for key, number in self._database.execute(_FIND, (encode(list(map(_as_text, keys))).decode(),)):
            stored.setdefault(key, []).append(number)
        return stored


def _as_text(key: str) -> str:
    """Give a key as SQLite can hold it, where a text ends at a NUL."""
    return key.replace("\0", "\ufffd")
