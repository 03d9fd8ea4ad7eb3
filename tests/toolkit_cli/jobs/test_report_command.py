"""`bedrock-batch report`: a page that needs nothing but itself."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.toolkit_cli.jobs.conftest import World, id_of
from tests.unit.toolkit.prices.recorded import LATER, VIRGINIA, Row, price_list


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


def test_a_price_list_tells_what_a_job_came_to(world: World, done: str, tmp_path: Path) -> None:
    rows = (
        Row("USE1-NovaLite-input-tokens-batch", "Nova Lite", "0.0000300000"),
        Row("USE1-NovaLite-output-tokens-batch", "Nova Lite", "0.0001200000"),
    )
    price_list(tmp_path / "prices.json", rows)
    answer = world.command("report", done, "--prices", "prices.json", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    told = "0.03 USD in, 0.12 USD out for a million tokens (of batch inference; USE1-NovaLite-input-tokens-batch, "
    assert f" USD, at {told}" in answer.stderr
    text = words(tmp_path / f"{id_of(done)}.html")
    assert "cost, at 0.03 USD in, 0.12 USD out for a million tokens" in text
    assert f"Prices: {told}" in text
    assert "in prices.json of 2026-09-11)" in text
    machine = world.command("report", done, "--prices", "prices.json", "--json", folder=tmp_path)
    cost = json.loads(machine.stdout)["cost"]
    assert (cost["input"], cost["output"], cost["currency"]) == (0.03, 0.12, "USD")
    assert cost["amount"] > 0


def test_a_report_is_written_where_the_price_list_cannot_be_asked(world: World, done: str, tmp_path: Path) -> None:
    answer = world.command("report", done, "--prices", "aws", "--json", folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    cost = json.loads(answer.stdout)["cost"]
    assert cost["amount"] is None
    assert cost["remark"].startswith("cost not known: AWS's Price List cannot be asked: ")
    assert "cost not known" in words(tmp_path / f"{id_of(done)}.html")


def test_jobs_of_several_models_have_no_common_price(world: World, done: str, tmp_path: Path) -> None:
    other = world.run("in.jsonl", jobName="other-model", modelId="amazon.nova-micro-v1:0", roleArn=world.role)
    price_list(tmp_path / "prices.json", (*VIRGINIA, *LATER))
    answer = world.command("report", done, other, "--prices", "prices.json", folder=tmp_path)
    assert "cost not known: the jobs are of several models or Regions; report on those of each alone" in answer.stderr


def test_a_model_costs_the_same_by_whichever_name_jobs_call_it(world: World, tmp_path: Path) -> None:
    names = ("amazon.nova-micro-v1:0", "us.amazon.nova-micro-v1:0")
    jobs = [
        world.run("in.jsonl", jobName=f"micro-{number}", modelId=name, roleArn=world.role)
        for number, name in enumerate(names)
    ]
    price_list(tmp_path / "prices.json", LATER)
    answer = world.command("report", *jobs, "--prices", "prices.json", folder=tmp_path)
    assert "at 0.0175 USD in, 0.07 USD out for a million tokens" in answer.stderr


def test_copies_do_not_say_which_model_it_was(world: World, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "in.jsonl.out").write_text('{"recordId": "1", "modelInput": {}, "modelOutput": {}}\n')
    answer = world.command("report", "--output-dir", "copy", "--prices", "aws", folder=tmp_path)
    assert "cost not known: copies do not say which model it was; name --input-price" in answer.stderr
