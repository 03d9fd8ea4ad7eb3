"""What is said of a record, and what is said of any body whatever its model is."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from bedrock_batch.records.checking.shapes.values import CACHING
from bedrock_batch.records.members import Path, members


class Fault(NamedTuple):
    """Something to say about a value of a record.

    Attributes
    ----------
    path : tuple
        The way to the value.
    told : callable
        Says it; to do so takes a hundred times as long as to notice, and the body has to be as it was.
    sure : bool
        Whether the record is known to be refused for it. Default: it is.
    """

    path: Path
    told: Callable[[], str]
    sure: bool = True


def caching_in(body: dict[str, object]) -> Iterator[Fault]:
    """Find the cache points of a body.

    Yields
    ------
    Fault
        Each, with what to change. It has been seen to fail; AWS does not say so.
    """
    for member in members(body):
        if member.name in CACHING and member.value is not None:
            message = f"batch inference has been seen to refuse prompt caching with error 403; remove '{member.name}'"
            yield Fault(("modelInput", *member.path, member.name), partial(str, message), sure=False)
