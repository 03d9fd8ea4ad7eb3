"""What a usage type of AWS's Price List counts.

AWS documents no grammar of them; these forms were seen in the lists of the summer and autumn of 2026, of the offers
AmazonBedrock, AmazonBedrockService and AmazonBedrockFoundationModels. One of another form has no meter, and no price is
taken from it: cached, flexible, prioritized and reserved tokens, images, seconds, customized models, long contexts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# "USE1-NovaMicro-input-tokens-batch", "USE1-Nova2.0Lite-output-tokens-cross-region-global-batch", and beside it of the
# endpoint bedrock-mantle "USE1-qwen.qwen3-32b-mantle-input-tokens-batch".
_NAMED = re.compile(
    r"(?:[A-Z][A-Z0-9]+-)?(?P<model>.+?)(?P<mantle>-mantle)?-(?:text-)?(?P<way>input|output)-tokens"
    r"(?:-(?:cross-region-)?(?P<route>global|geo))?(?:-(?P<tier>standard|batch))?"
)
# "USE1-MP:USE1_InputTokenCount_Global_Batch-Units" of AWS Marketplace, and in the newer spelling
# "USE1-MP:USE1_input_tokens_global_batch-Units": the model is in the name of the service.
_SOLD = re.compile(
    r"[A-Z0-9]+-MP:[A-Z0-9]+_(?P<way>input|output)_?token(?:s|count)(?:_(?P<route>global|geo))?"
    r"(?:_(?P<tier>standard|batch))?-Units",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Meter:
    """What is counted.

    Attributes
    ----------
    way : str
        ``input`` or ``output``.
    batch : bool
        Of batch inference, or else on demand.
    route : str
        ``global`` or ``geo``, if only of requests through an inference profile of that kind; empty: of all others.
    """

    way: str
    batch: bool
    route: str


@dataclass(frozen=True)
class UsageType:
    """A usage type, taken apart.

    Attributes
    ----------
    meter : Meter
        What it counts.
    model : str
        The model as it stands in the text; empty for what AWS Marketplace sells.
    mantle : bool
        Whether it is of the endpoint bedrock-mantle, which has no jobs of its own.
    """

    meter: Meter
    model: str
    mantle: bool

    @classmethod
    def parse(cls, text: str) -> UsageType | None:
        """Take a `usagetype` apart; None for one that counts no plain tokens.

        Examples
        --------
        >>> UsageType.parse("USE1-NovaMicro-input-tokens-batch").meter
        Meter(way='input', batch=True, route='')
        >>> UsageType.parse("USE1-NovaMicro-input-tokens-flex") is None
        True
        """
        found = _NAMED.fullmatch(text) or _SOLD.fullmatch(text)
        if not found:
            return None
        told = {name: (value or "").lower() for name, value in found.groupdict().items()}
        meter = Meter(told["way"], told["tier"] == "batch", told["route"])
        return cls(meter, found.groupdict().get("model") or "", bool(told.get("mantle")))
