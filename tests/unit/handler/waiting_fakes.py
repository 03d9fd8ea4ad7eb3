"""What a function has at hand to wait with, and to tell and remove what jobs leave, without a service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from model_invocation_job.waiting.waits import Wait


@dataclass
class InMemoryWaits:
    """A table. `refusals` meet the next calls that are named so."""

    items: dict[tuple[str, str], Wait] = field(default_factory=dict)
    leases: dict[tuple[str, str], int] = field(default_factory=dict)
    notes: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    refusals: dict[str, list[Exception]] = field(default_factory=dict)

    def put(self, wait: Wait) -> Wait:
        self._meet("put")
        standing = self.items.get((wait.job, wait.name))
        if standing and standing.request == wait.request:
            return standing
        self.items[wait.job, wait.name] = wait
        self.leases[wait.job, wait.name] = 0
        return wait

    def get(self, job: str, name: str) -> Wait | None:
        self._meet("get")
        return self.items.get((job, name))

    def lease(self, job: str, name: str, now: int, until: int) -> Wait | None:
        self._meet("lease")
        if (job, name) not in self.items or self.leases[job, name] >= now:
            return None
        self.leases[job, name] = until
        return self.items[job, name]

    def release(self, wait: Wait) -> None:
        self._meet("release")
        self.leases[wait.job, wait.name] = 0

    def delete(self, wait: Wait) -> None:
        self._meet("delete")
        self.items.pop((wait.job, wait.name), None)

    def of(self, job: str) -> list[Wait]:
        self._meet("of")
        return [wait for wait in self.items.values() if wait.job == job]

    def note(self, owner: str, name: str, texts: Sequence[str]) -> None:
        self._meet("note")
        self.notes[owner, name] = tuple(texts)

    def noted(self, owner: str, name: str) -> tuple[str, ...]:
        self._meet("noted")
        return self.notes.get((owner, name), ())

    def drop(self, owner: str, name: str) -> None:
        self._meet("drop")
        self.notes.pop((owner, name), None)

    def _meet(self, call: str) -> None:
        if self.refusals.get(call):
            raise self.refusals[call].pop(0)


@dataclass
class RecordedLooks:
    """Who was asked to look, and from how many seconds on; `refusals` meet the next ones."""

    started: list[tuple[Wait, int]] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    def start(self, wait: Wait, seconds: int) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.started.append((wait, seconds))


@dataclass
class RecordedRoles:
    """What was removed; `refusals` meet the next calls."""

    removed: list[str] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    def delete_inline(self, role: str, policy: str) -> None:
        self._remove(f"{role}/{policy}")

    def delete_managed(self, role: str, policy: str) -> None:
        self._remove(f"{role}/{policy}")

    def delete(self, role: str) -> None:
        self._remove(role)

    def _remove(self, what: str) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.removed.append(what)


@dataclass
class InMemoryResourceTags:
    """The index of tags, by ARN; `refusals` meet the next questions."""

    tagged: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    def of(self, arn: str) -> dict[str, str]:
        self.asked.append(arn)
        if self.refusals:
            raise self.refusals.pop(0)
        return self.tagged.get(arn, {})


@dataclass
class InMemoryManifests:
    """Manifests by folder; `refusals` meet the next reads."""

    manifests: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    refusals: list[Exception] = field(default_factory=list)

    def read(self, folder: str) -> Mapping[str, Any]:
        if self.refusals:
            raise self.refusals.pop(0)
        return self.manifests.get(folder, {})
