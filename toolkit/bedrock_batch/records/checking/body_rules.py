"""What a request body has to have, and how to say what it lacks."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from bedrock_batch.records.checking.families import CONVERSE, FAMILIES, Family
from bedrock_batch.records.checking.shapes import ASIDE, CACHING
from bedrock_batch.records.members import Place, members
from bedrock_batch.values import described

_PLACE = re.compile(r"(?P<fact>.*?)(?: - at `\$\.?(?P<place>.*)`)?", re.DOTALL)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_KINDS = {"str": "a string", "int": "a whole number", "float": "a number", "array": "a list", "object": "an object"}

# Members whose own text says more than their type.
_FORBIDDEN = {
    "modelId": "is the job's, and a record may not name another; remove it",
    "model": "is not taken by Amazon Bedrock, which has the model from the job; remove it",
    "toolConfig": "fails in batch inference through Converse; remove it, or write bodies for InvokeModel",
    "anthropic_version": "belongs into an InvokeModel body of Anthropic Claude only",
}


def problem_of(body: dict[str, object], family: Family, *, explained: bool = True) -> Place | None:
    """Hold a body against the shapes of a family.

    Parameters
    ----------
    body : dict
        The body; it loses its media and cache points, which the shapes do not know.
    family : Family
        The family.
    explained : bool
        Whether it matters what does not fit, or only that it does not. Default: it matters.

    Returns
    -------
    Place or None
        The first thing to change; None if one of the shapes fits.
    """
    for member in [member for member in members(body) if member.name in ASIDE]:
        del member.owner[member.name]
    misfits = [misfit for shape in family.shapes if (misfit := _misfit(body, shape))]
    if len(misfits) < len(family.shapes):
        return None
    if not explained:
        return Place((), "")
    deepest = max(misfits, key=lambda misfit: len(misfit.path))
    hint = _other_family(body, family)
    return Place(("modelInput", *deepest.path), f"{_explained(deepest, body, family)}{hint}")


def caching_in(body: dict[str, object]) -> Iterator[Place]:
    """Find the cache points of a body.

    Yields
    ------
    Place
        Each, with what to change. It has been seen to fail; AWS does not say so.
    """
    for member in members(body):
        if member.name in CACHING and member.value is not None:
            message = f"batch inference has been seen to refuse prompt caching with error 403; remove '{member.name}'"
            yield Place(("modelInput", *member.path, member.name), message)


class _Misfit(NamedTuple):
    path: tuple[str | int, ...]
    fact: str


def _misfit(body: object, shape: type[msgspec.Struct]) -> _Misfit | None:
    try:
        msgspec.convert(body, shape)
    except UnicodeEncodeError:
        _replace_surrogates(body)
        return _misfit(body, shape)
    except msgspec.ValidationError as error:
        found = _PLACE.fullmatch(str(error))
        fact, place = (found["fact"], found["place"] or "") if found else (str(error), "")
        return _Misfit(tuple(int(index) if index else name for name, index in _STEP.findall(place)), fact)
    return None


def _replace_surrogates(body: object) -> None:
    # JSON can escape half of a surrogate pair, but no name or value of a shape has one. The body may be as deep as any.
    for member in list(members(body)):
        del member.owner[member.name]
        value = _replaced(member.value) if isinstance(member.value, str) else member.value
        member.owner[_replaced(member.name)] = value


def _replaced(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _explained(misfit: _Misfit, body: object, family: Family) -> str:
    place = _dotted(("modelInput", *misfit.path))
    name = misfit.path[-1] if misfit.path else ""
    match misfit.fact.split("`"):
        case ["Object missing required field ", lacking, *_]:
            return f"'{place}' lacks '{lacking}', which {family.name} requires; add it"
        case ["Expected ", "null", *_] if name in _FORBIDDEN:
            return f"'{place}' {_FORBIDDEN[str(name)]}"
        case ["Expected ", "array", " of length >= 1"]:
            return f"'{place}' is empty, and {family.name} requires at least one; add one"
        case ["Expected ", kinds, *_]:
            wanted = " or ".join(_KINDS.get(kind, kind) for kind in kinds.split(" | "))
            found = described(_follow(body, misfit.path))
            return f"'{place}' must be {wanted} for {family.name}, got {found}; change it"
        case _:
            return f"'{place}': {misfit.fact[0].lower()}{misfit.fact[1:]} for {family.name}; change it"


def _other_family(body: object, family: Family) -> str:
    fitting = [other for other in (CONVERSE, *FAMILIES) if any(_misfit(body, shape) is None for shape in other.shapes)]
    if family is CONVERSE:
        # Its own shape says best what is wrong; only bodies that are nothing like it are those of another API.
        names = [other.name for other in fitting]
        return (
            f" (it looks like an InvokeModel body of {names[0]}: set the invocation type InvokeModel)" if names else ""
        )
    if CONVERSE in fitting:
        return " (it looks like a body for Converse: set the invocation type Converse)"
    return f" (it looks like a body of {fitting[0].name}: check the model)" if fitting else ""


def _dotted(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _follow(value: object, path: tuple[str | int, ...]) -> object:
    for step in path:
        value = value[step]  # type: ignore[index]  # the path comes from this very value
    return value
