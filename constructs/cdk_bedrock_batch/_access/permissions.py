"""What a role may do, as it grows with the jobs of a stack."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from aws_cdk import aws_iam as iam
from constructs import IDependable

from cdk_bedrock_batch._access.statements import Statement, kind_of, resources_of

#: A longer statement would rarely fit into what is left of a policy.
_MOST_RESOURCES = 12
_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
#: Characters of what a token stands for: no Region's name is longer, no bucket's, and no role's ARN.
_PSEUDO = re.compile(r"\$\{Token\[AWS\.(Partition|Region|AccountId|URLSuffix)\.[0-9]+\]\}")
_SHORT, _NAME, _ARN = "s" * 16, "n" * 64, "a" * 128
#: Characters of a statement that say nothing yet.
_FRAME = 60


@dataclass
class Chunk:
    """A policy that still takes statements.

    Attributes
    ----------
    add
        Puts a statement into it.
    room
        How many characters more it takes.
    needed
        What must be there, beside the role, before the role has them.
    """

    add: Callable[[iam.PolicyStatement], object]
    room: int
    needed: list[IDependable]


#: Makes the next policy, by its number.
MakeChunk = Callable[[int], Chunk]


@dataclass
class _Kind:
    """Statements that differ in their resources only, of which the last still takes some."""

    granted: set[str] = field(default_factory=set)
    last: iam.PolicyStatement | None = None
    chunk: Chunk | None = None
    room: int = 0


class Permissions:
    """Statements of one role, in as many policies as they need.

    Each one given to CDK is a question to its own process, and the statements of a hundred jobs are more than a policy
    can have: what differs in its resources only goes into one statement, and what was granted before into none.
    """

    def __init__(self, make: MakeChunk) -> None:
        self._make = make
        self._kinds: dict[str, _Kind] = {}
        self._chunks: list[Chunk] = []

    @property
    def needed(self) -> list[IDependable]:
        """What must be there, beside the role, before it may do all this."""
        return [each for chunk in self._chunks for each in chunk.needed]

    def length_with(self, statement: Statement) -> int:
        """Return how many characters a statement adds, rather too many than too few; none if all of it is granted."""
        kind = self._kinds.get(kind_of(statement))
        if kind is None:
            return length_of(statement)
        return sum(_length(resource) for resource in resources_of(statement) if resource not in kind.granted)

    def allow(self, statement: Statement) -> None:
        """Let the role do what it may not do yet."""
        kind = self._kinds.setdefault(kind_of(statement), _Kind())
        new = [resource for resource in resources_of(statement) if resource not in kind.granted]
        kind.granted.update(new)
        if not new:
            return
        if kind.last and kind.chunk and len(new) <= kind.room and (size := sum(map(_length, new))) <= kind.chunk.room:
            kind.last.add_resources(*new)
        else:
            allowed = {**statement, "Resource": new}
            size = length_of(allowed)
            kind.chunk, kind.room = self._chunk(size), _MOST_RESOURCES
            kind.last = iam.PolicyStatement.from_json(allowed)
            kind.chunk.add(kind.last)
        kind.room -= len(new)
        kind.chunk.room -= size

    def _chunk(self, size: int) -> Chunk:
        if not self._chunks or self._chunks[-1].room < size:
            self._chunks.append(self._make(len(self._chunks)))
        return self._chunks[-1]


def length_of(statement: Statement) -> int:
    """Return how many characters a statement has when it is deployed, rather too many than too few."""
    return _length(kind_of(statement)) + _FRAME + sum(map(_length, resources_of(statement)))


def _length(text: str) -> int:
    # With its quotation marks and comma.
    return 3 + len(_ARN if _TOKEN.fullmatch(text) else _TOKEN.sub(_NAME, _PSEUDO.sub(_SHORT, text)))
