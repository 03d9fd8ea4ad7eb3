"""Price lists in files: as AWS publishes them, and as ``aws pricing get-products`` prints them."""

from __future__ import annotations

from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, field

from bedrock_batch.prices.listed import ListedPrice, Product, Term, listed_prices
from bedrock_batch.prices.prices import PriceListError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# That of all Regions has 16 MB.
_MOST_BYTES = 256 * 1024 * 1024
_ADVICE = "take the JSON that 'aws pricing get-price-list-file-url' or 'aws pricing get-products' leads to"


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
    PriceList: list[str] = field(default_factory=list)


def read_items(answers: Iterable[str]) -> Iterator[ListedPrice]:
    """Yield the prices in the `PriceList` of GetProducts: texts of JSON, each a product.

    Raises
    ------
    PriceListError
        If one is not.
    """
    decode = msgspec.json.Decoder(Item).decode
    for answer in answers:
        try:
            yield from decode(answer).prices()
        except msgspec.MsgspecError as error:
            raise PriceListError(f"AWS's Price List has a product of another form: {error}") from None


def read_list(file: Path) -> Iterator[ListedPrice]:
    """Yield the prices of tokens in a file.

    Raises
    ------
    PriceListError
        If it is no price list in JSON, or cannot be read.
    """
    content = _content(file)
    try:
        found = msgspec.json.decode(content, type=_File)
    except msgspec.MsgspecError as error:
        raise PriceListError(f"{file}: is no price list in JSON ({error}); {_ADVICE}") from None
    if not found.products and not found.PriceList:
        raise PriceListError(f"{file}: has no products, so it is no price list; {_ADVICE}")
    yield from _prices(found)


def _prices(found: _File) -> Iterator[ListedPrice]:
    for sku, product in found.products.items():
        terms = found.terms.get("OnDemand", {}).get(sku, {})
        yield from listed_prices(product, terms.values(), found.publicationDate)
    yield from read_items(found.PriceList)


def _content(file: Path) -> bytes:
    try:
        there = file.stat()
        if there.st_size > _MOST_BYTES:
            raise PriceListError(f"{file}: has {there.st_size:,} bytes, more than any price list of Bedrock; {_ADVICE}")
        if not (S_ISREG(there.st_mode) or S_ISDIR(there.st_mode)):
            raise PriceListError(f"{file}: is a pipe or a device, and is read more than once; write it to a file")
        return file.read_bytes()
    except OSError as error:
        raise PriceListError(f"{file}: cannot be read ({error.strerror}); name a price list") from None
