"""How to say what a body lacks, or has too much."""

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from bedrock_batch.records.checking.families import Family
from bedrock_batch.records.checking.misfits import Misfit, lacking_beside, value_at
from bedrock_batch.records.checking.shape_types import choices_at, names_at
from bedrock_batch.records.members import Path
from bedrock_batch.values import described, shortened

_KINDS = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "array": "a list",
    "object": "an object",
    "bool": "true or false",
    "null": "null",
}
_LIMIT = re.compile(r"Expected `(?P<kind>\w+)`(?P<length> of length)? (?P<sign>[<>]=) (?P<limit>\S+)")

# Members whose own text says more than that they are not taken.
_FORBIDDEN = {
    "modelId": "is the job's, and a record may not name another; remove it",
    "model": "is not taken by Amazon Bedrock, which has the model from the job; remove it",
    "toolConfig": "fails in batch inference through Converse; remove it, or write bodies for InvokeModel",
    "anthropic_version": "belongs into an InvokeModel body of Anthropic Claude only; remove it",
    "image_url": 'is OpenAI\'s; write {"image": {"format": "png", "source": {"bytes": "…"}}} instead of the part',
}
# The same, by another name.
_ALIKE = (
    ("maxtokens", "maxcompletiontokens", "maxnewtokens", "maxgenlen", "maxtokencount", "maxoutputtokens"),
    ("stop", "stopsequences"),
    ("topp", "p"),
    ("topk", "k"),
)
# More are not read.
_MOST_CHOICES = 10
# Nor is a longer text written out.
_LONGEST_SAMPLE = 60
_ADVICE = {
    ("role", "system"): "write what the system says as 'system', beside 'messages'",
    (
        "type",
        "image_url",
    ): 'write {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "…"}}',
}


def told(misfit: Misfit, body: Mapping[str, object], family: Family, *, sure: bool) -> str:
    """Say what does not fit, and what to change.

    Parameters
    ----------
    misfit : Misfit
        What does not fit.
    body : mapping
        The body.
    family : Family
        The family that it does not fit.
    sure : bool
        Whether it is known to be refused.
    """
    if misfit.unknown:
        return _unknown_told(misfit, body, family, sure=sure)
    place = dotted(("modelInput", *misfit.path))
    if misfit.beside:
        return f"'{place}' {misfit.fact}"
    if missing := re.fullmatch(r"Object missing required field `(.*)`", misfit.fact):
        return f"'{place}' lacks '{missing[1]}', which {family.name} requires; add it"
    value = value_at(body, misfit.path)
    if value is None:
        return f"'{place}' is null, which {family.name} may refuse; leave it out"
    if choices := choices_at(misfit.shape, misfit.path):
        return _choice_told(place, misfit.path, choices, value, family, sure=sure)
    return _value_told(place, misfit, value, family, sure=sure)


def dotted(path: Path) -> str:
    """Write a path as people do: 'messages[0].content'."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _unknown_told(misfit: Misfit, body: Mapping[str, object], family: Family, *, sure: bool) -> str:
    *owner, name = misfit.path
    if sure and (lacking := lacking_beside(misfit, body)):
        return f"'{dotted(('modelInput', *owner))}' lacks '{lacking[0]}', which {family.name} requires; add it"
    place = dotted(("modelInput", *(step if isinstance(step, int) else _cut(step) for step in misfit.path)))
    if sure and name in _FORBIDDEN:
        return f"'{place}' {_FORBIDDEN[str(name)]}"
    instead = _instead(str(name), misfit.shape, tuple(owner))
    change = f"write it as '{instead}'" if instead else "remove it"
    if sure:
        return f"'{place}' is not taken by {family.name}; {change}"
    return (
        f"'{place}' is not documented for {family.name}, which may refuse or ignore it; {change} unless you know better"
    )


def _instead(name: str, shape: type, owner: Path) -> str | None:
    """Find the member that is likely to be meant, in the same object or in one that the body has for settings."""
    meant = [_plain(name), *(each for alike in _ALIKE if _plain(name) in alike for each in alike)]
    places = [("", names_at(shape, owner))]
    if not owner:
        places += [(f"{setting}.", names_at(shape, (setting,))) for setting in names_at(shape, ())]
    for prefix, names in places:
        known = {_plain(each): prefix + each for each in reversed(names)}
        near = get_close_matches(_plain(name), known, cutoff=0.8) if not prefix else []
        if found := next((known[each] for each in [*meant, *near] if each in known), None):
            return found
    return None


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _cut(name: str) -> str:
    return shortened(name)[1:-1]


def _choice_told(
    place: str, path: Path, choices: Sequence[object], value: object, family: Family, *, sure: bool
) -> str:
    change = _ADVICE.get((str(path[-1]), value if isinstance(value, str) else ""), "change it")
    if not sure:
        return (
            f"'{place}' is {described(value)}, which not every model of {family.name} takes; {change} if yours does not"
        )
    if len(choices) > _MOST_CHOICES:
        near = get_close_matches(str(value), map(str, choices), n=1)
        change = f'write "{near[0]}"' if near and change == "change it" else change
        return f"'{place}' is {described(value)}, which {family.name} does not take; {change}"
    *most, last = (f'"{choice}"' if isinstance(choice, str) else str(choice) for choice in choices)
    wanted = f"{', '.join(most)} or {last}" if most else last
    return f"'{place}' must be {wanted} for {family.name}, got {described(value)}; {change}"


def _value_told(place: str, misfit: Misfit, value: object, family: Family, *, sure: bool) -> str:
    fact = misfit.fact
    limit = _LIMIT.fullmatch(fact)
    if limit and limit["length"]:
        if limit["sign"] == ">=":
            needed = "a text; write one" if limit["kind"] == "str" else "at least one; add one"
            return f"'{place}' is empty, and {family.name} {'requires' if sure else 'may require'} {needed}"
        whole = "characters" if limit["kind"] == "str" else "elements"
        return f"'{place}' has more than the {int(limit['limit']):,} {whole} that {family.name} takes; shorten it"
    if limit:
        bound = "at least" if limit["sign"] == ">=" else "at most"
        most = limit["limit"].removesuffix(".0")
        wanted = f"{_KINDS[limit['kind']]} of {bound} {most}"
    else:
        kinds = re.search(r"Expected `(.*?)`", fact)
        wanted = " or ".join(_KINDS.get(kind, kind) for kind in kinds[1].split(" | ")) if kinds else fact
    change = f"write it as {_as_block(value)}" if _takes_text_blocks(misfit, value) else "change it"
    return f"'{place}' must be {wanted} for {family.name}, got {described(value)}; {change}"


def _takes_text_blocks(misfit: Misfit, value: object) -> bool:
    """Whether a text stands where a list of blocks is taken, of which a text alone may be one."""
    block = (*misfit.path, 0)
    required = names_at(misfit.shape, block, {}, required=True)
    return isinstance(value, str) and "text" in names_at(misfit.shape, block) and set(required) <= {"text"}


def _as_block(value: object) -> str:
    text = str(value) if len(str(value)) <= _LONGEST_SAMPLE else "…"
    return json.dumps([{"text": text}], ensure_ascii=False)
