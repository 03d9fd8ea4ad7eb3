"""How many results there are, and what does not add up."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bedrock_batch.results.batch import Batch
from bedrock_batch.results.manifest import Manifest
from bedrock_batch.values import shortened

_EXAMPLES = 5


@dataclass
class Ids:
    """How many records something is true of, and which the first few are.

    Attributes
    ----------
    count : int
        How many.
    examples : list of str
        The ids of the first five.
    """

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, batch: Batch, row: int) -> None:
        """Count one more."""
        self.count += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(batch.record_id[row] or f"{batch.input_file[row]}:{batch.input_line[row]}")

    def __str__(self) -> str:
        return ", ".join(map(shortened, self.examples)) + (", …" if self.count > _EXAMPLES else "")


@dataclass
class Tally:
    """The results of a job, counted.

    Attributes
    ----------
    succeeded, failed : int
        Results with an output, and with an error.
    input_tokens, output_tokens : int
        Sums over the results that tell.
    missing : Ids
        Records of the input without a result; none if the input was not read.
    unknown : Ids
        Results without a record in the input; none if the input was not read.
    repeated : Ids
        Results beyond the first for one record.
    """

    succeeded: int = 0
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    missing: Ids = field(default_factory=Ids)
    unknown: Ids = field(default_factory=Ids)
    repeated: Ids = field(default_factory=Ids)

    @property
    def results(self) -> int:
        """How many results the output has."""
        return self.succeeded + self.failed

    def count(self, batch: Batch) -> None:
        """Count results."""
        self.succeeded += batch.status.count("succeeded")
        self.failed += batch.status.count("failed")
        self.input_tokens += sum(filter(None, batch.input_tokens))
        self.output_tokens += sum(filter(None, batch.output_tokens))
        for row, status in enumerate(batch.status):
            if status == "missing":
                self.missing.add(batch, row)

    def disagreements(self, manifest: Manifest | None) -> list[str]:
        """Say what does not add up.

        Parameters
        ----------
        manifest : Manifest or None
            The service's own counts; None if there is no manifest.

        Returns
        -------
        list of str
            A sentence for each thing; none if all is there.
        """
        return [
            *_sentence(self.missing, "{} of the input without a result: {}"),
            *_sentence(self.unknown, "{} in the output that the input does not have: {}"),
            *_sentence(self.repeated, "{} more than once in the output: {}"),
            *self._other_counts(manifest),
        ]

    def _other_counts(self, manifest: Manifest | None) -> Iterator[str]:
        if not self.results:
            return
        if manifest is None:
            yield "there is no manifest.json.out, which the service writes last: the output may not be whole"
            return
        pairs = {
            "successful": (manifest.success_record_count, self.succeeded),
            "failed": (manifest.error_record_count, self.failed),
        }
        for kind, (told, found) in pairs.items():
            if told != found:
                yield f"the manifest counts {told:,} {kind} records, but the output files have {found:,}"


def _sentence(ids: Ids, words: str) -> list[str]:
    return [words.format("1 record" if ids.count == 1 else f"{ids.count:,} records", ids)] if ids.count else []
