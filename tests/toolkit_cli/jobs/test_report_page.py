"""The page of `bedrock-batch report` as a reader sees it, in a browser."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.legible import SCHEMES, ground_of, hard_to_read, outside, texts
from tests.toolkit_cli.jobs.conftest import World, id_of

if TYPE_CHECKING:
    from pathlib import Path

WIDTHS = [320, 375, 768, 1280]

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
    assert outside(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_text_is_read_easily(page: Page) -> None:
    assert any("records" in text for text in texts(page))
    assert hard_to_read(page) == []


def test_charts_are_seen(page: Page) -> None:
    drawings = page.evaluate(SIZES, "svg")
    assert len(drawings) >= 2
    assert [size for size in drawings if min(size) < 10 or max(size) < 200] == []
    if page.locator("figure").count():
        assert max(height for _, height in page.evaluate(SIZES, "figure rect.bar")) > 40
    assert page.evaluate(OVERLAPS) == []


def test_the_scheme_is_the_readers(page: Page, scheme: str) -> None:
    assert ground_of(page) == scheme


def test_a_chart_alone_is_as_large_as_one_of_several(page: Page) -> None:
    sizes = page.evaluate(SIZES, "figure")
    page.evaluate("() => [...document.querySelectorAll('figure')].slice(1).forEach(figure => figure.remove())")
    assert page.evaluate(SIZES, "figure") == sizes[:1]
