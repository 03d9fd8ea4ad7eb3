"""Whether a model's name is one that is known, and which is meant if it is not."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher, get_close_matches

from bedrock_batch.records.checking.batch_models import BATCH_MODELS
from bedrock_batch.records.checking.families import family_of_model
from bedrock_batch.values import shortened

# "us.amazon.nova-lite-v1:0" is an inference profile of "amazon.nova-lite-v1:0".
_GEOGRAPHY = re.compile(r"(?:us|us-gov|eu|apac|au|ca|jp|global)\.")
# Before the name in an ARN stands what it names; others than these are called by letters and digits only.
_KIND = re.compile(r":(?P<kind>[a-z-]+)/")
_TELLING_KINDS = ("foundation-model", "inference-profile", "custom-model")
_VERSION = re.compile(r"-v?\d+(?::\d+)?$")
_MOST = 3
# "hauku" for "haiku" is nearer than any two models of a provider are, if all numbers are the same.
_MISTYPED = 0.93


def name_warnings(model: str | None, *, converse: bool) -> Iterator[str]:
    """Say that a model is not known, so that its bodies cannot be checked.

    Parameters
    ----------
    model : str or None
        The id or ARN of a model or inference profile.
    converse : bool
        Whether the bodies are Converse's, which are alike for all models.

    Yields
    ------
    str
        What is wrong, and which model may be meant.

    Examples
    --------
    >>> next(name_warnings("titan-embed-text", converse=False))[57:]
    'so they are not checked; near names: amazon.titan-embed-text-v2:0, amazon.titan-embed-image-v1'
    """
    if model is None:
        return
    called = shortened(model, 200)
    geography, name = _parted(model)
    kind = _KIND.search(model)
    if kind and kind["kind"] not in _TELLING_KINDS:
        if not converse:
            yield f"which model is behind {called} cannot be told, so bodies are not checked; name the model itself"
    elif not family_of_model(model):
        left = "so only what Converse takes is checked" if converse else "so they are not checked"
        near = ", ".join(geography + each for each in _near(name))
        yield f"no model with known bodies is called {called}, {left}" + (f"; near names: {near}" if near else "")
    elif meant := _meant(name):
        yield f"{called} is not known, but {geography}{meant} is; correct the name, unless the model is new"


def _parted(model: str) -> tuple[str, str]:
    named = model.rsplit("/", 1)[-1]
    found = _GEOGRAPHY.match(named)
    geography = found[0] if found else ""
    return geography, named.removeprefix(geography)


def _near(name: str) -> list[str]:
    short = {_short(each): each for each in BATCH_MODELS}
    sought = _short(name.lower())
    if not sought:
        return []
    alike = [each for each in short if sought in each]
    alike += get_close_matches(sought, short, n=_MOST, cutoff=0.6)
    alike += [each for each in short if each.split("-")[0] == sought.split("-")[0]]
    return [short[each] for each in dict.fromkeys(alike)][:_MOST]


def _short(name: str) -> str:
    return _VERSION.sub("", name.split(".", 1)[1] if re.match(r"[a-z0-9]+\.[a-z]", name) else name)


def _meant(name: str) -> str | None:
    if name in BATCH_MODELS:
        return None
    # Who leaves out the date and the version means one of those that begin so.
    if begun := next((each for each in BATCH_MODELS if each.startswith((f"{name}-", f"{name}:"))), None):
        return begun
    same_numbers = [each for each in BATCH_MODELS if re.findall(r"\d+", each) == re.findall(r"\d+", name)]
    meant = max(same_numbers, key=lambda each: SequenceMatcher(None, name, each).ratio(), default="")
    return meant if SequenceMatcher(None, name, meant).ratio() >= _MISTYPED else None
