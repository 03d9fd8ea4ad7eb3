"""How often a text has been there before, among more than memory should hold."""

import sqlite3
from collections.abc import Sequence

# Of about 100 bytes each.
_IN_MEMORY = 500_000
_COUNT = "INSERT INTO seen VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET times = times + 1"
# Of this size, the pages of some million keys are not read again from disk.
_CACHE_KIB = 48 * 1024


class Occurrences:
    """Counts texts: the first half million in memory, those after them in a database on disk.

    Two of a hundred million texts are taken for one with a probability of one in three thousand.

    Parameters
    ----------
    database : sqlite3.Connection
        Without a table of this name.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._seen: set[int] = set()
        self._times: dict[int, int] = {}
        self._database = database
        database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        database.execute("CREATE TABLE seen (key INTEGER PRIMARY KEY, times INTEGER)")
        database.execute("BEGIN")

    def again(self, texts: Sequence[str]) -> list[tuple[int, int]]:
        """Take texts; tell the position of each that has been there before, and how often it has."""
        keys = list(map(hash, texts))
        new = set(keys)
        if len(new) == len(keys) and self._seen.isdisjoint(new) and self._add(new):
            return []
        return [(position, before) for position, before in enumerate(map(self._count, keys)) if before]

    def _add(self, new: set[int]) -> bool:
        """Take keys that are not in memory; say whether they are new."""
        if len(self._seen) < _IN_MEMORY:
            self._seen |= new
            return True
        self._database.execute("SAVEPOINT block")
        try:
            # One beside the other, as they will stand in the database.
            self._database.executemany("INSERT INTO seen VALUES (?, 1)", zip(sorted(new)))
        except sqlite3.IntegrityError:
            self._database.execute("ROLLBACK TO block")
            return False
        finally:
            self._database.execute("RELEASE block")
        return True

    def _count(self, key: int) -> int:
        if key in self._seen:
            before = self._times[key] = self._times.get(key, 0) + 1
            return before
        if len(self._seen) < _IN_MEMORY:
            self._seen.add(key)
            return 0
        self._database.execute(_COUNT, (key,))
        ((times,),) = self._database.execute("SELECT times FROM seen WHERE key = ?", (key,))
        return int(times) - 1
