"""Price lists in every form in which people have them: AWS's two, and what programs made of them."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bedrock_batch import PriceListError, Prices, find_prices
from tests.unit.toolkit.prices.recorded import LATER, MARKETPLACE, PUBLISHED, items, price_list

ROWS = (*LATER, *MARKETPLACE)
#: The columns of AmazonBedrockFoundationModels in a list of July 2026, as somebody's tests have kept them, and one that
#: AmazonBedrock has besides: what the models are called.
COLUMNS = [
    *("SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange"),
    *("EndingRange", "Unit", "PricePerUnit", "Currency", "Location", "Location Type", "usageType", "operation"),
    *("Region Code", "serviceName", "Model"),
]


def whole(_: list[dict[str, object]], folder: Path) -> bytes:
    return price_list(folder / "whole.json", ROWS).read_bytes()


def sheet(found: list[dict[str, object]], _: Path) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_ALL)
    before = (("FormatVersion", "v1.0"), ("Disclaimer", "For information, only."), ("Publication Date", PUBLISHED))
    rows.writerows((*before, ("Version", "20260911124408"), ("OfferCode", "AmazonBedrock"), COLUMNS))
    for row, item in zip(ROWS, found, strict=True):
        attributes = json.loads(json.dumps(item))["product"]["attributes"]
        told = {
            "TermType": "OnDemand",
            "StartingRange": "0",
            "EndingRange": "Inf",
            "Unit": row.unit,
            "PricePerUnit": row.usd,
            "Currency": "USD",
            "usageType": row.usage_type,
            "Region Code": attributes["regionCode"],
            "serviceName": attributes["servicename"],
            "Model": attributes.get("model", ""),
        }
        rows.writerow([told.get(column, "") for column in COLUMNS])
    return text.getvalue().encode()


FORMS: dict[str, Callable[[list[dict[str, object]], Path], bytes]] = {
    "CSV": sheet,
    "with a byte order mark": lambda found, folder: b"\xef\xbb\xbf" + whole(found, folder),
    "UTF-16": lambda found, folder: whole(found, folder).decode().encode("utf-16"),
    "CSV in UTF-16": lambda found, folder: sheet(found, folder).decode().encode("utf-16"),
    "gzip": lambda found, folder: gzip.compress(whole(found, folder)),
    "CSV with gzip": lambda found, folder: gzip.compress(sheet(found, folder)),
    "--query PriceList": lambda found, _: json.dumps([json.dumps(each) for each in found]).encode(),
    "products taken apart": lambda found, _: json.dumps(found).encode(),
    "a PriceList taken apart": lambda found, _: json.dumps({"PriceList": found}).encode(),
    "a product a line": lambda found, _: "\n".join(json.dumps(each) for each in found).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_list_says_the_same_in_every_form(tmp_path: Path, form: str) -> None:
    file = tmp_path / "prices"
    file.write_bytes(FORMS[form](items(ROWS), tmp_path))
    micro = find_prices("us.amazon.nova-micro-v1:0", "us-east-1", file=file)
    assert micro is not None
    assert (micro.prices, micro.published) == (Prices(input=0.0175, output=0.07), PUBLISHED)
    sold = find_prices("global.anthropic.claude-sonnet-4-6", "us-east-1", file=file)
    assert sold is not None
    assert sold.prices == Prices(input=1.5, output=7.5)
    embedding = find_prices("amazon.titan-embed-image-v1", "us-east-1", file=file)
    assert embedding is not None
    assert embedding.prices.input == 0.4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"Url": "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonBedrock"}', "only says where"),
        (b'{"PriceLists": [{"PriceListArn": "arn:aws:pricing:::price-list/aws/AmazonBedrock"}]}', "only says where"),
        (b'{"regions": {"us-east-1": {"currentVersionUrl": "/offers"}}}', "only says where"),
        (gzip.compress(b"{}" * 1000, mtime=0)[:20], "is damaged"),
        (b"\xff\xfe{", "begins as UTF-16 and is none"),
        (b"PK\x03\x04\x00\xff", "is neither JSON nor CSV"),
        (b"PRICELIST\t{}\n", "has no column PricePerUnit"),
        (b'"SKU","Unit"\n' * 30, "has no column PricePerUnit"),
        (b"PricePerUnit\n" + b"x" * 200_000 + b"\n", "cannot be read as CSV: field larger"),
    ],
)
def test_what_is_in_none_of_these_forms_is_refused_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "prices"
    file.write_bytes(content)
    with pytest.raises(PriceListError, match=said):
        find_prices("amazon.nova-micro-v1:0", "us-east-1", file=file)


def test_a_row_of_a_sheet_may_be_short_reserved_or_of_another_range(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    micro = "OnDemand,{},1K tokens,{},USD,USE1-NovaMicro-{}-tokens-batch,us-east-1,Nova Micro\n"
    file.write_text(
        "TermType,StartingRange,Unit,PricePerUnit,Currency,usageType,Region Code,Model\nOnDemand\n\n"
        + micro.format(0, 0.01, "input")
        + micro.format(1000, 0.005, "input")
        + micro.format(0, 0.02, "output")
        + micro.format(0, 0.001, "output").replace("OnDemand", "Reserved")
    )
    found = find_prices("amazon.nova-micro-v1:0", "us-east-1", file=file)
    assert found is not None
    assert (found.prices, found.published) == (Prices(input=10, output=20), "")
