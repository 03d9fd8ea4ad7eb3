"""Lists of what other threads change: ministack makes them in one step, in which garbage was collected now and then.

Its stores are walked as ``list(store.items())``. Until Python 3.12 each tuple of that may have the interpreter collect
garbage; what is run as garbage goes may let another thread on, which adds to the store: "dictionary changed size during
iteration", and a job or a request was broken, when many stacks were deployed on Python 3.11. Seen in ministack 1.5.33.
https://docs.python.org/3/whatsnew/3.12.html#garbage-collector
"""

import gc
import sys
import time
from threading import Thread

# Longer, and more would gather between two looks than a look should take.
_PAUSE_SECONDS = 0.1


def collect_apart() -> None:
    """Collect garbage in a thread of its own, so that no other is interrupted where it does not expect it."""
    if sys.version_info < (3, 12) and gc.isenabled():
        gc.disable()
        Thread(target=_collect_for_ever, name="garbage", daemon=True).start()


def _collect_for_ever() -> None:
    while True:
        time.sleep(_PAUSE_SECONDS)
        collect_if_due()


def collect_if_due() -> None:
    """Collect the oldest generation that is due, and those before it, by the interpreter's own thresholds."""
    counted = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (count, threshold) in enumerate(counted) if count > threshold > 0]
    if due:
        gc.collect(max(due))
