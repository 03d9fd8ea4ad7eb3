"""A table as the input of a job: its records are made for the job's model, and staged as a file's are."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, AssetStaging, CfnParameter, Stack

from cdk_bedrock_batch import BatchModel, InputData, InvocationType

from ..conftest import MakeJob
from ..template import Synthesized

CLAUDE = "anthropic.claude-3-haiku-20240307-v1:0"


@pytest.fixture(autouse=True)
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table in the working directory."""
    AssetStaging.clear_asset_hash_cache()
    monkeypatch.chdir(tmp_path)
    file = Path("my reviews.csv")
    file.write_text("nr,text\n" + "".join(f"{number},text {number}\n" for number in range(120)))
    return file


def of_table(table: Any = "my reviews.csv", **options: Any) -> InputData:
    return InputData.from_table(table, **{"template": "Rate {text}"} | options)


def assets(stack: Stack) -> list[Path]:
    """The assets in JSON Lines."""
    return list(Path(App.of(stack).synth().directory).glob("asset.*.jsonl"))  # type: ignore[union-attr]


def bodies(stack: Stack) -> list[dict[str, Any]]:
    """The records of the only asset in JSON Lines."""
    (file,) = assets(stack)
    return [json.loads(line)["modelInput"] for line in file.read_text().splitlines()]


def test_the_records_are_staged_and_named_after_the_table(stack: Stack, make_job: MakeJob) -> None:
    make_job(input_data=of_table())
    uri = Synthesized.of(stack).call["inputDataConfig"]["s3InputDataConfig"]["s3Uri"]
    assert re.search(r"/[0-9a-f]{64}/my-reviews\.jsonl$", uri)


@pytest.mark.parametrize("rows", [[{"text": f"t{number}"} for number in range(100)], Path("my reviews.csv")])
def test_the_bodies_are_those_of_the_job_s_model(stack: Stack, make_job: MakeJob, rows: Any) -> None:
    make_job(
        input_data=of_table(rows, system="You rate.", max_tokens=5, temperature=0),
        model=BatchModel.foundation_model(CLAUDE),
    )
    body = bodies(stack)[0]
    assert (body["anthropic_version"], body["max_tokens"], body["system"]) == ("bedrock-2023-05-31", 5, "You rate.")


def test_converse_has_its_own_bodies_whatever_the_model(stack: Stack, make_job: MakeJob) -> None:
    make_job(input_data=of_table(), model=BatchModel.foundation_model(CLAUDE), invocation_type=InvocationType.CONVERSE)
    assert bodies(stack)[0]["messages"][0]["content"] == [{"text": "Rate text 0"}]


def test_one_table_serves_jobs_of_several_models_and_other_words_are_other_records(
    stack: Stack, make_job: MakeJob
) -> None:
    one = of_table()
    make_job("A", input_data=one)
    make_job("B", input_data=one, model=BatchModel.foundation_model(CLAUDE))
    make_job("C", input_data=of_table(template="Rate {text}!"))
    make_job("D", input_data=of_table())
    assert len(assets(stack)) == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"template": "{txt}"}, r"'input_data' cannot be used: the template: the field \{txt\} is no column"),
        ({"table": "no.csv"}, r"'input_data' cannot be used: no\.csv: there is no such file"),
        ({"table": [{"text": "a"}, {"text": ""}]}, r"the table: row 2, column \"text\", is empty; fill it"),
        ({"table": [{"text": "a"}]}, r"has 1 of the at least 100 records that a job needs"),
        ({"table": iter(())}, r"'input_data' must be a table that can be read again"),
        (
            {"table": [{"text": "a", "pic": "s3://b/a.png"}] * 100, "image_columns": ["pic"]},
            r"'input_data' must have its images as files or bytes, but some are in S3",
        ),
    ],
)
def test_what_is_wrong_is_said_at_synthesis(make_job: MakeJob, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make_job(input_data=of_table(**options))


def test_a_model_that_nobody_knows_yet_is_refused_but_with_converse(stack: Stack, make_job: MakeJob) -> None:
    model = BatchModel.foundation_model(CfnParameter(stack, "Model").value_as_string)
    with pytest.raises(ValueError, match="'input_data' of a table is written for a model, and the job's is known only"):
        make_job("A", input_data=of_table(), model=model)
    make_job("B", input_data=of_table(), model=model, invocation_type=InvocationType.CONVERSE)
    assert bodies(stack)[0]["messages"][0]["content"] == [{"text": "Rate text 0"}]


def test_an_argument_that_there_is_not_is_refused_as_python_does() -> None:
    with pytest.raises(TypeError, match=r"from_table\(\) got an unexpected keyword argument 'tempalte'"):
        of_table(tempalte="x")
