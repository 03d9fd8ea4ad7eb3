"""Prices of models, in price lists as AWS published them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from bedrock_batch import FoundPrices, PriceListError, Prices, endpoint_region, find_prices
from tests.unit.toolkit.prices.recorded import LATER, MARKETPLACE, QWEN, TOKYO, VIRGINIA, Row, items, price_list

ALL = (*VIRGINIA, *LATER, *QWEN, *MARKETPLACE)


class Pricing:
    """A client of the Price List API that has some products, a few on a page."""

    def __init__(self, *rows: Row, fails: Exception | None = None) -> None:
        self.products, self.fails = items(rows), fails
        self.asked: list[tuple[str, str]] = []

    def get_paginator(self, operation: str) -> "Pricing":
        assert operation == "get_products"
        return self

    def paginate(self, ServiceCode: str, Filters: list[dict[str, str]]) -> Iterator[dict[str, Any]]:  # noqa: N803 - the API's
        (one,) = Filters
        self.asked.append((ServiceCode, one["Value"]))
        if self.fails:
            raise self.fails
        assert one == {"Type": "TERM_MATCH", "Field": "regionCode", "Value": one["Value"]}
        found = [json.dumps(item) for item in self.products if item["serviceCode"] == ServiceCode]
        for begin in range(0, len(found), 5):
            yield {"PriceList": found[begin : begin + 5]}


@pytest.mark.parametrize(
    ("model", "read", "written"),
    [
        ("amazon.nova-micro-v1:0", 0.0175, 0.07),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0", 0.0175, 0.07),
        ("arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-micro-v1:0", 0.0175, 0.07),
        ("us.meta.llama4-maverick-17b-instruct-v1:0", 0.12, 0.485),
        ("mistral.mistral-large-3-675b-instruct", 0.25, 0.75),
        ("qwen.qwen3-32b-v1:0", 0.075, 0.3),
        ("us.anthropic.claude-sonnet-4-6", 1.65, 8.25),
        ("global.anthropic.claude-sonnet-4-6", 1.5, 7.5),
        ("amazon.titan-embed-image-v1", 0.4, 0.0),
    ],
)
def test_models_of_many_providers_have_the_price_of_a_batch(
    tmp_path: Path, model: str, read: float, written: float
) -> None:
    of_file = find_prices(model, "us-east-1", file=price_list(tmp_path / "prices.json", ALL))
    assert of_file is not None
    assert of_file.prices == Prices(input=read, output=written, currency="USD")
    assert of_file.batch
    asked = find_prices(model, "us-east-1", client=Pricing(*ALL))
    assert asked is not None
    assert (asked.prices, asked.usage_types) == (of_file.prices, of_file.usage_types)


def test_prices_say_where_they_are_from(tmp_path: Path) -> None:
    file = price_list(tmp_path / "prices.json", LATER, published="2026-09-17T23:16:09Z")
    usage_types = ("USE1-NovaMicro-input-tokens-batch", "USE1-NovaMicro-output-tokens-batch")
    found = find_prices("amazon.nova-micro-v1:0", "us-east-1", file=file)
    assert found == FoundPrices(
        prices=Prices(input=0.0175, output=0.07),
        batch=True,
        source=str(file),
        published="2026-09-17T23:16:09Z",
        usage_types=usage_types,
    )
    assert str(found) == (
        "0.0175 USD in, 0.07 USD out for a million tokens (of batch inference; "
        f"{', '.join(usage_types)} in {file} of 2026-09-17)"
    )


def test_without_a_price_of_batches_that_on_demand_is_found_and_said_to_be(tmp_path: Path) -> None:
    file = price_list(tmp_path / "prices.json", ALL)
    found = find_prices("us.amazon.nova-premier-v1:0", "us-east-1", file=file)
    assert found is not None
    assert not found.batch
    assert found.prices == Prices(input=2.5, output=12.5)
    assert "on demand, for the list has none of batch inference: at most" in str(found)
    of_demand = find_prices("amazon.nova-micro-v1:0", "us-east-1", batch=False, file=file)
    assert of_demand is not None
    assert of_demand.usage_types == ("USE1-NovaMicro-input-tokens", "USE1-NovaMicro-output-tokens")


@pytest.mark.parametrize(
    ("model", "region"),
    [
        ("amazon.nova-micro-v1:0", "eu-west-1"),
        ("amazon.nova-ultra-v1:0", "us-east-1"),
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", "us-east-1"),
        ("global.amazon.nova-micro-v1:0", "us-east-1"),
        ("arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdef123456", "us-east-1"),
        # Of which there is half a price.
        ("amazon.nova-pro-v1:0", "us-east-1"),
        ("", "us-east-1"),
    ],
)
def test_what_a_list_does_not_have_is_none(tmp_path: Path, model: str, region: str) -> None:
    assert find_prices(model, region, file=price_list(tmp_path / "prices.json", ALL)) is None
    assert find_prices(model, region, client=Pricing(*ALL)) is None


def test_a_profile_has_its_own_prices_where_there_are_some(tmp_path: Path) -> None:
    file = price_list(tmp_path / "prices.json", TOKYO, "ap-northeast-1")
    worldwide = find_prices("global.amazon.nova-2-lite-v1:0", "ap-northeast-1", file=file)
    assert worldwide is not None
    assert worldwide.prices == Prices(input=0.36, output=3.01)
    assert find_prices("apac.amazon.nova-2-lite-v1:0", "ap-northeast-1", file=file) is None


def test_two_prices_for_the_same_are_none_to_choose_from(tmp_path: Path) -> None:
    other = Row("USE1-Nova-Micro-input-tokens-batch", "Nova Micro", "0.0000180000")
    with pytest.raises(PriceListError, match=r"says 0\.0175 USD for .* and 0\.018 USD for .*; name the prices"):
        find_prices("amazon.nova-micro-v1:0", "us-east-1", file=price_list(tmp_path / "prices.json", (*LATER, other)))


@pytest.mark.parametrize(
    ("row", "million"),
    [
        (Row("USE1-NovaMicro-input-tokens-batch", "Nova Micro", "0.018", "1k tokens"), 18),
        (
            Row("USE1-NovaMicro-input-tokens-batch", "Nova Micro", "18", "Units", description="Million Input Tokens"),
            18,
        ),
        (Row("USE1-NovaMicro-input-tokens-batch", "Nova Micro", "18", "Units"), None),
        (Row("USE1-NovaMicro-input-tokens-batch", "Nova Micro", "18", "1B tokens"), None),
        (Row("USE1-NovaMicro-input-tokens-batch", "Nova Micro", "much", "1M tokens"), None),
        (Row("USE1-NovaMicro-input-tokens-batch", "Nova Micro", "0.0000000000"), None),
    ],
)
def test_a_unit_that_is_not_known_is_not_guessed(tmp_path: Path, row: Row, million: float | None) -> None:
    written = Row("USE1-NovaMicro-output-tokens-batch", "Nova Micro", "0.07")
    found = find_prices(
        "amazon.nova-micro-v1:0", "us-east-1", file=price_list(tmp_path / "prices.json", (row, written))
    )
    assert (found and found.prices.input) == million


def test_what_the_aws_cli_prints_is_a_list_too(tmp_path: Path) -> None:
    file = tmp_path / "products.json"
    file.write_text(json.dumps({"FormatVersion": "aws_v1", "PriceList": [json.dumps(each) for each in items(LATER)]}))
    found = find_prices("amazon.nova-micro-v1:0", "us-east-1", file=file)
    assert found is not None
    assert found.prices.input == 0.0175


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("SKU,OfferTermCode\n", "is neither JSON nor CSV of a price list"),
        ("[1]", "is no price list in JSON"),
        ('{"products": 1}', "is no price list in JSON"),
        ('{"amazon.nova-micro-v1:0": {"input_cost_per_token": 1e-8}}', "has no products, so it is no price list"),
        ('{"PriceList": ["{}"]}', "has a product of another form"),
        ("", "is neither JSON nor CSV of a price list"),
    ],
)
def test_a_file_that_is_no_price_list_is_refused_in_a_sentence(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "prices.json"
    file.write_text(content)
    with pytest.raises(PriceListError, match=said):
        find_prices("amazon.nova-micro-v1:0", "us-east-1", file=file)


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}, "GetProducts"),
        EndpointConnectionError(endpoint_url="https://api.pricing.us-east-1.amazonaws.com"),
    ],
)
def test_a_refusal_of_aws_is_one_sentence(error: Exception) -> None:
    with pytest.raises(PriceListError, match="AWS's Price List cannot be asked: "):
        find_prices("amazon.nova-micro-v1:0", "us-east-1", client=Pricing(fails=error))


def test_the_price_of_a_batch_in_another_offer_goes_before_that_on_demand() -> None:
    name = "Claude Sonnet 4 (Amazon Bedrock Edition)"
    sold = [Row(f"USE1-MP:USE1_{way}TokenCount_Global-Units", name, "3.0", "1M tokens") for way in ("Input", "Output")]
    # As AmazonBedrockService has them: https://pricing.us-east-1.amazonaws.com, 2026-08-01.
    usage = "USE1-Claude4Sonnet-{}-tokens-cross-region-global-batch"
    own = [Row(usage.format(way), "Claude Sonnet 4", "0.0015000000") for way in ("input", "output")]
    model = "global.anthropic.claude-sonnet-4-20250514-v1:0"
    found = find_prices(model, "us-east-1", client=Pricing(*sold, *own))
    assert found is not None
    assert (found.batch, found.prices.input) == (True, 1.5)
    alone = find_prices(model, "us-east-1", client=Pricing(*sold))
    assert alone is not None
    assert (alone.batch, alone.prices.input) == (False, 3.0)


def test_aws_is_asked_for_what_sells_the_model_first() -> None:
    client = Pricing(*ALL)
    find_prices("us.anthropic.claude-sonnet-4-6", "us-east-1", client=client)
    find_prices("amazon.nova-micro-v1:0", "us-east-1", client=client)
    assert client.asked == [("AmazonBedrockFoundationModels", "us-east-1"), ("AmazonBedrock", "us-east-1")]


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("us-west-2", "us-east-1"),
        ("eu-west-1", "eu-central-1"),
        ("ap-northeast-1", "ap-south-1"),
        ("sa-east-1", "us-east-1"),
    ],
)
def test_the_list_is_asked_where_there_is_an_endpoint_of_it(region: str, endpoint: str) -> None:
    assert endpoint_region(region) == endpoint


def test_there_must_be_a_list() -> None:
    with pytest.raises(ValueError, match="name one of the two"):
        find_prices("amazon.nova-micro-v1:0", "us-east-1")


@pytest.mark.parametrize(
    ("tokens", "cost"),
    [(0, "0.00 USD"), (1, "less than 0.000001 USD"), (50_000, "0.025 USD"), (3_000_000_000, "1,500.00 USD")],
)
def test_a_cost_is_written_to_the_cent_and_a_small_one_to_its_first_digits(tokens: int, cost: str) -> None:
    assert Prices(input=0.5, output=0).cost(tokens, 0) == cost
