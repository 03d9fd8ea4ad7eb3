"""The page about a job, from copies of its files."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrock_batch.page import gather_facts, render_page
from bedrock_batch.page.charts import bins_of
from bedrock_batch.page.markup import tag
from bedrock_batch.prices.prices import Prices
from bedrock_batch.results.job_results import open_local_results

NASTY = "<script>alert(1)</script> \" ' & \x00 \x1b[31m \u202e ]]> </style>"


def page_of(folder: Path, lines: list[dict[str, Any]], prices: Prices | None = None) -> ET.Element:
    folder.mkdir(exist_ok=True)
    (folder / "in.jsonl.out").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with open_local_results(folder) as opened:
        page = render_page(gather_facts(opened, prices))
    return ET.fromstring(page.removeprefix("<!DOCTYPE html>\n"))  # noqa: S314 - our own page


def nova(record_id: str, tokens: int, latency: int | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {"output": {"message": {"content": [{"text": "yes"}]}}, "stopReason": "end_turn"}
    body["usage"] = {"inputTokens": tokens, "outputTokens": 1}
    body |= {} if latency is None else {"metrics": {"latencyMs": latency}}
    return {"recordId": record_id, "modelInput": {"messages": [{"content": [{"text": "why?"}]}]}, "modelOutput": body}


def test_whatever_a_record_holds_is_shown_as_text(tmp_path: Path) -> None:
    error = {"errorCode": 400, "errorMessage": NASTY}
    shown = {"modelInput": {"prompt": NASTY}}
    page = page_of(
        tmp_path,
        [
            {"recordId": NASTY, **shown, "modelOutput": {"generation": NASTY, "stop_reason": NASTY}},
            {"recordId": "2", **shown, "error": error},
        ],
    )
    assert page.find(".//script") is None
    text = "".join(page.itertext())
    assert text.count("<script>alert(1)</script> \" ' & \ufffd \ufffd[31m \ufffd ]]> </style>") == 8


def test_errors_are_grouped_by_what_they_say(tmp_path: Path) -> None:
    lines = [
        {
            "recordId": f"{n}",
            "modelInput": {},
            "error": {"errorCode": 400, "errorMessage": f"limit {n} is below {n + 1}"},
        }
        for n in range(30)
    ]
    lines.append({"recordId": "x", "modelInput": {}, "error": {"errorCode": 500, "errorMessage": "sorry"}})
    rows = page_of(tmp_path, lines).findall(".//section[h2='Errors']//tbody/tr")
    assert [[cell.text for cell in row][:4] for row in rows] == [
        ["30", "400", "limit 0 is below 1", "0"],
        ["1", "500", "sorry", "x"],
    ]


def test_charts_are_there_for_what_is_told(tmp_path: Path) -> None:
    page = page_of(tmp_path, [nova(f"{n}", n) for n in range(100)])
    assert [caption.text for caption in page.findall(".//figcaption/b")] == ["Input length", "Output length"]
    label = page.find(".//figure/svg")
    assert label is not None
    assert (
        label.attrib["aria-label"] == "Input length. Half of the records have at most 49 tokens, 95 of 100 at most 94."
    )
    with_latency = page_of(tmp_path, [nova(f"{n}", n, n) for n in range(100)])
    assert len(with_latency.findall(".//figure")) == 3


@pytest.mark.parametrize("tokens", [2**63 - 1, 2**63, 2**70, -1])
def test_counts_of_any_size_are_summed_and_those_beyond_64_bits_named(tmp_path: Path, tokens: int) -> None:
    page = page_of(tmp_path, [nova("1", tokens), nova("2", 3)])
    text = " ".join("".join(page.itertext()).split())
    # No column of a table holds more than 64 bits, one of them for the sign.
    odd = tokens >= 2**63
    assert f"{3 if odd else tokens + 3:,}" in text
    assert ("1 line of the output not as the service writes them" in text) == odd
    assert ("1 number that no model can mean: the charts leave them out" in text) == (tokens < 0)


def test_a_chart_has_an_axis_of_records_and_one_of_values(tmp_path: Path) -> None:
    page = page_of(tmp_path, [nova(f"{n}", 5) for n in range(1200)])
    (chart, _) = page.findall(".//figure/svg")
    assert {"1,200", "600", "records", "5"} <= {text.text for text in chart.findall("text")}
    assert next(title.text for title in chart.findall("g/title")) == "5 tokens: 1,200 records"


def test_one_is_not_said_to_be_several(tmp_path: Path) -> None:
    page = page_of(tmp_path, [nova("1", 1, 1)])
    text = " ".join("".join(page.itertext()).split())
    for wrong in ("1 records", "1 tokens", "1records", "1tokens"):
        assert wrong not in text
    label = page.find(".//figure/svg")
    assert label is not None
    assert "at most 1 token, 95" in label.attrib["aria-label"]
    assert page.find(".//figure/svg/g/title").text == "1 token: 1 record"  # type: ignore[union-attr]


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_a_cost_has_its_currency(tmp_path: Path, currency: str) -> None:
    prices = Prices(input=1_000_000, output=2, currency=currency)
    text = " ".join("".join(page_of(tmp_path, [nova("1", 3)], prices).itertext()).split())
    assert f"3.00 {currency}" in text
    assert f"1e+06 {currency} in, 2 {currency} out for a million tokens" in text


def test_records_that_tell_no_tokens_do_not_cost_nothing(tmp_path: Path) -> None:
    line = {"recordId": "1", "modelInput": {}, "modelOutput": {"embeddings": [[0.1]]}}
    text = "".join(page_of(tmp_path, [line], Prices(input=1, output=1)).itertext())
    assert "cost not known: the results do not say how many tokens were read" in text
    assert "0.00 USD" not in text


def test_a_job_without_results_has_a_page_too(tmp_path: Path) -> None:
    text = " ".join("".join(page_of(tmp_path, []).itertext()).split())
    assert "there are no results" in text


@given(st.lists(st.integers(0, 10**9) | st.integers(0, 2**64 - 1), min_size=1))
def test_each_value_is_in_one_bar(values: list[int]) -> None:
    bins = bins_of(values)
    assert sum(bins.counts) == len(values)
    assert 8 <= len(bins.counts) <= 25
    assert bins.start <= min(values)
    assert max(values) < bins.start + bins.width * len(bins.counts)
    assert all(bins.counts[(value - bins.start) // bins.width] for value in values)


@pytest.mark.parametrize("name", ["class", "title"])
def test_attributes_are_escaped(name: str) -> None:
    assert tag("p", **{name: '"><script>'}) == f'<p {name}="&#34;&gt;&lt;script&gt;"></p>'
