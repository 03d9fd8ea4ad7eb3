"""Records of a job's input that have one id: each is found by what it asks."""

import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from bedrock_batch.results.input.lines import content_key

_ADD = "INSERT INTO twins VALUES (?, 0, ?)"
_FIRST = "SELECT taken, number FROM twins WHERE key = ? ORDER BY taken, number LIMIT 1"
_TAKE = "UPDATE twins SET taken = 1 WHERE key = ? AND taken = 0 AND number = ?"


class Twins:
    """Tells apart records of which several have one id, in a database, as all records may have it.

    Parameters
    ----------
    database : sqlite3.Connection
        Without a table of this name.

    Attributes
    ----------
    found : bool
        Whether there are any.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        columns = "key BLOB, taken INTEGER, number INTEGER, PRIMARY KEY (key, taken, number)"
        database.execute(f"CREATE TABLE twins ({columns}) WITHOUT ROWID")
        self._database = database
        self.found = False

    def add(self, records: Iterable[tuple[str, bytes, int]]) -> None:
        """Add records: the id, the line and the number of each."""
        rows = ((_key(record_id, line), number) for record_id, line, number in records)
        self.found |= self._database.executemany(_ADD, rows).rowcount > 0

    def like(self, record_id: str, line: bytes) -> Iterator[int] | None:
        """Find the records that a line of the output is like.

        Returns
        -------
        iterator of int, or None
            The numbers of those that no other result was told, the first one first; None if there never was one.
        """
        key = _key(record_id, line)
        return self._take(key) if self._database.execute(_FIRST, (key,)).fetchone() else None

    def _take(self, key: bytes) -> Iterator[int]:
        while True:
            taken, number = self._database.execute(_FIRST, (key,)).fetchone()
            if taken:
                return
            self._database.execute(_TAKE, (key, number))
            yield number


def _key(record_id: str, line: bytes) -> bytes:
    return blake2b(f"{record_id}\0{content_key(line)}".encode(), digest_size=16).digest()
