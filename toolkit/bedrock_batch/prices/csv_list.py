"""Price lists in CSV, the other form in which AWS publishes them.

Some rows about the list come first, then the names of the columns, then a row for each price. A column is called as the
attribute in JSON is, or by its words: "Region Code" beside "usageType".
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html
"""

from __future__ import annotations

import csv
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

from bedrock_batch.prices.listed import Dimension, ListedPrice, Product, Term, listed_prices
from bedrock_batch.prices.prices import PriceListError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COLUMN = "PricePerUnit"
# Of AWS's own there are five; some programs put empty ones between.
_MOST_ROWS_BEFORE = 20
#: The attributes that say what is sold, by their columns without spaces and capitals.
_ATTRIBUTES = {name.lower(): name for name in ("usagetype", "regionCode", "model", "titanModel", "servicename")}


def read_csv(content: bytes) -> Iterator[ListedPrice]:
    """Yield the prices of tokens in a list.

    Raises
    ------
    PriceListError
        If there are no rows of prices in it.
    """
    try:
        rows = csv.reader(StringIO(content.decode(), newline=""))
        published, columns = _head(rows)
        for row in rows:
            yield from _prices(dict(zip(columns, row, strict=False)), published)
    except (UnicodeError, csv.Error) as error:
        raise PriceListError(f"cannot be read as CSV: {error}") from None


def _head(rows: Iterator[list[str]]) -> tuple[str, list[str]]:
    published = ""
    for row in islice(rows, _MOST_ROWS_BEFORE):
        if _COLUMN in row:
            return published, row
        if row[:1] == ["Publication Date"]:
            published = "".join(row[1:2])
    raise PriceListError(f"has no column {_COLUMN}")


def _prices(row: Mapping[str, str], published: str) -> Iterator[ListedPrice]:
    if row.get("TermType", "OnDemand") != "OnDemand":
        return
    named = {column.replace(" ", "").lower(): value for column, value in row.items() if value}
    product = Product({name: named[column] for column, name in _ATTRIBUTES.items() if column in named})
    dimension = Dimension(
        unit=row.get("Unit", ""),
        description=row.get("PriceDescription", ""),
        pricePerUnit={row.get("Currency", ""): row.get(_COLUMN, "")},
        beginRange=row.get("StartingRange") or "0",
    )
    yield from listed_prices(product, [Term({"": dimension})], published)
