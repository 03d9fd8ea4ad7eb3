"""Prices of tokens, and where they were found."""

from __future__ import annotations

from dataclasses import dataclass

from bedrock_batch.errors import BedrockBatchError

_MILLION = 1_000_000
_LEAST = 0.000001


class PriceListError(BedrockBatchError):
    """A price list that cannot be asked or read, or that contradicts itself; the message says which."""


class ProfileError(BedrockBatchError):
    """An application's inference profile that AWS does not tell the model of; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What the tokens cost.

    Attributes
    ----------
    input, output : float
        For a million tokens read, and written. Those of a batch are other prices than those on demand.
    currency : str
        What they are in. Default: USD, as AWS's own.

    Raises
    ------
    BedrockBatchError
        If one is below zero.
    """

    input: float
    output: float
    currency: str = "USD"

    def __post_init__(self) -> None:
        for name, price in (("input", self.input), ("output", self.output)):
            if not 0 <= price < float("inf"):
                raise BedrockBatchError(f"the {name} price must be 0 or more for a million tokens, got {price}")

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """Price a number of tokens."""
        return (self.input * input_tokens + self.output * output_tokens) / _MILLION

    def cost(self, input_tokens: int, output_tokens: int) -> str:
        """Write what a number of tokens costs: to the cent, a small sum to its first digits."""
        return money(self.of(input_tokens, output_tokens), self.currency)

    def __str__(self) -> str:
        return f"{self.input:g} {self.currency} in, {self.output:g} {self.currency} out for a million tokens"


def money(amount: float, currency: str) -> str:
    """Write a sum: to the cent, a small one to its first digits."""
    if 0 < amount < _LEAST:
        return f"less than {_LEAST:f} {currency}"
    digits = f"{amount:,.2f}" if amount >= 1 or amount == 0 else f"{amount:.6f}".rstrip("0")
    return f"{digits} {currency}"


@dataclass(frozen=True, kw_only=True)
class FoundPrices:
    """Prices that a price list has.

    Attributes
    ----------
    prices : Prices
        What a million tokens cost.
    batch : bool
        Whether they are those of batch inference. Where the list has none, they are those on demand, and a batch costs
        no more: on "Amazon Bedrock pricing" (https://aws.amazon.com/bedrock/pricing/) it costs less.
    source : str
        Which list: a file, or AWS's own that was asked.
    published : str
        When AWS published it, as its `publicationDate`: ISO 8601; empty if the list does not say.
    usage_types : tuple of str
        Under which `usagetype` of the list they stand, as they will on the bill: of what is read, of what is written.
    """

    prices: Prices
    batch: bool
    source: str
    published: str
    usage_types: tuple[str, ...]

    def __str__(self) -> str:
        kind = "of batch inference" if self.batch else "on demand, for the list has none of batch inference: at most"
        dated = f" of {self.published[:10]}" if self.published else ""
        return f"{self.prices} ({kind}; {', '.join(self.usage_types)} in {self.source}{dated})"
