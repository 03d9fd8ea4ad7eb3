"""What was made of a table."""

from dataclasses import dataclass
from pathlib import Path

from bedrock_batch.records.tokens import NO_TEXTS, Texts
from bedrock_batch.values import counted


@dataclass(frozen=True, kw_only=True)
class PreparedRecords:
    """The input that a table has become; printed, a line.

    Attributes
    ----------
    file : pathlib.Path
        The input.
    records : int
        How many records it has.
    skipped : int
        How many rows were left out, as a cell was empty.
    bytes : int
        The size of the input.
    images : int
        How many images its records have.
    images_in_s3 : int
        Those of them that are there, which has to be the folder of the input.
    image_bytes : int
        Those of the input that are images.
    notes : tuple of str
        What to know before a job is made of it.
    sampled : Texts
        How much text its first lines have.
    """

    file: Path
    records: int
    skipped: int
    bytes: int
    images: int
    images_in_s3: int
    image_bytes: int
    notes: tuple[str, ...]
    sampled: Texts = NO_TEXTS

    @property
    def estimated_tokens(self) -> int:
        """Roughly how many input tokens will be paid for, without images, as `CheckReport.estimated_tokens` has it."""
        return self.sampled.tokens(self.bytes)

    def __str__(self) -> str:
        images = f" with {counted(self.images, 'image')} ({self.image_bytes:,} bytes)" if self.images else ""
        tokens = f"about {counted(self.estimated_tokens, 'token')} of text"
        skipped = f"; {counted(self.skipped, 'row')} skipped" if self.skipped else ""
        return f"{counted(self.records, 'record')}{images}, {counted(self.bytes, 'byte')}, {tokens}{skipped}"
