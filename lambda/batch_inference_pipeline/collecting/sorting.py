"""The records of a shard, sorted by what the lines of an output say of them.

Memory holds a digest for each record, not the records: both objects are read again for what is to be written.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from batch_inference_pipeline.collecting.answer import Answer, Verdict, read_answer
from batch_inference_pipeline.collecting.counts import Counts
from batch_inference_pipeline.collecting.records import OddLineError, Record, read_record
from batch_inference_pipeline.errors import BadInputError

_Keys = Counter[bytes]


class Sorting:
    """What became of each record: exactly one of succeeded, failed for good, and left.

    A record that has lines of several kinds has the best: a success is what was asked for, however often it failed.
    Records of one id are told apart by their bodies, which the output repeats.

    Parameters
    ----------
    records
        Reads the lines of the shard.
    answers
        The lines of the output.

    Attributes
    ----------
    odd
        How many lines of the output say nothing of a record of the shard.
    odd_line
        What is wrong with the first of them.
    """

    def __init__(self, records: Callable[[], Iterable[bytes]], answers: Iterable[bytes]) -> None:
        self._repeated: frozenset[bytes] = frozenset()
        self._records = self._keys(records())
        if repeated := frozenset(key for key, count in self._records.items() if count > 1):
            self._repeated = repeated
            self._records = self._keys(records())
        self.odd, self.odd_line = 0, ""
        seen: dict[Verdict, _Keys] = {verdict: Counter() for verdict in Verdict}
        for number, line in enumerate(answers, 1):
            try:
                key, answer = self._of_record(line)
            except OddLineError as error:
                self.odd += 1
                self.odd_line = self.odd_line or f"line {number} {error}"
            else:
                seen[answer.verdict][key] += 1
        self._succeeded = self._records & seen[Verdict.SUCCEEDED]
        self._failed = (self._records - self._succeeded) & seen[Verdict.FAILED]
        self._left = self._records - self._succeeded - self._failed

    @property
    def failed(self) -> int:
        """How many failed for good."""
        return self._failed.total()

    @property
    def counts(self) -> Counts:
        """How many came to what; errors are counted as `failed_lines` yields them."""
        return Counts(self._records.total(), self._succeeded.total(), self._left.total())

    def failed_lines(self, answers: Iterable[bytes], counts: Counts) -> Iterator[bytes]:
        """Yield, of the same output, the line of each record that failed for good, and count why."""
        failed = self._failed.copy()
        for line in answers:
            try:
                key, answer = self._of_record(line)
            except OddLineError:
                continue
            if answer.failure and answer.verdict is Verdict.FAILED and _taken(failed, key):
                counts.errors.add(answer.failure)
                yield line

    def left_lines(self, records: Iterable[bytes]) -> Iterator[bytes]:
        """Yield, of the same shard, the line of each record that is left."""
        left = self._left.copy()
        return (line for line in records if line.strip() and _taken(left, self._key(read_record(line))))

    def _of_record(self, line: bytes) -> tuple[bytes, Answer]:
        answer = read_answer(line)
        key = self._key(answer.record)
        if key not in self._records:
            raise OddLineError("answers no record of the shard")
        return key, answer

    def _key(self, record: Record) -> bytes:
        return record.whole_key if record.key in self._repeated else record.key

    def _keys(self, lines: Iterable[bytes]) -> _Keys:
        # With their numbers: of records that are alike, as many lines are theirs.
        keys: _Keys = Counter()
        for number, line in enumerate(lines, 1):
            try:
                keys.update([self._key(read_record(line))] if line.strip() else [])
            except OddLineError as error:
                text = f"line {number} of the shard {error}; do not change objects while a run reads them"
                raise BadInputError(text) from None
        return keys


def _taken(counted: _Keys, key: bytes) -> bool:
    if not counted[key]:
        return False
    counted[key] -= 1
    return True
