"""Whether IAM is still as it was: roles, their trust, their policies and what those say."""

import itertools
import time
from collections.abc import Hashable


class Changes:
    """Counts the changes of IAM; `emulator.iam.young_roles` tells each, by whomever it is made."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._number = next(self._numbers)

    def note(self) -> None:
        """Count one that was made."""
        self._number = next(self._numbers)

    @property
    def state(self) -> Hashable:
        """What an answer of IAM's depends on: equal to another as long as the answer holds.

        It is another each second, too: a condition may look at the clock.
        """
        return self._number, int(time.monotonic())


#: The changes of this process's IAM.
CHANGES = Changes()
