"""What is known of batch inference with models: AWS's own pages, and what refused a job."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Documented:
    """The table, read.

    Attributes
    ----------
    alone, profile : mapping of str to frozenset of str
        Of each model with batch inference, in which Regions a job may name it, and in which an inference profile of it.
    without : mapping of str to str
        Each model that has none, and the source that says so.
    worldwide : frozenset of str
        Of which of the first there is a global profile.
    source, cards : str
        The sources of all others, and of their global profiles.
    """

    alone: Mapping[str, frozenset[str]]
    profile: Mapping[str, frozenset[str]]
    without: Mapping[str, str]
    worldwide: frozenset[str]
    source: str
    cards: str


@cache
def documented() -> Documented:
    """Read the table, once."""
    with _TABLE.open("rb") as file:
        content = tomllib.load(file)
    sources, models = content["sources"], content["models"]

    def regions(names: str) -> frozenset[str]:
        """Take the names of Regions, and of groups of them, apart."""
        groups: Mapping[str, str] = content["regions"]
        each = (regions(groups[name]) if name in groups else frozenset({name}) for name in names.split())
        return frozenset().union(*each)

    alone, profile = (
        {model: regions(ways.get(way, "")) for model, ways in models.items()} for way in ("alone", "profile")
    )
    without = {model: sources[source] for source, ids in content["without"].items() for model in ids}
    worldwide = frozenset(content["profiles"]["global"])
    return Documented(alone, profile, without, worldwide, sources["models"], sources["cards"])
