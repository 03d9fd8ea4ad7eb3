"""Records of which it is known what became of them: more than memory should hold."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bedrock_batch.files.scratch import scratch_database

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

_NOTE = """
    INSERT INTO settled VALUES (:key, :job, 1, 1, 0) ON CONFLICT (key) DO UPDATE SET
        job = :job,
        here = CASE job WHEN :job THEN here + 1 ELSE 1 END,
        most = max(most, CASE job WHEN :job THEN here + 1 ELSE 1 END)
"""
_FIND = "SELECT key, most - told FROM settled WHERE key IN (SELECT value FROM json_each(?))"


class Settled:
    """The keys of records, each with how often a job has it, and of how many the result is told.

    One job may have the same record several times, as of a prompt that is asked a hundred times: there are as many of
    it as the job has which has it most often.

    Parameters
    ----------
    database : sqlite3.Connection
        Empty.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        columns = "key TEXT PRIMARY KEY, job INTEGER, here INTEGER, most INTEGER, told INTEGER"
        database.execute(f"CREATE TABLE settled ({columns}) WITHOUT ROWID")
        database.execute("BEGIN")

    def note(self, keys: Sequence[str], job: int) -> None:
        """Note the records of a job; it may have noted others, but no other job may between."""
        self._database.executemany(_NOTE, [{"key": key, "job": job} for key in keys])

    def take(self, keys: Sequence[str]) -> list[bool]:
        """Tell results.

        Returns
        -------
        list of bool
            For each whether its record was still without; it no longer is.
        """
        left = dict(self._database.execute(_FIND, (json.dumps(keys),)))
        before = dict(left)
        taken = [_takes_one(left, key) for key in keys]
        told = [(number - left[key], key) for key, number in before.items() if number > left[key]]
        self._database.executemany("UPDATE settled SET told = told + ? WHERE key = ?", told)
        return taken


def _takes_one(left: dict[str, int], key: str) -> bool:
    if left[key] < 1:
        return False
    left[key] -= 1
    return True


@contextmanager
def settled() -> Iterator[Settled]:
    """Open a place for such records.

    Raises
    ------
    BedrockBatchError
        If there is no room for them.
    """
    with scratch_database("keep records") as database:
        yield Settled(database)
