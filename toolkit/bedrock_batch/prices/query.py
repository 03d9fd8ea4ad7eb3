"""AWS's Price List, asked: ``pricing:GetProducts``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedrock_batch.prices.list_file import read_items
from bedrock_batch.prices.prices import PriceListError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bedrock_batch.prices.listed import ListedPrice

# What AWS Marketplace sells, and what a part of Claude's newer models is in besides.
_SOLD = ("AmazonBedrockFoundationModels", "AmazonBedrockService", "AmazonBedrock")
_OWN = ("AmazonBedrock", "AmazonBedrockFoundationModels")
_SELLERS = ("ai21.", "anthropic.", "cohere.", "stability.", "twelvelabs.", "writer.")
#: Where the Price List is asked: https://docs.aws.amazon.com/general/latest/gr/billing.html.
_ENDPOINTS = {"eu": "eu-central-1", "ap": "ap-south-1", "cn": "cn-northwest-1"}


def endpoint_region(region: str) -> str:
    """Return the Region whose endpoint is asked for the prices of another: each has those of all."""
    return _ENDPOINTS.get(region.partition("-")[0], "us-east-1")


def offers_of(model_id: str) -> tuple[str, ...]:
    """Return the service codes under which a model may be sold, the likely one first."""
    return _SOLD if model_id.startswith(_SELLERS) else _OWN


def ask_list(client: Any, offer: str, region: str) -> Iterator[ListedPrice]:  # noqa: ANN401 - boto3 makes its clients at run time
    """Yield the prices of tokens that an offer has in a Region, page after page.

    Raises
    ------
    PriceListError
        If AWS refuses, or cannot be reached.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow, and files need none

    try:
        pages = client.get_paginator("get_products").paginate(
            ServiceCode=offer, Filters=[{"Type": "TERM_MATCH", "Field": "regionCode", "Value": region}]
        )
        for page in pages:
            yield from read_items(page["PriceList"])
    except (BotoCoreError, ClientError) as error:
        raise PriceListError(f"AWS's Price List cannot be asked: {error}") from None
