"""Prices as AWS published them: a few products of its price lists, with the attributes that they have there.

The lists are public, one of a Region at
https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/OFFER/current/REGION/index.json. These products were copied from
what others have kept of them and published: github.com/koyakimu/aws-bedrock-quick-reference (tests/fixtures/prices for
Tokyo, data/prices.json for the amounts of `LATER`), github.com/uwuclxdy/ai-pricelog (tests/fixtures/amazon_page for
Virginia), github.com/scttfrdmn/cultivar (Qwen3 32B). Without a SKU here are those whose SKU nobody gives.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple


class Row(NamedTuple):
    """A product: its usage type, the attribute that names the model, its price for a unit, and its SKU."""

    usage_type: str
    name: str
    usd: str
    unit: str = "1K tokens"
    sku: str = ""
    description: str = ""


#: Of the list of us-east-1 of 2026-09-11T12:44:08Z.
VIRGINIA = (
    Row("USE1-NovaLite-input-tokens", "Nova Lite", "0.0000600000", sku="QRGWJ3P8FT28EYX2"),
    Row("USE1-NovaLite-output-tokens", "Nova Lite", "0.0002400000", sku="CBZ6A6U7XK8WJ3KA"),
    Row("USE1-NovaLite-cache-read-input-token-count", "Nova Lite", "0.0000150000", sku="FYTFBAWEJFBAVTWK"),
    Row("USE1-NovaLite-cache-write-input-token-count", "Nova Lite", "0.0000000000", sku="NF8UDYEDB4HXGNAZ"),
    Row("USE1-NovaLite-input-tokens-batch", "Nova Lite", "0.0000300000", sku="FHPM2WQ68N32TY6D"),
    Row("USE1-NovaLite-input-tokens-custom-model", "Nova Lite", "0.0000600000", sku="2W4JGY5BWVAPKQ6J"),
    Row(
        "USE1-NovaLite-ProvisionedThroughput-1month-ModelUnits",
        "Nova Lite",
        "55.0000000000",
        "hour",
        "DU74ARUX9SF92JGY",
    ),
    Row("USE1-NovaMicro-input-tokens", "Nova Micro", "0.0000350000", sku="XAR69MSGZSU6FEM9"),
    Row("USE1-NovaMicro-output-tokens", "Nova Micro", "0.0001400000", sku="YUSGHKDUPQRC75RK"),
    Row("USE1-NovaPro-input-tokens", "Nova Pro", "0.0008000000", sku="8X836UXRHN5Q5T2H"),
    Row("USE1-NovaPro-input-tokens-flex", "Nova Pro", "0.0004000000", sku="PUZN23F2U55E57VV"),
    Row("USE1-NovaPremier-input-tokens", "Nova Premier", "0.0025000000", sku="AMYWX642VPHEKDZE"),
    Row("USE1-NovaPremier-output-tokens", "Nova Premier", "0.0125000000", sku="6QAAYR5SSN69NABR"),
    Row("USE1-NovaCanvas-T2I-1024-Standard", "Nova Canvas", "0.0400000000", "image", "YWYKJ9HG9DZPEYTW"),
)
#: The same, of 2026-09-17T23:16:09Z.
LATER = (
    Row("USE1-NovaMicro-input-tokens-batch", "Nova Micro", "0.0000175000"),
    Row("USE1-NovaMicro-output-tokens-batch", "Nova Micro", "0.0000700000"),
    Row("USE1-Llama4-Maverick-17B-input-tokens", "Llama 4 Maverick 17B", "0.0002400000"),
    Row("USE1-Llama4-Maverick-17B-output-tokens", "Llama 4 Maverick 17B", "0.0009700000"),
    Row("USE1-Llama4-Maverick-17B-input-tokens-batch", "Llama 4 Maverick 17B", "0.0001200000"),
    Row("USE1-Llama4-Maverick-17B-output-tokens-batch", "Llama 4 Maverick 17B", "0.0004850000"),
    Row("USE1-Mistral-Large-3-675b-Instruct-input-tokens-batch", "Mistral Large 3", "0.0002500000"),
    Row("USE1-Mistral-Large-3-675b-Instruct-output-tokens-batch", "Mistral Large 3", "0.0007500000"),
    Row("USE1-TitanEmbeddingsG1-Image-input-tokens-batch", "", "0.0004000000"),
)
#: The same, as the API answered on 2026-07-27.
QWEN = (
    Row("USE1-Qwen3-32B-input-tokens-batch", "Qwen3 32B", "0.0000750000"),
    Row("USE1-Qwen3-32B-output-tokens-batch", "Qwen3 32B", "0.0003000000"),
    Row("USE1-qwen.qwen3-32b-mantle-input-tokens-batch", "Qwen3 32B", "0.0000750000"),
    Row("USE1-qwen.qwen3-32b-mantle-output-tokens-batch", "Qwen3 32B", "0.0003000000"),
    Row("USE1-Qwen3-32B-input-tokens-priority", "Qwen3 32B", "0.0002625000"),
)
#: Of the list of ap-northeast-1 of 2026-09-11T12:44:08Z.
TOKYO = (
    Row("APN1-NovaLite-input-tokens", "Nova Lite", "0.0000720000", sku="P569N2VH2DAWEFWX"),
    Row("APN1-NovaLite-output-tokens", "Nova Lite", "0.0002880000", sku="FGQ9PVC9YXM9YY52"),
    Row("APN1-NovaLite-input-tokens-batch", "Nova Lite", "0.0000360000", sku="USMKU7YEH9UG953Z"),
    Row("APN1-Nova2.0Lite-input-tokens-cross-region-global", "Nova 2.0 Lite", "0.0003600000", sku="AKQFYXD4AUGMS78D"),
    Row("APN1-Nova2.0Lite-output-tokens-cross-region-global", "Nova 2.0 Lite", "0.0030100000", sku="AZXNYY36FFAS39SK"),
    Row("APN1-TitanEmbeddingsG1-Text-input-tokens", "", "0.0002000000", sku="QUJHFKSYNPKM4FFG"),
)
# Of AmazonBedrockFoundationModels, us-east-1, 2026-09-11T12:44:10Z.
_EDITION = "Claude Sonnet 4.6 (Amazon Bedrock Edition)"
MARKETPLACE = (
    Row("USE1-MP:USE1_InputTokenCount-Units", _EDITION, "3.3000000000", "1M tokens"),
    Row("USE1-MP:USE1_OutputTokenCount-Units", _EDITION, "16.5000000000", "1M tokens"),
    Row("USE1-MP:USE1_InputTokenCount_Global-Units", _EDITION, "3.0000000000", "1M tokens"),
    Row("USE1-MP:USE1_OutputTokenCount_Global-Units", _EDITION, "15.0000000000", "1M tokens"),
    Row("USE1-MP:USE1_InputTokenCount_Batch-Units", _EDITION, "1.6500000000", "1M tokens"),
    Row("USE1-MP:USE1_OutputTokenCount_Batch-Units", _EDITION, "8.2500000000", "1M tokens"),
    Row("USE1-MP:USE1_InputTokenCount_Global_Batch-Units", _EDITION, "1.5000000000", "1M tokens"),
    Row("USE1-MP:USE1_OutputTokenCount_Global_Batch-Units", _EDITION, "7.5000000000", "1M tokens"),
    Row("USE1-MP:USE1_CacheReadInputTokenCount-Units", _EDITION, "0.3300000000", "1M tokens"),
    Row("USE1-MP:USE1_Reserved_1Month_InputTPM_Geo-Units", _EDITION, "0.1980000000", "1M TPM Hour"),
)
PUBLISHED = "2026-09-11T12:44:08Z"


def items(rows: tuple[Row, ...], region: str = "us-east-1", published: str = PUBLISHED) -> list[dict[str, Any]]:
    """The products as GetProducts answers them."""
    found = [_item(row, region, row.sku or f"SKU{number}") for number, row in enumerate(rows)]
    return [item | {"publicationDate": published} for item in found]


def _item(row: Row, region: str, sku: str) -> dict[str, Any]:
    sold = "-MP:" in row.usage_type
    told = (
        {"servicename": row.name}
        if sold
        else {"servicename": "Amazon Bedrock"} | ({"model": row.name} if row.name else {})
    )
    price = {"unit": row.unit, "beginRange": "0", "endRange": "Inf", "pricePerUnit": {"USD": row.usd}, "appliesTo": []}
    dimensions = {f"{sku}.JRTCKXETXF.6YS6EN2CT7": price | {"description": row.description}}
    return {
        "product": {"sku": sku, "attributes": {"usagetype": row.usage_type, "regionCode": region, **told}},
        "serviceCode": "AmazonBedrockFoundationModels" if sold else "AmazonBedrock",
        "terms": {"OnDemand": {f"{sku}.JRTCKXETXF": {"sku": sku, "priceDimensions": dimensions}}},
    }


def price_list(file: Path, rows: tuple[Row, ...], region: str = "us-east-1", published: str = PUBLISHED) -> Path:
    """Write products as AWS's own file of an offer in a Region has them."""
    products, terms = {}, {}
    for item in items(rows, region):
        sku = item["product"]["sku"]
        products[sku], terms[sku] = item["product"], item["terms"]["OnDemand"]
    content = {"formatVersion": "v1.0", "publicationDate": published, "products": products}
    file.write_text(json.dumps(content | {"terms": {"OnDemand": terms}}))
    return file
