"""Whose body it is that does not fit the model's family."""

from collections.abc import Mapping

from bedrock_batch.records.checking.families import CONVERSE, FAMILIES, Family
from bedrock_batch.records.checking.misfits import misfits
from bedrock_batch.records.checking.shape_types import names_at
from bedrock_batch.records.checking.shapes.chat import Chat

_CHAT = "OpenAI's chat completions"


def likeness(body: Mapping[str, object], family: Family) -> str:
    """Name the family whose body it is, for the end of a message.

    Parameters
    ----------
    body : mapping
        A body that does not fit.
    family : Family
        The family that it does not fit.

    Returns
    -------
    str
        Empty if it has the members of its own family, or could be of several others.
    """
    if _has_own_members(body, family):
        return ""
    fitting = {_form(other, shape) for other in (CONVERSE, *FAMILIES) for shape in _fitting(body, other)}
    if CONVERSE.name in fitting and family is not CONVERSE:
        return " (it looks like a body for Converse: set the invocation type Converse)"
    if len(fitting) != 1:
        return ""
    (form,) = fitting
    if family is CONVERSE:
        return f" (it looks like an InvokeModel body of {form}: set the invocation type InvokeModel)"
    return f" (it looks like a body of {form}: check the model)"


def _has_own_members(body: Mapping[str, object], family: Family) -> bool:
    return any(
        set(body) <= set(names_at(shape, ())) and _part_of(body) <= set(names_at(shape, ("messages", 0, "content", 0)))
        for shape in family.shapes
    )


def _part_of(body: Mapping[str, object]) -> set[str]:
    match body.get("messages"):
        case [{"content": [dict(part), *_]}, *_]:
            return set(part) - {"type"}
        case _:
            return set()


def _fitting(body: Mapping[str, object], family: Family) -> list[type]:
    return [shape for shape, misfit in zip(family.shapes, misfits(body, family.shapes), strict=True) if not misfit]


def _form(family: Family, shape: type) -> str:
    # Most providers take chat completions, and Titan's models differ in what else they take.
    return _CHAT if shape is Chat else "Amazon Titan" if family.name.startswith("Amazon Titan") else family.name
