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
from bedrock_batch.results.job_results import open_local_results

NASTY = "<script>alert(1)</script> \" ' & \x00 \x1b[31m \u202e ]]> </style>"


def page_of(folder: Path, lines: list[dict[str, Any]]) -> ET.Element:
    folder.mkdir(exist_ok=True)
    (folder / "in.jsonl.out").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with open_local_results(folder) as opened:
        page = render_page(gather_facts(opened))
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


def test_a_job_without_results_has_a_page_too(tmp_path: Path) -> None:
    text = " ".join("".join(page_of(tmp_path, []).itertext()).split())
    assert "there are no results" in text


@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_each_value_is_in_one_bar(values: list[int]) -> None:
    bins = bins_of(values)
    assert sum(bins.counts) == len(values)
    assert 8 <= len(bins.counts) <= 25
    assert bins.start <= min(values)
    assert max(values) < bins.start + bins.width * len(bins.counts)
    assert all(bins.counts[(value - bins.start) // bins.width] for value in values)


@pytest.mark.parametrize("name", ["class", "title"])
def test_attributes_are_escaped(name: str) -> None:
    assert tag("p", **{name: '"><script>'}) == f'<p {name}="&quot;&gt;&lt;script&gt;"></p>'
