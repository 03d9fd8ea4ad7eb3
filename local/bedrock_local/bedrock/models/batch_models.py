"""Whether a model has batch inference in a Region: what is known of it, in one table that a user can extend."""

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Self

from bedrock_batch.models.documented import Documented, documented
from bedrock_local.bedrock.models.model import Model
from bedrock_local.bedrock.service_model.errors import ValidationException
from bedrock_local.names.place import Place

_LOG = logging.getLogger(__name__)
# What is noted of models is told to whoever deploys, whatever else is logged.
_LOG.setLevel(logging.WARNING)
#: What a line of the log about a model begins with.
NOTE = "about the model: "
_EVERYWHERE = "*"
_GLOBAL = "global."
_SETTING = re.compile(r"(?P<name>[a-z0-9][a-z0-9.:-]*)=(?P<regions>\*|[a-z]+(-[a-z]+)+-\d(,[a-z]+(-[a-z]+)+-\d)*)?")
# "amazon.nova-lite-v9:0" is near "amazon.nova-lite-v1:0"; another model of the same provider is not.
_NEAR = 0.8


@dataclass(frozen=True)
class _Table(Documented):
    """The table, as jobs are held against it."""

    def knows(self, foundation_id: str) -> bool:
        """Say whether a model is in the table."""
        return foundation_id in self.alone or foundation_id in self.without

    def of(self, model: Model) -> frozenset[str]:
        """Return where a job may name a model as this one is named; nowhere if the table does not have it."""
        way = self.alone if model.named == model.foundation_id else self.profile
        return way.get(model.foundation_id, frozenset())

    def lacks_profile(self, model: Model) -> bool:
        """Say whether a model is named by a global profile that is known not to be there."""
        named_so = model.named == f"{_GLOBAL}{model.foundation_id}"
        return named_so and model.foundation_id in self.alone.keys() - self.worldwide

    def near(self, model: Model) -> list[str]:
        """List the models whose names are near, spelled as this one is: with the prefix of its profile."""
        prefix, named = model.named.removesuffix(model.foundation_id), model.foundation_id
        # Who leaves out the date and the version means one of those that begin so, however much longer they are.
        begun = [each for each in self.alone if each.startswith((f"{named}-", f"{named}:"))]
        return [prefix + each for each in dict.fromkeys([*begun, *get_close_matches(named, self.alone, cutoff=_NEAR)])]


@cache
def _read() -> _Table:
    return _Table(**vars(documented()))


@dataclass(frozen=True)
class BatchModels:
    """The models that jobs may be made with.

    Parameters
    ----------
    told
        What somebody knows better than the table: the id of a model, or of an inference profile with its ``us.``, and
        the Regions in which a job may name it. None of them: it has no batch inference. ``*``: everywhere.
    strict
        Whether a model of which nothing is known is refused. Default: it is accepted, and the log says so.
    """

    told: Mapping[str, frozenset[str]] = field(default_factory=dict)
    strict: bool = False

    @classmethod
    def parse(cls, settings: Iterable[str], *, strict: bool = False) -> Self:
        """Read models as the command line takes them.

        Parameters
        ----------
        settings
            ``ID=REGION,REGION`` each: ``zai.glm-9=us-east-1``, ``us.zai.glm-9=*``, ``zai.glm-4.7=``.
        strict
            As in `BatchModels`.

        Returns
        -------
        BatchModels
            Those, and the table's.

        Raises
        ------
        ValueError
            If one is no setting, or two are about the same model.
        """
        told: dict[str, frozenset[str]] = {}
        for setting in settings:
            match = _SETTING.fullmatch(setting)
            if not match:
                raise ValueError(
                    "a batch model must be ID=REGION,REGION, ID=* for all Regions or ID= for none, "
                    f"such as zai.glm-4.7=us-east-1,us-west-2; got {setting!r}"
                )
            if match["name"] in told:
                raise ValueError(f"a batch model must be told once, with all its Regions; got {setting!r} besides")
            told[match["name"]] = frozenset(filter(None, (match["regions"] or "").split(",")))
        return cls(told, strict)

    def require(self, model: Model, place: Place) -> None:
        """Return if a job may be made with a model, as far as is known.

        Parameters
        ----------
        model
            The model. Custom models are not judged: sources disagree.
        place
            Where the job is made.

        Raises
        ------
        ValidationException
            If it is known to have no batch inference, or none there, or only through an inference profile, or is a
            profile that is known not to be there, in the service's words; if nothing is known of it and that is asked
            to be refused, in ours.
        """
        told, table = self.told.get(model.named), _read()
        if not model.named or _EVERYWHERE in (told or ()):
            return
        if told is None and not table.knows(model.foundation_id):
            self._unknown(model, place)
        elif told == frozenset() or (told is None and model.foundation_id in table.without):
            _explain(model, place, "it has no batch inference", table.without.get(model.foundation_id))
            raise ValidationException("Batch inference is not supported for the requested model")
        elif told is None and table.lacks_profile(model):
            _explain(model, place, "there is no global profile of it", table.cards)
            raise ValidationException("The provided model identifier is invalid")
        elif place.region not in (told or table.of(model)):
            _explain(model, place, _where(model, place, told), None if told else table.source)
            raise ValidationException(
                f"Batch inference is not supported for model {model.named} in region {place.region}"
            )

    def _unknown(self, model: Model, place: Place) -> None:
        near = ", ".join(_read().near(model))
        words = f"nothing is known of batch inference with {model.named}" + (f"; near names: {near}" if near else "")
        if self.strict:
            raise ValidationException(f"The provided model identifier is invalid: {words} (--strict-models)")
        _LOG.warning(
            "%s%s. It is accepted all the same; --strict-models refuses it, %s says that it is right",
            NOTE,
            words,
            _option(model, place),
        )


def _where(model: Model, place: Place, told: frozenset[str] | None) -> str:
    """Say where a job may name a model that it may not name here."""
    table = _read()
    if model.named == model.foundation_id and told is None and place.region in table.profile[model.foundation_id]:
        return "jobs in this Region name an inference profile of it"
    return f"jobs name it so in {', '.join(sorted(told or table.of(model))) or 'no Region'}"


def _explain(model: Model, place: Place, why: str, source: str | None) -> None:
    """Say in the log what the service's words do not."""
    _LOG.warning(
        "%s%s is refused in %s as the service refuses it: %s (%s). If you know better: %s",
        NOTE,
        model.named,
        place.region,
        why,
        source or "as you said",
        _option(model, place),
    )


def _option(model: Model, place: Place) -> str:
    return f"--batch-model {model.named}={place.region}"
