import gc
import weakref
from collections.abc import Iterator

import pytest

from bedrock_local.emulator import garbage
from tests.local_aws.processes import eventually


class Thing:
    """What only the collector of garbage finds."""

    def __init__(self) -> None:
        self.itself = self


class Adding(Thing):
    """Garbage that lets somebody add to a store as it goes, as another thread may then."""

    def __init__(self, store: dict[object, object]) -> None:
        super().__init__()
        self._store = store

    def __del__(self) -> None:
        self._store[object()] = None


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """The interpreter's own, as it was."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.enable()


def test_a_list_of_a_store_is_whole_whatever_goes_meanwhile() -> None:
    store: dict[object, object] = dict.fromkeys(range(1000))
    garbage.collect_apart()
    gc.collect()
    gc.set_threshold(100)
    Adding(store)
    assert len(list(store.items())) == 1000


def test_garbage_goes_all_the_same() -> None:
    garbage.collect_apart()
    gc.set_threshold(1, 1, 1)
    gone = weakref.ref(Thing())
    assert eventually(lambda: gone() is None)


@pytest.mark.parametrize("generation", [0, 1, 2])
def test_the_oldest_that_is_due_is_collected(generation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[int] = []
    counts = [11 if number <= generation else 10 for number in range(3)]
    monkeypatch.setattr(gc, "get_count", lambda: tuple(counts))
    monkeypatch.setattr(gc, "get_threshold", lambda: (10, 10, 10))
    monkeypatch.setattr(gc, "collect", collected.append)
    garbage.collect_if_due()
    assert collected == [generation]


def test_nothing_is_collected_before_it_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "get_count", lambda: (10, 1, 0))
    monkeypatch.setattr(gc, "get_threshold", lambda: (10, 10, 10))
    monkeypatch.setattr(gc, "collect", lambda generation: pytest.fail(f"{generation} is not due"))
    garbage.collect_if_due()
