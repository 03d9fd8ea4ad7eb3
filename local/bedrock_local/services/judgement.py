"""What IAM said last, for as long as it would say the same."""

from collections.abc import Callable, Hashable

from bedrock_local.services.changes import CHANGES


class Judgement:
    """An answer of IAM's, as often as it is called; IAM is asked in full only when something has changed.

    Parameters
    ----------
    ask
        Asks IAM: why something may not be done, None if it may.
    """

    def __init__(self, ask: Callable[[], str | None]) -> None:
        self._ask = ask
        # Both in one, for several threads look at it.
        self._known: tuple[Hashable, str | None] = None, None

    def __call__(self) -> str | None:
        """Say why it may not be done; None if it may."""
        state, refusal = self._known
        # Before IAM is asked: what changes meanwhile is another state.
        now = CHANGES.state
        if now != state:
            refusal = self._ask()
            self._known = now, refusal
        return refusal
