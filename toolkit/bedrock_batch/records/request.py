"""A request body: what it asks, in whichever shape its family takes it."""

from collections.abc import Iterator

_QUESTION_NAMES = ("messages", "content", "text", "prompt", "inputText", "message", "texts")


def question_of(body: object) -> str:
    """Take the last thing that is asked out of a request body.

    Parameters
    ----------
    body : object
        The `modelInput` of a record.

    Returns
    -------
    str
        The text; empty if there is none.
    """
    return next(reversed(list(_texts(body))), "")


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for element in value:
                yield from _texts(element)
        case dict():
            for name in _QUESTION_NAMES:
                if name in value:
                    yield from _texts(value[name])
