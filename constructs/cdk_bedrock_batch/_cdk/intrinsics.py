"""CloudFormation's own functions in a template: what they name."""

import re
from collections.abc import Iterator

_IN_TEXT = re.compile(r"\$\{([^!}][^}]*)\}")


def names_in(value: object) -> set[str]:
    """Return the logical ids that resolved values name, in whichever way; pseudo parameters are none.

    Source: CloudFormation user guide, "Intrinsic function reference": Ref, Fn::GetAtt and Fn::Sub.
    """
    return {name for name in _names(value) if not name.startswith("AWS::")}


def _names(value: object) -> Iterator[str]:
    match value:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::GetAtt": str(path)}:
            yield path.partition(".")[0]
        case {"Fn::Sub": [str(text), {**given}]}:
            yield from (name for name in _in_text(text) if name not in given)
            yield from _names(list(given.values()))
        case {"Fn::Sub": str(text)}:
            yield from _in_text(text)
        case dict():
            yield from _names(list(value.values()))
        case list():
            for item in value:
                yield from _names(item)


def _in_text(text: str) -> Iterator[str]:
    return (found.strip().partition(".")[0] for found in _IN_TEXT.findall(text))
