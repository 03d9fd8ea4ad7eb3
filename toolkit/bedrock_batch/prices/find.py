"""The prices of a model in a Region: the face of this room."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrock_batch.jobs.arn import id_of, is_own_profile
from bedrock_batch.prices.list_file import read_list
from bedrock_batch.prices.listed import ListedPrice, choose, paired
from bedrock_batch.prices.meter import Meter
from bedrock_batch.prices.names import keys_of_model
from bedrock_batch.prices.own_profile import model_of_profile
from bedrock_batch.prices.prices import FoundPrices
from bedrock_batch.prices.query import ask_list, offers_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from mypy_boto3_bedrock import BedrockClient

_GEOGRAPHY = re.compile(r"(?P<geography>us|us-gov|eu|apac|au|ca|in|jp|global)\.(?=[a-z0-9-]+\.)")
_QUERY = "AWS's Price List"


def find_prices(
    model: str,
    region: str,
    *,
    batch: bool = True,
    client: Any = None,  # noqa: ANN401 - boto3 makes its clients at run time
    file: str | os.PathLike[str] | None = None,
    bedrock: BedrockClient | None = None,
) -> FoundPrices | None:
    """Find what the tokens of a model cost in AWS's Price List: in a file of it, or by asking AWS.

    A list is as old as its date, and has no discounts, credits or taxes of an account. AWS answers with some ten
    pages for a Region, which takes seconds.

    Parameters
    ----------
    model : str
        The id or ARN of a foundation model or inference profile; a profile's own prices count, where the list has
        some: those through a ``global.`` profile are often lower. Custom and imported models have none.
    region : str
        Where the job is made; by that AWS charges for profiles too
        (https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference.html).
    batch : bool
        Whether batch inference is meant. Default: it is; where the list has no price of it, that on demand is found,
        and `FoundPrices.batch` says so. It is not halved: in lists of September 2026 some batches cost three quarters.
    client : boto3 client of pricing
        Asks AWS (``pricing:GetProducts``); `endpoint_region` has its Region. Default: AWS is not asked.
    file : str or path
        A price list in JSON or CSV, also with gzip: of ``aws pricing get-price-list-file-url``, or the output of
        ``aws pricing get-products``.
    bedrock : boto3 client of bedrock
        Asks which model an application's own profile is of (``bedrock:GetInferenceProfile``). Default: nobody asks, and
        such a profile has no prices.

    Returns
    -------
    FoundPrices or None
        None if the list has no price of that model there.

    Raises
    ------
    PriceListError
        If the file is no price list or cannot be read, AWS refuses, or the list says two things.
    ProfileError
        If AWS does not tell the model of an application's profile.
    ValueError
        If there is neither a file nor a client.
    """
    if (client is None) == (file is None):
        raise ValueError("prices are in a file, or asked of a client; name one of the two")
    foundation, route = _meant(model, bedrock)
    routes = ("geo", "") if route == "geo" else (route,)
    keys, kept = keys_of_model(foundation), None
    for source, prices in _lists(foundation, region, client, file):
        of_model = [price for price in prices if price.region == region and keys & price.names]
        there = _found(of_model, routes, source, batch=batch, embeds="embed" in foundation)
        if there and there.batch == batch:
            return there
        # Another offer may have what this one lacks: that of batches.
        kept = kept or there
    return kept


def _lists(
    model_id: str,
    region: str,
    client: Any,  # noqa: ANN401 - boto3 makes its clients at run time
    file: str | os.PathLike[str] | None,
) -> Iterator[tuple[str, Iterable[ListedPrice]]]:
    if file is not None:
        yield str(file), read_list(Path(file))
    elif client is not None:
        for offer in offers_of(model_id):
            yield f"{_QUERY} ({offer})", ask_list(client, offer, region)


def _meant(model: str, bedrock: BedrockClient | None) -> tuple[str, str]:
    """Return the foundation model, and by which route: a global profile has its own prices, another one may have."""
    if bedrock and is_own_profile(model):
        return model_of_profile(bedrock, model)
    named = id_of(model)
    if not (found := _GEOGRAPHY.match(named)):
        return named, ""
    return named.removeprefix(found[0]), "global" if found["geography"] == "global" else "geo"


def _found(
    prices: list[ListedPrice], routes: tuple[str, ...], source: str, *, batch: bool, embeds: bool
) -> FoundPrices | None:
    for of_batch in (True, False) if batch else (False,):
        for route in routes:
            read, written = (choose(prices, Meter(way, of_batch, route)) for way in ("input", "output"))
            if read and (embeds or (written and written.currency == read.currency)):
                both = tuple(price.usage_type for price in (read, written) if price)
                return FoundPrices(
                    prices=paired(read, written),
                    batch=of_batch,
                    source=source,
                    published=read.published,
                    usage_types=both,
                )
    return None
