"""What a plan knows of jobs is what the function does: the rules of both are one."""

import gzip
import json
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch.jobs.job import Job
from bedrock_batch.plan import pipeline_runs, specification, there
from bedrock_batch.plan.template import replacing
from bedrock_batch.plan.template.expressions import evaluate
from bedrock_batch.plan.template.known import Value
from bedrock_batch.plan.template.side import Side
from cdk_bedrock_batch import InvocationType
from cdk_bedrock_batch._function import properties as construct
from model_invocation_job import status
from model_invocation_job.owner import left_running
from model_invocation_job.owner.identity import JobIdentity
from model_invocation_job.requests import request, resource_types
from model_invocation_job.requests.run_request import RunRequest
from model_invocation_job.runs import executions
from model_invocation_job.runs.run import name_of
from tests.unit.toolkit.plan import account

from .copies import STATUSES
from .test_parse import EVENT, PROPERTIES, STACK_ID
from .test_wire import FULL, as_cloudformation_sends

ACCOUNT = STACK_ID.split(":")[4]
MINIMAL = replace(FULL, timeout_hours=None, invocation_type=None, run_token=None)
SPELLED_OUT = replace(
    MINIMAL, timeout_hours=24, invocation_type=InvocationType.INVOKE_MODEL, input_bucket_owner=ACCOUNT
)
IN_VPC = replace(FULL, vpc_config={"subnetIds": ["subnet-2", "subnet-1"], "securityGroupIds": ["sg-1"]})
GIVEN = replace(FULL, client_request_token="mine", output_bucket_owner="999999999999")


def evaluated(properties: dict[str, Any]) -> dict[str, Value]:
    found = evaluate(properties, Side({}, {}, {}, {}))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    "properties",
    [*map(construct.render, (FULL, MINIMAL, SPELLED_OUT, IN_VPC, GIVEN)), PROPERTIES],
    ids=["full", "minimal", "spelled out", "in a VPC", "with a token", "every field"],
)
def test_a_specification_is_known_by_the_digests_that_the_function_gives_its_jobs(properties: dict[str, Any]) -> None:
    asked = request.parse(EVENT, as_cloudformation_sends(properties))
    made = JobIdentity.of(asked)
    told = specification.Identity.of(
        EVENT["StackId"], EVENT["LogicalResourceId"], specification.specification(evaluated(properties), ACCOUNT)
    )
    assert (told.owner, told.specification, told.given_token) == (made.owner, made.specification, made.given_token)
    assert (told.results, told.wish, told.earlier_wish) == (made.results_part, made.wish, made.earlier_wish)
    assert told.run == name_of(RunRequest(asked, "machine", "function"))
    assert told.is_asked_for_by(replace(made, given_token="").token)


def test_what_is_spelled_out_asks_for_the_same_job() -> None:
    one, other = (
        specification.specification(evaluated(construct.render(each)), ACCOUNT) for each in (MINIMAL, SPELLED_OUT)
    )
    assert one == other


def test_the_rules_of_a_specification_are_those_of_the_function() -> None:
    assert {name: str(value) for name, value in request.API_DEFAULTS.items()} == specification.API_DEFAULTS
    assert specification.ONLY_WHILE_IT_RUNS == request.ONLY_WHILE_IT_RUNS
    assert (specification.JOB, specification.RUN) == (resource_types.JOB, resource_types.RUN)
    assert (specification.JOB, specification.RUN) == (construct.RESOURCE_TYPE, construct.RUN_TYPE)
    assert there.LEFT_RUNNING == left_running.TAG
    assert pipeline_runs.STOPPED_BY_DEPLOYMENT == executions.STOPPED


@pytest.mark.parametrize("state", sorted(STATUSES))
@pytest.mark.parametrize("partial", [True, False])
def test_the_same_jobs_are_taken(state: str, *, partial: bool) -> None:
    job = Job({"jobArn": "arn", "status": state})
    assert there.is_live(job) == status.is_live(state)
    assert there.has_results(state, partial=partial) == status.has_results(state, partial=partial)
    assert there.may_be_taken(job, partial=partial) == status.is_adoptable(state, partial=partial)


#: Jobs, of which some are the same in other words.
WORDED = (
    FULL,
    replace(FULL, timeout_hours=72),
    replace(FULL, run_token=None),
    replace(FULL, model_id="amazon.nova-pro-v1:0"),
    replace(FULL, input_bucket_owner=account.ACCOUNT),
    replace(FULL, name_prefix="weekly", stop_on_delete=True, tags=[{"key": "team", "value": "blue"}]),
    MINIMAL,
    replace(SPELLED_OUT, input_bucket_owner=account.ACCOUNT),
    IN_VPC,
    replace(IN_VPC, vpc_config={"subnetIds": ["subnet-1", "subnet-2"], "securityGroupIds": ["sg-1"]}),
)


def test_a_plan_keeps_a_job_that_runs_exactly_where_the_function_does(tmp_path: Path) -> None:
    known = {}
    for number, job in enumerate(WORDED):
        event = {**EVENT, "StackId": account.STACK_ID}
        asked = request.parse(event, as_cloudformation_sends(construct.render(job)))
        known[number] = JobIdentity.of(asked).specification
    for (old, one), (new, other) in product(enumerate(WORDED), repeat=2):
        there, to_be = (
            {"Resources": {"Job": {"Type": specification.JOB, "Properties": construct.render(each)}}}
            for each in (one, other)
        )
        (planned,) = account.Account(there).plan(tmp_path, to_be).jobs
        assert (planned.action in ("nothing", "in place")) == (known[old] == known[new]), (one, other)


def test_what_makes_another_resource_is_what_the_cdk_has_of_it() -> None:
    database = Path(__file__).parents[2] / "node_modules" / "aws-cdk" / "db.json.gz"
    with gzip.open(database) as file:
        resources = json.load(file)["schema"]["resource"]["entities"]
    for kind, replaced in replacing.REPLACED.items():
        (properties,) = (each["properties"] for each in resources if each["cloudFormationType"] == kind)
        causes = {name: each.get("causesReplacement", "no") for name, each in properties.items()}
        assert {causes[name] for name in replaced} <= {"yes"}, kind
        assert {causes[name] for name in replacing.IN_PLACE[kind]} == {"no"}, kind
