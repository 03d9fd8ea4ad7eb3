"""What is left below a job's minimum: asked on demand, each record once, or left and counted."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bedrock_local.running import RunningAws
from cdk_bedrock_batch import InvocationType

from .gallery import MODEL
from .pipelines import Pipeline, files, ids
from .stacks import Stacks

#: Of three jobs of 150 records, 30 each: fewer than a job takes.
SHARE, LEFT = 0.2, 90


@pytest.fixture(scope="module")
def pipeline(stacks: Stacks) -> Pipeline:
    return Pipeline.deploy(stacks, "Tail", unique_ids=True)


@pytest.fixture(autouse=True)
def fresh(aws: RunningAws) -> Iterator[None]:
    """Every job of a first round fails some of its records, for a cause that passes."""
    aws.faults.clear()
    aws.faults.fail_records(SHARE, 500, job_name="-r1-")
    yield
    aws.faults.clear()


def begun(pipeline: Pipeline) -> Pipeline:
    pipeline.clear()
    pipeline.put(files(3))
    return pipeline


def asked(pipeline: Pipeline, run: str) -> list[Mapping[str, Any]]:
    """The lines of what was asked on demand."""
    found = {name: content for name, content in pipeline.results(run).items() if name.startswith("on-demand/")}
    return [json.loads(line) for content in found.values() for line in content.splitlines()]


def test_what_is_too_little_for_a_job_is_asked_on_demand(pipeline: Pipeline) -> None:
    told = begun(pipeline).run("tail")
    assert pipeline.answered("tail") == ids(3)
    assert (told["Jobs"], told["Succeeded"], told["Unanswered"]) == (3, 450, 0)
    assert told["OnDemand"] == {"Records": LEFT, "Succeeded": LEFT, "Failed": 0}
    lines = asked(pipeline, "tail")
    assert len({line["recordId"] for line in lines}) == len(lines) == LEFT
    assert all(line["modelInput"] and line["modelOutput"] for line in lines)


def test_the_results_on_demand_have_a_manifest_as_those_of_a_job_have(pipeline: Pipeline) -> None:
    begun(pipeline).run("manifest")
    key = "nightly/results/manifest/on-demand/manifest.json.out"
    manifest = json.load(pipeline.s3.get_object(Bucket=pipeline.bucket("Summaries"), Key=key)["Body"])
    assert (manifest["totalRecordCount"], manifest["successRecordCount"]) == (LEFT, LEFT)
    assert min(manifest["inputTokenCount"], manifest["outputTokenCount"]) >= LEFT


def test_who_is_throttled_or_gets_no_answer_asks_again(pipeline: Pipeline, aws: RunningAws) -> None:
    aws.faults.throttle(12, operation="InvokeModel")
    aws.faults.fail("ModelErrorException", operation="InvokeModel", times=3)
    aws.faults.drop_reply(3, operation="InvokeModel")
    told = begun(pipeline).run("patient")
    assert pipeline.answered("patient") == ids(3)
    assert told["OnDemand"]["Succeeded"] == LEFT


def test_a_record_that_the_model_refuses_on_demand_failed_for_good(pipeline: Pipeline, aws: RunningAws) -> None:
    aws.faults.fail("ValidationException", "not this one", times=2, operation="InvokeModel")
    told = begun(pipeline).run("refused")
    assert told["OnDemand"] == {"Records": LEFT, "Succeeded": LEFT - 2, "Failed": 2}
    assert told["Errors"] == {"400": {"Count": 2, "Message": "not this one"}}
    assert [line["error"]["errorMessage"] for line in asked(pipeline, "refused") if "error" in line] == [
        "not this one",
        "not this one",
    ]


def test_without_the_right_to_ask_the_model_the_run_fails_in_a_sentence(pipeline: Pipeline, aws: RunningAws) -> None:
    """What the jobs came to is summed up all the same; and another execution goes on when it has the right."""
    iam, name = aws.client("iam"), pipeline.deployed.of_type("AWS::IAM::Role", "NightlyFunctionsDemandRole")
    denied = {"Effect": "Deny", "Action": "bedrock:InvokeModel", "Resource": "*"}
    iam.put_role_policy(
        RoleName=name, PolicyName="no", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    )
    try:
        ended = pipeline.ended(begun(pipeline).start("denied"))
    finally:
        iam.delete_role_policy(RoleName=name, PolicyName="no")
    assert (ended["status"], ended["error"]) == ("FAILED", "RefusedError")
    assert ended["cause"].startswith("the model cannot be asked on demand: User: ")
    assert MODEL in ended["cause"]
    assert "\n" not in ended["cause"]

    place = {"Bucket": pipeline.bucket("Summaries"), "Key": "nightly/runs/denied/summary.json"}
    summary = json.load(pipeline.s3.get_object(**place)["Body"])
    assert (summary["Status"], summary["Succeeded"], summary["Unanswered"]) == ("FAILED", 450 - LEFT, LEFT)
    told = pipeline.run("allowed", Run="denied")
    assert (told["Jobs"], told["OnDemand"]["Succeeded"]) == (3, LEFT)
    assert pipeline.answered("denied") == ids(3)


def test_converse_is_asked_where_the_records_are_of_its_shape(stacks: Stacks) -> None:
    pipeline = Pipeline.deploy(stacks, "TailConverse", invocation_type=InvocationType.CONVERSE)
    told = begun(pipeline).run("converse")
    assert pipeline.answered("converse") == ids(3)
    assert told["OnDemand"]["Succeeded"] == LEFT
    assert all(line["modelOutput"]["usage"]["totalTokens"] for line in asked(pipeline, "converse"))


def test_without_on_demand_what_is_left_stays_unanswered_and_is_counted(stacks: Stacks) -> None:
    pipeline = Pipeline.deploy(stacks, "TailLeft", on_demand=False, tolerated_failures=0.2)
    told = begun(pipeline).run("left")
    assert len(pipeline.answered("left")) == 450 - LEFT
    assert (told["Succeeded"], told["Failed"], told["Unanswered"]) == (450 - LEFT, 0, LEFT)
    assert told["OnDemand"] == {"Records": 0, "Succeeded": 0, "Failed": 0}
    assert asked(pipeline, "left") == []


def test_an_id_that_stands_in_two_objects_is_refused_before_a_job_is_paid(pipeline: Pipeline) -> None:
    begun(pipeline).put({"again.jsonl": files(2)["001.jsonl"]})
    before = len(pipeline.jobs)
    ended = pipeline.ended(pipeline.start("twice"))
    assert (ended["status"], ended["error"]) == ("FAILED", "BadInputError")
    assert ended["cause"].startswith("the input has 150 records with the 'recordId' of another one: \"001-")
    assert "incoming/001.jsonl: " in ended["cause"]
    assert "incoming/again.jsonl: " in ended["cause"]
    assert len(pipeline.jobs) == before
