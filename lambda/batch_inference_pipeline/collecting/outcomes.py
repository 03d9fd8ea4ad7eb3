"""What came of jobs, and of tasks: small objects, as many as there were."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.places import Place

#: Requests at a time; botocore keeps ten connections.
AT_A_TIME = 10
#: Outcomes that are in memory: a list of a thousand takes about as long as they do.
_AT_ONCE = 1_000


def read_all(objects: Objects, prefix: Place) -> Iterator[dict[str, Any]]:
    """Yield what stands below a prefix, in the order of the keys."""
    places = objects.below(prefix)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        while some := list(islice(places, _AT_ONCE)):
            yield from pool.map(objects.read, some)
