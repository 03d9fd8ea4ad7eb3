"""What a request body has to have, what it may not have, and what is not known to be taken."""

from collections.abc import Iterator
from functools import partial

from bedrock_batch.records.checking.families import Family
from bedrock_batch.records.checking.faults import Fault
from bedrock_batch.records.checking.likeness import likeness
from bedrock_batch.records.checking.misfits import Misfit, lacking_beside, misfits, set_aside, value_at
from bedrock_batch.records.checking.shape_types import names_at
from bedrock_batch.records.checking.wording import told

# What stands for a doubtful value that has to be there, while the rest is looked at.
_HARMLESS = {"role": "user", "type": "text", "text": "?"}


def body_faults(body: dict[str, object], family: Family) -> Iterator[Fault]:
    """Hold a body against the shapes of a family.

    Parameters
    ----------
    body : dict
        The body; it is used up.
    family : Family
        The family.

    Yields
    ------
    Fault
        Each doubt, and the first thing to change.
    """
    set_aside(body)
    while misfit := _nearest_misfit(body, family):
        sure = not _is_doubtful(misfit, body, family)
        yield Fault(("modelInput", *misfit.path), partial(_told, misfit, body, family, sure=sure), sure)
        if sure:
            return
        _make_harmless(misfit, body)


def _told(misfit: Misfit, body: dict[str, object], family: Family, *, sure: bool) -> str:
    return told(misfit, body, family, sure=sure) + (likeness(body, family) if sure else "")


def _nearest_misfit(body: dict[str, object], family: Family) -> Misfit | None:
    """Find what does not fit the shape that has most of the body's members; None if one fits as it is."""
    found = list(misfits(body, family.shapes))
    nearest = [each for each in found if each]
    if len(nearest) < len(found):
        return None
    return max(nearest, key=lambda misfit: _nearness(misfit, body))


def _nearness(misfit: Misfit, body: dict[str, object]) -> tuple[int, int]:
    return len(body.keys() & set(names_at(misfit.shape, ()))), len(misfit.path)


def _is_doubtful(misfit: Misfit, body: dict[str, object], family: Family) -> bool:
    unsure = ".".join(step for step in misfit.path if isinstance(step, str)) in family.unsure
    if misfit.unknown:
        return unsure or (not family.closed and not lacking_beside(misfit, body))
    if misfit.beside or misfit.fact.startswith("Object missing"):
        return False
    name, value = misfit.path[-1], value_at(body, misfit.path)
    if unsure and isinstance(value, str):
        return value == "system" if name == "role" else value != _HARMLESS[str(name)]
    # Nobody says what becomes of null; how many tokens there may be differs between models, and grows.
    return (value is None and isinstance(name, str)) or misfit.fact.startswith("Expected `int` <=")


def _make_harmless(misfit: Misfit, body: dict[str, object]) -> None:
    owner, name = value_at(body, misfit.path[:-1]), str(misfit.path[-1])
    if name in _HARMLESS and not misfit.unknown:
        owner[name] = _HARMLESS[name]
    else:
        del owner[name]
