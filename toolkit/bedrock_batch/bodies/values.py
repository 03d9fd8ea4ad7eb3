"""How an answer is made, by the names and in the ranges of a family."""

from typing import Any, NamedTuple

from bedrock_batch.bodies.request import Settings

_HOTTEST = 1


class Names(NamedTuple):
    """What a family calls the settings.

    Attributes
    ----------
    max_tokens, temperature, top_p : str
        Their names.
    stop : str
        Its name. Default: empty, it has none.
    hottest : float
        The highest temperature. Default: 1.
    """

    max_tokens: str
    temperature: str
    top_p: str
    stop: str = ""
    hottest: float = _HOTTEST


def settings_by(names: Names, settings: Settings, lost: set[str]) -> dict[str, Any]:
    """Write the settings that are there.

    A temperature above the family's range is brought into it, and not scaled: 1 is the usual one everywhere.
    """
    values: dict[str, Any] = {}
    if settings.max_tokens is not None:
        values[names.max_tokens] = settings.max_tokens
    if (temperature := settings.temperature) is not None:
        if temperature > names.hottest:
            lost.add(f"temperature above {names.hottest:g}")
            temperature = names.hottest
        values[names.temperature] = temperature
    if settings.top_p is not None:
        values[names.top_p] = settings.top_p
    if settings.stop and names.stop:
        if stops := _spoken(settings.stop, lost):
            values[names.stop] = stops
    elif settings.stop:
        lost.add("stop")
    return values


def _spoken(stops: tuple[str, ...], lost: set[str]) -> list[str]:
    """Take the stop sequences that are more than space: Claude is seen to refuse others."""
    spoken = [stop for stop in stops if stop and not stop.isspace()]
    if len(spoken) < len(stops):
        lost.add("stop of nothing but space")
    return spoken
