"""What a template is made of: custom resources and WaitConditions, and which of them come after which."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any

from .descriptions import RESOURCE_TYPE

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Attribute:
    """``Fn::GetAtt``: what another resource has answered."""

    of: str
    name: str


@dataclass(frozen=True)
class Custom:
    """A custom resource; its properties may be attributes of those that it comes `after`."""

    type: str
    properties: Properties
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """A WaitCondition that waits for one signal, so many seconds."""

    after: tuple[str, ...]
    timeout: float = 43200


Element = Custom | Condition
#: Properties alone are those of a job.
Template = Mapping[str, Properties | Element]


def element_of(value: Properties | Element) -> Element:
    return value if isinstance(value, Custom | Condition) else Custom(RESOURCE_TYPE, value)


def in_order(names: Iterable[str], before: Callable[[str], Iterable[str]], act: Callable[[str], bool]) -> bool:
    """Do the same to several resources at once, but to each after those `before` it; whether all went well.

    What comes after one that failed is left out.
    """
    done: dict[str, Future[bool]] = {}
    all_are_there = Event()

    def turn(name: str) -> bool:
        all_are_there.wait()
        return all(done[each].result() for each in before(name) if each in done) and act(name)

    names = list(names)
    with ThreadPoolExecutor(max(1, len(names))) as pool:
        done.update((name, pool.submit(turn, name)) for name in names)
        all_are_there.set()
    return all(future.result() for future in done.values())
