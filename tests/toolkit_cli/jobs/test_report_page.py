"""The page of `bedrock-batch report` as a reader sees it, in a browser."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page

from tests.toolkit_cli.jobs.conftest import World, id_of

if TYPE_CHECKING:
    from pathlib import Path

SCHEMES = ["light", "dark"]
WIDTHS = [320, 375, 768, 1280]
LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3

# Each piece of text that is seen: itself, its colour, its size on the screen, and what is behind it, innermost first.
TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
  for (let node; node = walker.nextNode();) {
    const element = node.parentElement, style = getComputedStyle(element), range = document.createRange();
    range.selectNodeContents(node);
    if (!node.data.trim() || !range.getBoundingClientRect().width) continue;
    const behind = [];
    for (let at = element; at; at = at.parentElement) behind.push(getComputedStyle(at).backgroundColor);
    const matrix = element.getScreenCTM?.(), scale = matrix ? matrix.a : 1;
    texts.push({
      text: node.data, color: matrix ? style.fill : style.color, size: parseFloat(style.fontSize) * scale, behind,
    });
  }
  return texts;
}"""
OUTSIDE = """() => [...document.body.querySelectorAll("*")].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width && (box.left < -0.5 || box.right > document.documentElement.clientWidth + 0.5);
}).map(element => element.outerHTML.slice(0, 80))"""
SIZES = """selector => [...document.querySelectorAll(selector)].map(element => {
  const box = element.getBoundingClientRect();
  return [box.width, box.height];
})"""
OVERLAPS = """() => [...document.querySelectorAll("svg")].flatMap(svg => {
  const boxes = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], at) => boxes.slice(at + 1).filter(([, b]) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).map(([other]) => [one, other]));
})"""


@pytest.fixture(scope="module", params=["mixed", "failed"])
def report(request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page about a job with errors, and about one that failed."""
    arn = request.getfixturevalue(request.param)
    folder: Path = tmp_path_factory.mktemp("report")
    answer = world.command("report", arn, "--input-price", "1000", "--output-price", "2000", folder=folder)
    # The job that failed has left records without a result.
    assert answer.returncode == (1 if request.param == "failed" else 0), answer.stderr
    return (folder / f"{id_of(arn)}.html").as_uri()


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def page(browser: Browser, report: str, width: int, scheme: Any) -> Iterator[Page]:
    """The page in a window, which must load by itself and without complaint."""
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:
        page = context.new_page()
        complaints: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(report)
        yield page
        assert complaints == []
        assert asked == [report]


def test_everything_is_within_the_window(page: Page) -> None:
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_text_is_read_easily(page: Page) -> None:
    texts = page.evaluate(TEXTS)
    assert any("records" in text["text"] for text in texts)
    assert [text for text in texts if contrast(text["color"], text["behind"]) < LEAST_CONTRAST] == []
    assert [text for text in texts if text["size"] < 9] == []


def test_charts_are_seen(page: Page) -> None:
    drawings = page.evaluate(SIZES, "svg")
    assert len(drawings) >= 2
    assert [size for size in drawings if min(size) < 10 or max(size) < 200] == []
    if page.locator("figure").count():
        assert max(height for _, height in page.evaluate(SIZES, "figure rect.bar")) > 40
    assert page.evaluate(OVERLAPS) == []


def test_the_scheme_is_the_readers(page: Page, scheme: str) -> None:
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (luminance(parse(ground)) > 0.5) == (scheme == "light")


def parse(color: str) -> list[float]:
    """Read `rgb(…)` or `rgba(…)`, each part from 0 to 1."""
    red, green, blue, *alpha = map(float, re.findall(r"[\d.]+", color))
    return [red / 255, green / 255, blue / 255, *(alpha or [1.0])]


def luminance(color: list[float]) -> float:
    """The relative luminance of WCAG 2.2."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(color: str, behind: list[str]) -> float:
    ground = next(parsed for parsed in map(parse, behind) if parsed[3] == 1)
    high, low = sorted([luminance(parse(color)), luminance(ground)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_chart_alone_is_as_large_as_one_of_several(page: Page) -> None:
    sizes = page.evaluate(SIZES, "figure")
    page.evaluate("() => [...document.querySelectorAll('figure')].slice(1).forEach(figure => figure.remove())")
    assert page.evaluate(SIZES, "figure") == sizes[:1]
