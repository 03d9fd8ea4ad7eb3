"""`bedrock-batch report`: a page that needs nothing but itself."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.toolkit_cli.jobs.conftest import World, id_of


@pytest.fixture(scope="module")
def page(world: World, mixed: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    answer = world.command("report", mixed, "--input-price", "1000", "--output-price", "2000", folder=folder)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == f"{id_of(mixed)}.html\n"
    return folder / f"{id_of(mixed)}.html"


def words(page: Path) -> str:
    body = ET.fromstring(page.read_text().removeprefix("<!DOCTYPE html>\n")).find("body")  # noqa: S314 - our own page
    assert body is not None
    return " ".join("".join(body.itertext()).split())


def test_the_page_tells_the_job(world: World, mixed: str, page: Path) -> None:
    text = words(page)
    job = world.aws.bedrock.get_model_invocation_job(jobIdentifier=mixed)
    for told in (job["jobName"], mixed, "Completed. Every record has been processed; 99.0% of them succeeded."):
        assert told in text
    assert "102 succeeded" in text
    assert "required key [messages] not found" in text
    # 202 tokens of 1000 and as many of 2000 a million, and one of each for the other two records.
    assert "0.606" in text


def test_text_from_records_stays_text(page: Path) -> None:
    assert "<b>second</b>" not in page.read_text()


def test_the_page_refers_to_nothing_outside_itself(page: Path) -> None:
    root = ET.fromstring(page.read_text().removeprefix("<!DOCTYPE html>\n"))  # noqa: S314 - our own page
    elements = list(root.iter())
    assert not {"script", "link", "img", "iframe", "object", "a"} & {element.tag for element in elements}
    assert not [element.attrib for element in elements if {"src", "href", "style"} & set(element.attrib)]
    style = root.findtext("head/style")
    assert style
    assert "url(" not in style
    assert "@import" not in style


def test_a_price_alone_is_refused(world: World, done: str, tmp_path: Path) -> None:
    one = world.command("report", done, "--input-price", "1", folder=tmp_path)
    assert (one.returncode, one.stderr) == (
        2,
        "bedrock-batch: a cost needs both prices; name --input-price and --output-price\n",
    )
    below = world.command("report", done, "--input-price", "-1", "--output-price", "1", folder=tmp_path)
    assert "the input price must be 0 or more for a million tokens, got -1.0" in below.stderr
    assert list(tmp_path.iterdir()) == []
