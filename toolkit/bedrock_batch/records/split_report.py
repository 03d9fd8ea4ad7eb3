"""What a split has written, or why it has not."""

from dataclasses import dataclass

from bedrock_batch.errors import BedrockBatchError


class SplitError(BedrockBatchError):
    """Input that cannot be split, or a place that holds something else; the message says what to change."""


@dataclass(frozen=True)
class SplitReport:
    """What a split has written.

    Attributes
    ----------
    files : tuple of str
        Paths or URIs, in the order of the records.
    records : int
        How many records they have together.
    ids_added : int
        How many of these had no `recordId`.
    kept : int
        How many of the files were there already, from an earlier run with the same input.
    records_per_file : tuple of int
        How many records each file has.
    """

    files: tuple[str, ...]
    records: int
    ids_added: int
    kept: int
    records_per_file: tuple[int, ...]
