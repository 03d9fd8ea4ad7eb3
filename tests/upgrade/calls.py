"""Whether Bedrock was called: who answers a call with a job that is there already leaves no other trace of it.

The local AWS counts its faults down call by call, whatever becomes of the call. So the next call of an operation is to
be throttled once, which every client takes for a reason to call again; if that fault is used up, there was a call.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bedrock_local.faults import AddedFault
    from bedrock_local.running import RunningAws

#: The operations that cost: one makes a job that is paid for, the other gives up what was paid for.
CREATE, STOP = "CreateModelInvocationJob", "StopModelInvocationJob"


@dataclass(frozen=True)
class Calls:
    """Of which operations there was a call since this was made."""

    aws: RunningAws
    _wires: Mapping[str, AddedFault]

    def seen(self) -> set[str]:
        """Return the operations that were called, by now."""
        whole = {fault["id"] for fault in self.aws.faults.all()}
        return {operation for operation, wire in self._wires.items() if wire.fault_id not in whole}


@contextmanager
def watched_calls(aws: RunningAws) -> Iterator[Calls]:
    """Watch for calls of `CREATE` and `STOP`, whoever calls."""
    wires = {operation: aws.faults.throttle(1, operation) for operation in (CREATE, STOP)}
    try:
        yield Calls(aws, wires)
    finally:
        for wire in wires.values():
            wire.remove()
