"""Signs of life while something is done that says nothing itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bedrock_local.command.instructions import say
from bedrock_local.command.meanwhile import meanwhile

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_SECONDS = 4


def going_on(what: str, seconds: float = _SECONDS) -> AbstractContextManager[None]:
    """Say every few seconds, while the context lasts, for how long something is being done.

    Parameters
    ----------
    what
        What is being done.
    seconds
        How often that is said. Default: every 4 s.
    """
    began = time.monotonic()
    return meanwhile(lambda: say(f"{what}, {time.monotonic() - began:.0f} s"), seconds)
