"""The prices of tokens in AWS's Price List, and that of one model among them.

"Reading the price list files" and "GetProducts" of the AWS Billing user guide and API reference:
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html,
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import Struct, field

from bedrock_batch.prices.meter import Meter, UsageType
from bedrock_batch.prices.names import Key, key_of_name
from bedrock_batch.prices.prices import PriceListError, Prices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# How many millions of tokens a unit is. "Units" says nothing of itself; some descriptions do.
_UNITS = {"1k tokens": 1e-3, "1k token": 1e-3, "1m tokens": 1.0, "1m token": 1.0}
_OFFER = "Amazon Bedrock"


class Dimension(Struct):
    """A price: the members of a `priceDimensions` that say what for."""

    unit: str = ""
    description: str = ""
    pricePerUnit: dict[str, str] = field(default_factory=dict)  # noqa: N815 - AWS's name
    beginRange: str = "0"  # noqa: N815 - the same


class Term(Struct):
    """The terms of an offer."""

    priceDimensions: dict[str, Dimension] = field(default_factory=dict)  # noqa: N815 - AWS's name


class Product(Struct):
    """What is sold."""

    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListedPrice:
    """What a million tokens cost.

    Attributes
    ----------
    names : frozenset
        The keys of what the list calls the model.
    region : str
        The `regionCode`.
    usage : UsageType
        What is counted.
    usage_type : str
        The same, as the list has it.
    amount : float
        For a million tokens.
    currency : str
        In what.
    published : str
        The `publicationDate` of the list.
    """

    names: frozenset[Key]
    region: str
    usage: UsageType
    usage_type: str
    amount: float
    currency: str
    published: str


def listed_prices(product: Product, terms: Iterable[Term], published: str) -> Iterator[ListedPrice]:
    """Yield the prices of plain tokens of a product; none of any other product."""
    attributes = product.attributes
    usage_type = attributes.get("usagetype", "")
    usage = UsageType.parse(usage_type)
    if usage is None:
        return
    names = frozenset(map(key_of_name, _names(attributes, usage)))
    region = attributes.get("regionCode", "")
    for dimension in (each for term in terms for each in term.priceDimensions.values()):
        for currency, amount in _amounts(dimension):
            yield ListedPrice(names, region, usage, usage_type, amount, currency, published)


def _names(attributes: Mapping[str, str], usage: UsageType) -> Iterator[str]:
    yield from filter(None, (attributes.get("model"), attributes.get("titanModel"), usage.model))
    if (service := attributes.get("servicename", _OFFER)) != _OFFER:
        yield service


def _amounts(dimension: Dimension) -> Iterator[tuple[str, float]]:
    million = _UNITS.get(dimension.unit.lower())
    if million is None and dimension.unit == "Units" and "Million" in dimension.description:
        million = 1.0
    for currency, text in dimension.pricePerUnit.items():
        try:
            amount = float(text)
        except ValueError:
            continue
        # There are tokens for 0.0000 in the lists, which nobody gives away.
        if million and amount > 0 and dimension.beginRange == "0":
            yield currency, round(amount / million, 9)


def choose(prices: Iterable[ListedPrice], meter: Meter) -> ListedPrice | None:
    """Return the price of what a meter counts; None if there is none.

    Raises
    ------
    PriceListError
        If there are two that differ.
    """
    of_meter = [price for price in prices if price.usage.meter == meter]
    # The endpoint bedrock-mantle lists the same models once more.
    of_jobs = [price for price in of_meter if not price.usage.mantle] or of_meter
    if len({(price.amount, price.currency) for price in of_jobs}) > 1:
        amounts = " and ".join(f"{price.amount:g} {price.currency} for {price.usage_type}" for price in of_jobs)
        raise PriceListError(f"the price list says {amounts}; name the prices yourself")
    return of_jobs[0] if of_jobs else None


def paired(read: ListedPrice, written: ListedPrice | None) -> Prices:
    """Put the two prices together; who writes no tokens pays for none."""
    return Prices(input=read.amount, output=written.amount if written else 0.0, currency=read.currency)
