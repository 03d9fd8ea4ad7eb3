"""Small objects, read before it is their turn: one after the other, each would take as long as S3 takes to answer."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from batch_inference_pipeline.cutting.source import Source

#: Bytes of what is held for each object that is read ahead.
SMALL = 256 * 1024
#: Requests at a time; botocore keeps ten connections.
_AT_A_TIME = 8

Ahead = tuple[Source, Future[bytes] | None]


def read_ahead(sources: Iterable[Source], read: Callable[[Source], bytes]) -> Iterator[Ahead]:
    """Go through sources.

    Parameters
    ----------
    sources
        What is read.
    read
        Reads a small object.

    Yields
    ------
    tuple
        Each source, and what becomes of reading it; None in the place of that for one that is not small.
    """
    waiting: deque[Ahead] = deque()
    pool = ThreadPoolExecutor(_AT_A_TIME)
    try:
        for source in sources:
            is_small = source.is_whole and source.size <= SMALL
            waiting.append((source, pool.submit(read, source) if is_small else None))
            if len(waiting) > _AT_A_TIME:
                yield waiting.popleft()
        yield from waiting
    finally:
        pool.shutdown(cancel_futures=True)
