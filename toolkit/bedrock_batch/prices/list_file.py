"""Price lists in files: as AWS publishes them, and as ``aws pricing get-products`` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, field

from bedrock_batch.prices.csv_list import read_csv
from bedrock_batch.prices.file_content import content_of
from bedrock_batch.prices.listed import ListedPrice, Product, Term, listed_prices
from bedrock_batch.prices.prices import PriceListError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_ADVICE = "take the file at the Url of 'aws pricing get-price-list-file-url', or what 'aws pricing get-products' prints"
# What says where price lists are: the Url itself, `list-price-lists`, and the indexes of the bulk API.
_POINTERS = frozenset(("Url", "PriceLists", "regions", "versions", "offers"))


class Item(Struct):
    """A product with its terms, as GetProducts answers it."""

    product: Product
    terms: dict[str, dict[str, Term]] = field(default_factory=dict)
    publicationDate: str = ""  # noqa: N815 - AWS's name

    def prices(self) -> Iterator[ListedPrice]:
        """Yield the prices of its tokens on demand, by which AWS means without a commitment."""
        yield from listed_prices(self.product, self.terms.get("OnDemand", {}).values(), self.publicationDate)


class _File(Struct):
    """Either of the two: AWS's own file, or the answers of GetProducts."""

    products: dict[str, Product] = field(default_factory=dict)
    terms: dict[str, dict[str, dict[str, Term]]] = field(default_factory=dict)
    publicationDate: str = ""  # noqa: N815 - AWS's name
    PriceList: list[str | Item] = field(default_factory=list)


def read_items(answers: Iterable[str | Item]) -> Iterator[ListedPrice]:
    """Yield the prices in the `PriceList` of GetProducts: texts of JSON, each a product; or these, taken apart.

    Raises
    ------
    PriceListError
        If one is not.
    """
    decode = msgspec.json.Decoder(Item).decode
    for answer in answers:
        try:
            yield from (decode(answer) if isinstance(answer, str) else answer).prices()
        except msgspec.MsgspecError as error:
            raise PriceListError(f"AWS's Price List has a product of another form: {error}") from None


def read_list(file: Path) -> Iterator[ListedPrice]:
    """Yield the prices of tokens in a file: JSON or CSV as AWS publishes it, or GetProducts' `PriceList` in JSON.

    Raises
    ------
    PriceListError
        If it is no price list, or cannot be read.
    """
    content = content_of(file)
    if content.lstrip()[:1] in (b"{", b"["):
        yield from _prices(file, content)
        return
    try:
        yield from read_csv(content)
    except PriceListError as error:
        raise PriceListError(f"{file}: is neither JSON nor CSV of a price list ({error}); {_ADVICE}") from None


def _prices(file: Path, content: bytes) -> Iterator[ListedPrice]:
    found = _decoded(file, content)
    if isinstance(found, list):
        yield from read_items(found)
        return
    if not found.products and not found.PriceList:
        what = "only says where price lists are" if _POINTERS & _names(content) else "has no products"
        raise PriceListError(f"{file}: {what}, so it is no price list; {_ADVICE}")
    for sku, product in found.products.items():
        terms = found.terms.get("OnDemand", {}).get(sku, {})
        yield from listed_prices(product, terms.values(), found.publicationDate)
    yield from read_items(found.PriceList)


def _decoded(file: Path, content: bytes) -> _File | list[str | Item]:
    try:
        return msgspec.json.decode(content, type=_File | list[str | Item])
    except msgspec.MsgspecError as error:
        refusal = error
    try:
        # A product a line, as 'jq -c' prints them.
        return [*msgspec.json.Decoder(Item).decode_lines(content)]
    except msgspec.MsgspecError:
        raise PriceListError(f"{file}: is no price list in JSON ({refusal}); {_ADVICE}") from None


def _names(content: bytes) -> frozenset[str]:
    return frozenset(msgspec.json.decode(content, type=dict[str, msgspec.Raw]))
