"""The results of a job beside the records of its input: what is there, what is missing, what does not belong."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from bedrock_batch.input_index import InputIndex
from bedrock_batch.manifest import ResultsError
from bedrock_batch.results import Result
from bedrock_batch.tally import Tally

# A batch is what is in memory at a time. Vectors are long, so numbers count too.
_BATCH_RECORDS = 2_000
_BATCH_NUMBERS = 500_000


class JoinedResults:
    """A job's results, each with its place in the input, then the records that have none.

    Parameters
    ----------
    results : iterable of Result
        From `read_results`.
    index : InputIndex or None
        The input, from `open_input`; None if it is not there, and then nothing can be missing or unknown.

    Attributes
    ----------
    tally : Tally
        Whole when all batches have been read.
    """

    def __init__(self, results: Iterable[Result], index: InputIndex | None) -> None:
        self._results, self._index = results, index
        self.tally = Tally()

    def __iter__(self) -> Iterator[Result]:
        """Read the results one at a time; raise as `batches` does."""
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[list[Result]]:
        """Read the results, as many at a time as memory should hold.

        Raises
        ------
        ResultsError
            If a line is not as the service writes it; at the end, if not one result belongs to the input.
        """
        for results in _batches(self._results):
            if self._index is not None:
                self._find(results, self._index)
            self.tally.count(results)
            yield results
        if self._index is not None:
            self._require_kinship()
            for missing in _batches(self._index.missing()):
                self.tally.count(missing)
                yield missing

    def _find(self, results: list[Result], index: InputIndex) -> None:
        for result in index.claim(results):
            kind = self.tally.repeated if index.knows(result.record_id) else self.tally.unknown
            kind.add(result)

    def _require_kinship(self) -> None:
        unknown = self.tally.unknown
        if unknown.count and unknown.count == self.tally.results:
            raise ResultsError(
                f"none of the {unknown.count:,} results belongs to a record of this input: {unknown}; "
                "name the output and the input of one job"
            )


def _batches(results: Iterable[Result]) -> Iterator[list[Result]]:
    rest = iter(results)
    for first in rest:
        # The vectors of one job have one length.
        numbers = sum(map(len, first.embeddings)) if first.embeddings else 0
        size = max(min(_BATCH_RECORDS, _BATCH_NUMBERS // max(numbers, 1)), 1)
        yield [first, *islice(rest, size - 1)]
