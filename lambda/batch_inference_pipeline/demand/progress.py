"""What is answered of a task so far: an invocation that dies has kept all but the last few answers.

A part holds some answers, a line each: the record's number in the task, the numbers of tokens, and the line of output.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from batch_inference_pipeline.collecting.answer import Verdict, read_answer
from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.places import Place

#: Answers, and their bytes, that are in memory only.
_ANSWERS, _BYTES = 20, 8 * 1024 * 1024
_DIGITS = 32


@dataclass(frozen=True)
class Answered:
    """A record of a task that was asked.

    Parameters
    ----------
    number
        Its number in the task, from 0.
    line
        Its line of output.
    tokens
        Read and written, by the names that a manifest has for them.
    """

    number: int
    line: bytes
    tokens: Mapping[str, int] = field(default_factory=dict)

    def part_line(self) -> bytes:
        """Return the line in a part."""
        return json.dumps([self.number, dict(self.tokens)]).encode() + b"\t" + self.line

    @classmethod
    def of(cls, part_line: bytes) -> "Answered":
        """Read a line of a part."""
        head, _, line = part_line.partition(b"\t")
        number, tokens = json.loads(head)
        return cls(number, line, tokens)


class Progress:
    """The parts of a task.

    Parameters
    ----------
    objects
        Objects in S3.
    parts
        Their prefix.
    """

    def __init__(self, objects: Objects, parts: Place) -> None:
        self._objects = objects
        self._parts = parts
        self._held: list[bytes] = []

    def settled(self) -> set[int]:
        """Return the numbers of the records that are not asked again: they succeeded, or failed for good."""
        return {each.number for _, each in self._read() if _is_settled(each)}

    def add(self, answered: Answered) -> None:
        """Take an answer; write a part when there are enough."""
        self._held.append(answered.part_line())
        if len(self._held) >= _ANSWERS or sum(map(len, self._held)) >= _BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is in memory."""
        if self._held:
            # Named by what it holds, so that none takes another's place.
            name = sha256(b"".join(self._held)).hexdigest()[:_DIGITS]
            self._objects.write(self._parts.below(name), self._held)
            self._held = []

    def all(self) -> Iterator[Answered]:
        """Yield one answer for each record that was asked: a settled one, if it has one."""
        chosen: dict[int, tuple[Place, bool]] = {}
        for part, each in self._read():
            if each.number not in chosen or not chosen[each.number][1]:
                chosen[each.number] = part, _is_settled(each)
        yield from (each for part, each in self._read() if chosen[each.number][0] == part)

    def _read(self) -> Iterator[tuple[Place, Answered]]:
        for part in self._objects.below(self._parts):
            yield from ((part, Answered.of(line)) for line in self._objects.lines(part))


def _is_settled(answered: Answered) -> bool:
    return read_answer(answered.line).verdict is not Verdict.AGAIN
