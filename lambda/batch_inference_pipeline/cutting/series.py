"""The shards of one task: those that are done, and the one that is open."""

from dataclasses import replace

from batch_inference_pipeline.cutting.division import Division
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.open_shard import OpenShard
from batch_inference_pipeline.cutting.shard import Position, Shard
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.places import Place


class Series:
    """The shards of a task.

    Parameters
    ----------
    store
        S3.
    limits
        What a job takes.
    prefix
        Of what is written.
    task
        The task's name, which those of its shards begin with.

    Attributes
    ----------
    done : list of Shard
        Those that are there.
    open : OpenShard or None
        The one that records are added to.
    last : tuple or None
        The last that was written, and where its first record stands.
    """

    def __init__(self, store: Store, limits: Limits, prefix: Place, task: str) -> None:
        self._store, self._limits, self._prefix, self._task = store, limits, prefix, task
        self._names = 0
        self._free: list[str] = []
        self._begin = Position(0, 0)
        self.done: list[Shard] = []
        self._closed: tuple[Position, OpenShard] | None = None
        self.open: OpenShard | None = None
        self.last: tuple[Position, Shard] | None = None

    def use(self, shard: Shard) -> Shard:
        """Take an object of the input as the next shard; return it with its name."""
        self.settle()
        self.done.append(replace(shard, name=self._name()))
        return self.done[-1]

    def begin(self, begin: Position, division: Division) -> OpenShard:
        """Open the next, after the one that is open."""
        self.close()
        name = self._name()
        place = self._prefix.below(f"{name}.jsonl")
        self._begin = begin
        self.open = OpenShard(name, place, self._store.upload(place), division, self._limits)
        return self.open

    def close(self) -> None:
        """Take no further record into the open one; the next may be begun while the last of it is sent."""
        if self.open:
            self.settle()
            self.open.close()
            self._closed, self.open = (self._begin, self.open), None

    def settle(self) -> None:
        """Wait until the closed one is there."""
        if self._closed:
            begin, closed = self._closed
            self.last = (begin, closed.complete())
            self.done.append(self.last[1])
            self._closed = None

    def abort(self) -> None:
        """Let nothing be there of the open one, nor of one that is not there yet."""
        if self._closed:
            self._closed[1].abort()
        if self.open:
            self.open.abort()
        self._closed = self.open = None

    def take_back(self, shard: Shard, opened: OpenShard) -> None:
        """Let one be written anew, together with the open one."""
        self.abort()
        self.done.remove(shard)
        self._free = [shard.name, opened.name]

    def _name(self) -> str:
        if self._free:
            return self._free.pop(0)
        self._names += 1
        return f"{self._task}-{self._names:03d}"
