"""What Athena finds the results by."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, NestedStack, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from cdk_bedrock_batch import BatchInferencePipeline, BatchModel, InputData

from .conftest import MakePipeline


def tables(stack: Stack) -> dict[str, dict[str, Any]]:
    """The tables of a stack with one pipeline, by name."""
    found = Template.from_stack(stack).find_resources("AWS::Glue::Table").values()
    return {each["Properties"]["TableInput"]["Name"]: each["Properties"]["TableInput"] for each in found}


def databases(stack: Stack) -> list[str]:
    found = Template.from_stack(stack).find_resources("AWS::Glue::Database").values()
    return [each["Properties"]["DatabaseInput"]["Name"] for each in found]


def schema(stack: Stack) -> str:
    """The database in which the view looks for its table."""
    text = tables(stack)["results"]["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
    return str(json.loads(base64.b64decode(text, validate=True))["schema"])


def test_there_is_no_catalog_unless_it_is_asked_for(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline()
    assert "AWS::Glue" not in json.dumps(Template.from_stack(stack).to_json())


def test_a_run_is_a_partition_that_nobody_has_to_register(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline(results_table=True)
    table = tables(stack)["result_lines"]
    assert table["PartitionKeys"] == [{"Name": "run", "Type": "string"}]
    assert (table["Parameters"]["projection.enabled"], table["Parameters"]["projection.run.type"]) == (
        "true",
        "injected",
    )
    places = table["Parameters"]["storage.location.template"], table["StorageDescriptor"]["Location"]
    assert [place["Fn::Join"][1][-1] for place in places] == ["/nightly/results/${run}/", "/nightly/results/"]


def test_the_view_looks_for_its_table_in_its_own_database(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline(results_table=True)
    assert databases(stack) == [schema(stack)]


def test_pipelines_do_not_share_a_database(stack: Stack, make_pipeline: MakePipeline) -> None:
    for name in ("Nightly", "nightly"):
        make_pipeline(name, results_table=True)
    assert len(set(databases(stack))) == 2


@pytest.mark.parametrize("nested", [False, True])
def test_athena_takes_the_name_of_the_database(nested: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    stack = Stack(App(), "A-Stack-With-Hyphens" + "-and-a-long-name" * 5)
    home = NestedStack(stack, "Inner") if nested else stack
    BatchInferencePipeline(
        home,
        "Ünicode & more",
        model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
        input_data=InputData.from_uri("s3://articles/incoming/"),
        results_table=True,
    )
    (name,) = databases(home)
    assert re.fullmatch("[a-z0-9_]{1,255}", name)
    assert schema(home) == name


def test_who_may_read_the_results_may_look_the_view_up(stack: Stack, make_pipeline: MakePipeline) -> None:
    reader = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
    make_pipeline(results_table=True).grant_read_output(reader)
    (policy,) = (
        each["Properties"]["PolicyDocument"]["Statement"]
        for each in Template.from_stack(stack).find_resources("AWS::IAM::Policy").values()
        if each["Properties"]["Roles"] == [stack.resolve(reader.role_name)]
    )
    (lookup,) = (each for each in policy if "glue:GetTable" in each["Action"])
    assert lookup["Action"] == ["glue:GetDatabase", "glue:GetTable"]
    (name,) = databases(stack)
    assert [arn["Fn::Join"][1][-1].rpartition(":")[2] for arn in lookup["Resource"]] == [
        "catalog",
        f"database/{name}",
        f"table/{name}/result_lines",
        f"table/{name}/results",
    ]


def test_the_functions_and_the_jobs_may_do_nothing_more(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline(results_table=True)
    assert "glue:" not in json.dumps(Template.from_stack(stack).find_resources("AWS::IAM::Policy"))


def test_cfn_lint_finds_nothing(stack: Stack, make_pipeline: MakePipeline, tmp_path: Path) -> None:
    make_pipeline(results_table=True)
    file = tmp_path / "template.json"
    file.write_text(json.dumps(Template.from_stack(stack).to_json()))
    command = [Path(sys.executable).with_name("cfn-lint"), file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
