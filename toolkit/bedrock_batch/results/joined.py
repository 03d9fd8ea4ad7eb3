"""The results of a job beside the records of its input: what is there, what is missing, what does not belong."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from bedrock_batch.results.batch import Batch, one_batch
from bedrock_batch.results.input.index import InputIndex
from bedrock_batch.results.manifest import ResultsError
from bedrock_batch.results.result import Result
from bedrock_batch.results.tally import Tally

# A batch is what is in memory at a time: so many parts of an output file.
_BATCH_PARTS = 32


class JoinedResults:
    """A job's results, each with its place in the input, then the records that have none.

    Parameters
    ----------
    parts : iterable of Batch
        From `read_output`.
    index : InputIndex or None
        The input, from `open_input`; None if it is not there, and then nothing can be missing or unknown.

    Attributes
    ----------
    tally : Tally
        Whole when all batches have been read.
    """

    def __init__(self, parts: Iterable[Batch], index: InputIndex | None) -> None:
        self._parts, self._index = parts, index
        self.tally = Tally()

    def __iter__(self) -> Iterator[Result]:
        """Read the results one at a time; raise as `batches` does."""
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[Batch]:
        """Read the results, as many at a time as memory should hold.

        Raises
        ------
        ResultsError
            If a line is not as the service writes it; at the end, if not one result belongs to the input.
        """
        parts = iter(self._parts)
        while batch := one_batch(islice(parts, _BATCH_PARTS)):
            if self._index is not None:
                self._find(batch, self._index)
            self.tally.count(batch)
            yield batch
        if self._index is not None:
            self._require_kinship()
            for missing in self._index.missing():
                self.tally.count(missing)
                yield missing

    def _find(self, batch: Batch, index: InputIndex) -> None:
        for row in index.claim(batch):
            kind = self.tally.repeated if index.knows(batch.record_id[row]) else self.tally.unknown
            kind.add(batch, row)

    def _require_kinship(self) -> None:
        unknown = self.tally.unknown
        if unknown.count and unknown.count == self.tally.results:
            raise ResultsError(
                f"none of the {unknown.count:,} results belongs to a record of this input: {unknown}; "
                "name the output and the input of one job"
            )
