"""``python -m comparison.child MODULE WAY ARGUMENT...``: run one way of a benchmark here, and print what it costs."""

import importlib
import json
import resource
import sys
import time
from pathlib import Path

_OF_BOTH = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
_MAXRSS = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Get ready, measure, print."""
    module, way, *arguments = sys.argv[1:]
    run = importlib.import_module(module).WAYS[way](*arguments)
    before, began = _processor(), time.perf_counter()
    run()
    clock, processor = time.perf_counter() - began, _processor() - before
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _MAXRSS / 2**20
    peak = max(_own_peak(), of_children)
    sys.stdout.write(f"\n{json.dumps({'processor': processor, 'clock': clock, 'megabytes': peak})}\n")


def _own_peak() -> float:
    """Return the peak in MB. Linux's `ru_maxrss` is that of whoever started this process, if that is more."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS / 2**20
    (line,) = (line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _processor() -> float:
    used = [resource.getrusage(who) for who in _OF_BOTH]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
