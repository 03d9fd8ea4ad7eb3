"""What results are written by, whatever the format."""

from collections.abc import Iterable
from typing import Protocol

from bedrock_batch.results.result import Result


class Writer(Protocol):
    """Takes results, batch by batch."""

    def write(self, results: Iterable[Result]) -> None:
        """Write the next results, a row each."""
