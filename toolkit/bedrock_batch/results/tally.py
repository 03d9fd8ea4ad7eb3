"""How many results there are, and what does not add up."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bedrock_batch.results.batch import Batch
from bedrock_batch.results.manifest import Manifest
from bedrock_batch.results.odd_lines import OddLines
from bedrock_batch.values import counted, shortened

_EXAMPLES = 5
_NO_MANIFEST = "there is no manifest.json.out, which the service writes last: the output may not be whole"


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
            place = f"{batch.input_file[row]}:{batch.input_line[row]}" if batch.input_file[row] else "(no recordId)"
            self.examples.append(batch.record_id[row] or place)

    def add_all(self, others: "Ids") -> None:
        """Count what others have counted."""
        self.count += others.count
        self.examples += others.examples[: _EXAMPLES - len(self.examples)]

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
    odd_lines : OddLines
        Lines of the output that are not as the service writes them. What can be read of them is a result.
    odd_input_lines : OddLines
        Lines of the input that are no record; none if the input was not read.
    """

    succeeded: int = 0
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    missing: Ids = field(default_factory=Ids)
    unknown: Ids = field(default_factory=Ids)
    repeated: Ids = field(default_factory=Ids)
    odd_lines: OddLines = field(default_factory=OddLines)
    odd_input_lines: OddLines = field(default_factory=OddLines)

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
        if "missing" in batch.status:
            for row, status in enumerate(batch.status):
                if status == "missing":
                    self.missing.add(batch, row)
        for line in batch.odd:
            self.odd_lines.add(line)

    def add_faults(self, other: "Tally") -> None:
        """Count what does not add up in another job, beside what is missing."""
        self.unknown.add_all(other.unknown)
        self.repeated.add_all(other.repeated)
        self.odd_lines.add_all(other.odd_lines)
        self.odd_input_lines.add_all(other.odd_input_lines)

    def disagreements(self, manifest: Manifest | None, without: str = _NO_MANIFEST) -> list[str]:
        """Say what does not add up.

        Parameters
        ----------
        manifest : Manifest or None
            The service's own counts; None if there is no manifest, or none that can be read.
        without : str
            Why there are none. Default: there is no manifest.

        Returns
        -------
        list of str
            A sentence for each thing; none if all is there.
        """
        return [
            *_sentence(self.missing, "{} of the input without a result: {}"),
            *_sentence(self.unknown, "{} in the output that the input does not have: {}"),
            *_sentence(self.repeated, "{} more than once in the output: {}"),
            *_odd(self.odd_lines, "of the output not as the service writes them; what can be read is there"),
            *_odd(self.odd_input_lines, "of the input that are no record"),
            *self._other_counts(manifest, without),
        ]

    def _other_counts(self, manifest: Manifest | None, without: str) -> Iterator[str]:
        if manifest is None:
            if self.results or self.odd_lines.count or without != _NO_MANIFEST:
                yield without
            return
        if not self.results:
            return
        pairs = {
            "successful": (manifest.success_record_count, self.succeeded),
            "failed": (manifest.error_record_count, self.failed),
        }
        for kind, (told, found) in pairs.items():
            if told != found:
                yield f"the manifest counts {counted(told, f'{kind} record')}, but the output files have {found:,}"


def _sentence(ids: Ids, words: str) -> list[str]:
    return [words.format(counted(ids.count, "record"), ids)] if ids.count else []


def _odd(lines: OddLines, words: str) -> list[str]:
    return [f"{counted(lines.count, 'line')} {words}: {lines}"] if lines.count else []
