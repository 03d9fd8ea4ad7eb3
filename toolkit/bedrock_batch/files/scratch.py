"""A database for what is more than memory should hold."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.temporary_folder import place_of_temporary_files


@contextmanager
def scratch_database(purpose: str) -> Iterator[sqlite3.Connection]:
    """Open an empty database that is gone afterwards: a temporary file, of which nothing is written while it is small.

    Parameters
    ----------
    purpose : str
        What it is for, as in "no room to find records in".

    Raises
    ------
    BedrockBatchError
        If there is no room for what is written to it.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        try:
            yield database
        except sqlite3.OperationalError as error:
            place = place_of_temporary_files()
            said = f"{place}: no room to {purpose} in ({error}); make some, or name another"
            raise BedrockBatchError(said) from None
