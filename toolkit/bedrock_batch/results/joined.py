"""The results of a job beside the records of its input: what is there, what is missing, what does not belong."""

from collections.abc import Iterable, Iterator
from itertools import chain

from bedrock_batch.results.batch import Batch
from bedrock_batch.results.input.index import InputIndex
from bedrock_batch.results.manifest import ResultsError
from bedrock_batch.results.result import Result
from bedrock_batch.results.tally import Tally


class JoinedResults:
    """A job's results, each with its place in the input, then the records that have none.

    Parameters
    ----------
    parts : iterable of Batch
        From `open_output_files`.
    index : InputIndex or None
        The input, from `open_input`; None if it is not there, and then nothing can be missing or unknown.
    job_id : str or None
        The id of the job. Default: it is not known.

    Attributes
    ----------
    tally : Tally
        Whole when all batches have been read.
    """

    def __init__(self, parts: Iterable[Batch], index: InputIndex | None, job_id: str | None = None) -> None:
        self._parts, self._index, self._job_id = parts, index, job_id
        self.tally = Tally()
        if index is not None:
            self.tally.odd_input_lines = index.odd_lines

    def __iter__(self) -> Iterator[Result]:
        """Read the results one at a time; raise as `batches` does."""
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[Batch]:
        """Read the results, as many at a time as memory should hold.

        Raises
        ------
        ResultsError
            If a file cannot be read; at the end, if not one result belongs to the input.
        """
        for batch in self._all():
            batch.job_id = [self._job_id] * len(batch)
            self.tally.count(batch)
            yield batch

    def _all(self) -> Iterator[Batch]:
        for batch in self._parts:
            if self._index is not None:
                self._find(batch, self._index)
            yield batch
        if self._index is not None:
            self._require_kinship()
            yield from self._index.missing()

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
