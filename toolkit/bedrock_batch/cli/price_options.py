"""What tokens cost, on the command line: told, or found in AWS's Price List."""

from __future__ import annotations

from argparse import ArgumentTypeError
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bedrock_batch.cli.options import place
from bedrock_batch.cli.session import client
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.jobs.arn import is_own_profile

if TYPE_CHECKING:
    import argparse

    from bedrock_batch.prices.prices import FoundPrices, Prices

_AWS = "aws"
#: How many Regions of a list are named.
_SHOWN = 3


class Told(NamedTuple):
    """What tokens cost, and what is said of that.

    Attributes
    ----------
    prices
        None if nobody asks, or if they are not known.
    remark
        Where they are from, or why they are not known; empty if they were told, or nobody asks.
    """

    prices: Prices | None
    remark: str

    def of(self, input_tokens: int, output_tokens: int) -> dict[str, object] | None:
        """Return what tokens cost, for JSON; None if nobody asks."""
        if not self.prices:
            return {"amount": None, "remark": self.remark} if self.remark else None
        amount = self.prices.of(input_tokens, output_tokens)
        return {"amount": amount, **asdict(self.prices), "remark": self.remark or None}

    def read(self, tokens: int) -> str:
        """Say about what it costs to have tokens read; empty if nobody asks."""
        if not self.prices:
            return self.remark
        about = f"about {self.prices.cost(tokens, 0)} for what is read, and what is written besides"
        return f"cost: {about}, at {self.remark or self.prices}"


def add_price_options(parser: argparse.ArgumentParser) -> None:
    """Let a command take prices, or where they are from."""
    group = parser.add_argument_group("prices", "of a million tokens; without any, no cost is told")
    group.add_argument(
        "--prices",
        action="append",
        default=[],
        type=_source,
        metavar="aws|FILE",
        help="AWS's Price List: asked (pricing:GetProducts), or a file of it in JSON or CSV, or several",
    )
    group.add_argument("--input-price", type=float, metavar="PRICE", help="of a million tokens read")
    group.add_argument("--output-price", type=float, metavar="PRICE", help="of a million tokens written")
    group.add_argument("--currency", metavar="NAME", help="what these two are in (default: USD, as AWS's own)")


def _source(text: str) -> str:
    if text.lower() == _AWS:
        return _AWS
    if "://" in text:
        raise ArgumentTypeError(f"{text} is not a file here; download it first, or say {_AWS}")
    return place(text)


def look_at_prices(arguments: argparse.Namespace) -> bool:
    """Look at what a command line says of prices, before anything is read or asked for them; say if it says anything.

    Raises
    ------
    BedrockBatchError
        If they are told and looked up, or told by half, or a file is no price list or cannot be read.
    """
    from bedrock_batch.prices.list_file import read_list  # noqa: PLC0415 - brings the JSON library

    told = _told(arguments)
    for source in arguments.prices:
        if source != _AWS:
            next(read_list(Path(source)), None)
    return bool(told or arguments.prices)


def prices_of(arguments: argparse.Namespace, model: str, region: str) -> Told:
    """Return what tokens of a model cost in a Region, by what the command line says.

    What AWS does not tell, for want of a permission or of a network, is a remark and no error: a cost is never what a
    command is for.

    Raises
    ------
    BedrockBatchError
        If a file is no price list, or contradicts itself; `look_at_prices` finds what else may be wrong.
    """
    from bedrock_batch.prices.prices import PriceListError, ProfileError  # noqa: PLC0415 - few commands tell a cost

    if (told := _told(arguments)) or not arguments.prices:
        return Told(told, "")
    remarks, kept = [], None
    for source in arguments.prices:
        try:
            found = _find(arguments, source, model, region)
        except ProfileError as error:
            return Told(None, f"cost not known: {error}")
        except PriceListError as error:
            if source != _AWS:
                raise
            remarks.append(str(error))
            continue
        if found and found.batch:
            return Told(found.prices, str(found))
        kept = kept or found
        remarks.append(_lacks(source, model, region))
    return Told(kept.prices, str(kept)) if kept else Told(None, f"cost not known: {'; '.join(remarks)}")


def _find(arguments: argparse.Namespace, source: str, model: str, region: str) -> FoundPrices | None:
    from bedrock_batch.prices.find import find_prices  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.prices.query import endpoint_region  # noqa: PLC0415 - the same

    bedrock = client("bedrock", arguments, region=region) if is_own_profile(model) else None
    if source != _AWS:
        return find_prices(model, region, file=Path(source), bedrock=bedrock)
    pricing = client("pricing", arguments, region=endpoint_region(region))
    return find_prices(model, region, client=pricing, bedrock=bedrock)


def _lacks(source: str, model: str, region: str) -> str:
    from bedrock_batch.prices.list_file import read_list  # noqa: PLC0415 - brings the JSON library

    if source == _AWS:
        return f"AWS's Price List has no price of {model} in {region}"
    regions = sorted({price.region for price in read_list(Path(source))})
    if not regions:
        return f"{source} has no price of tokens at all"
    if region not in regions:
        more = f" and {len(regions) - _SHOWN} more" if len(regions) > _SHOWN else ""
        return f"{source} has prices of {', '.join(regions[:_SHOWN])}{more}, none of {region}"
    return f"{source} has no price of {model} in {region}"


def _told(arguments: argparse.Namespace) -> Prices | None:
    from bedrock_batch.prices.prices import Prices  # noqa: PLC0415 - few commands tell a cost

    given = (arguments.input_price, arguments.output_price)
    if given == (None, None) and arguments.currency is None:
        return None
    if arguments.prices:
        raise BedrockBatchError("prices are told, or looked up; leave --prices out, or what stands beside it")
    if None in given:
        raise BedrockBatchError("a cost needs both prices; name --input-price and --output-price")
    return Prices(input=arguments.input_price, output=arguments.output_price, currency=arguments.currency or "USD")
