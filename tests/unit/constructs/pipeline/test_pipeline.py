"""What a pipeline is made of, and what it refuses."""

import json
import re
from typing import Any

import pytest
from aws_cdk import Duration, Stack, Tags, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from cdk_bedrock_batch import InputData, InvocationType, OutputData, RecordLimits

from .conftest import MakePipeline


def functions(stack: Stack) -> dict[str, Any]:
    found = Template.from_stack(stack).find_resources("AWS::Lambda::Function")
    return {each["Properties"]["Handler"].rpartition(".")[2]: each["Properties"] for each in found.values()}


def test_what_the_jobs_are_called_with_reaches_the_function(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline(invocation_type=InvocationType.CONVERSE, job_name="summaries", max_concurrent_jobs=7)
    variables = functions(stack)["jobs"]["Environment"]["Variables"]
    assert variables["MAX_CONCURRENT_JOBS"] == "7"
    said = json.dumps(variables["SPECIFICATION"])
    assert "summaries-" in said
    assert InvocationType.CONVERSE.value in said


def specification(stack: Stack) -> dict[str, Any]:
    """What the function for jobs is told, with a number for each token."""
    said = functions(stack)["jobs"]["Environment"]["Variables"]["SPECIFICATION"]["Fn::Join"][1]
    told: dict[str, Any] = json.loads("".join(each if isinstance(each, str) else "0" for each in said))
    return told


def test_its_tags_are_those_of_its_jobs(stack: Stack, make_pipeline: MakePipeline) -> None:
    pipeline = make_pipeline()
    Tags.of(stack).add("team", "above")
    Tags.of(pipeline).add("team", "search")
    assert specification(stack)["Tags"] == [{"key": "team", "value": "search"}]


def test_without_tags_its_jobs_have_none(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline()
    assert "Tags" not in specification(stack)


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"team": "a,b"}, "the job Stack/Nightly has the tag 'team' with the value 'a,b', which may have letters"),
        (
            {f"tag-{number}": "v" * 250 for number in range(6)},
            "the job Stack/Nightly has tags of 1530 characters in all, and a pipeline's take 1500: leave some out",
        ),
    ],
)
def test_tags_that_no_job_takes_are_named_at_synth(
    stack: Stack, make_pipeline: MakePipeline, tags: dict[str, str], says: str
) -> None:
    pipeline = make_pipeline()
    for key, value in tags.items():
        Tags.of(pipeline).add(key, value)
    with pytest.raises(RuntimeError, match=re.escape(says)):
        Template.from_stack(stack)


def test_a_dashboard_shows_what_its_model_does(stack: Stack, make_pipeline: MakePipeline) -> None:
    cloudwatch.Dashboard(stack, "Dashboard").add_widgets(make_pipeline().widget(height=8))
    (found,) = Template.from_stack(stack).find_resources("AWS::CloudWatch::Dashboard").values()
    body = json.dumps(found["Properties"]["DashboardBody"])
    assert "Batch inference with amazon.nova-lite-v1:0" in body
    assert "NumberOfRecordsPendingProcessing" in body


def test_the_limits_are_those_of_the_model_unless_others_are_given(stack: Stack, make_pipeline: MakePipeline) -> None:
    numbers = {"tolerated_failures": 0.5, "rounds": 4}
    make_pipeline(limits=RecordLimits(min_records_per_job=10), **numbers, on_demand=False, unique_ids=True)
    variables = functions(stack)["data"]["Environment"]["Variables"]
    assert json.loads(variables["LIMITS"])["min_records_per_job"] == 10
    assert [variables[name] for name in ("TOLERATED_FAILURES", "ROUNDS")] == ["0.5", "4"]
    assert [variables[name] for name in ("ON_DEMAND", "UNIQUE_IDS")] == ["false", "true"]


def test_a_stack_may_have_several(stack: Stack, make_pipeline: MakePipeline) -> None:
    for name in ("Nightly", "Weekly"):
        make_pipeline(name)
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::Lambda::Function", 2 * 3 + 2)
    # And one that lets functions look, which is the stack's.
    template.resource_count_is("AWS::StepFunctions::StateMachine", 2 + 1)


def test_the_jobs_role_may_write_results_and_nothing_else(stack: Stack, make_pipeline: MakePipeline) -> None:
    make_pipeline()
    found = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    (statements,) = (
        each["Properties"]["PolicyDocument"]["Statement"] for name, each in found.items() if "JobRolePolicy" in name
    )
    written = [each["Resource"] for each in statements if each["Action"] == "s3:PutObject"]
    assert [json.dumps(each).endswith('/nightly/results/*"]]}') for each in written] == [True]


def test_a_given_role_gets_what_the_jobs_need(stack: Stack, make_pipeline: MakePipeline) -> None:
    role = iam.Role(stack, "Mine", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    assert make_pipeline(role=role).role is role
    policy = {"Roles": Match.array_with([stack.resolve(role.role_name)])}
    Template.from_stack(stack).has_resource_properties("AWS::IAM::ManagedPolicy", policy)


def test_who_may_start_it_may_start_it_alone(stack: Stack, make_pipeline: MakePipeline) -> None:
    role = iam.Role(stack, "Starter", assumed_by=iam.AccountRootPrincipal())
    pipeline = make_pipeline()
    pipeline.grant_start_execution(role)
    pipeline.grant_read_output(role)
    document = Match.object_like(
        {
            "Statement": Match.array_with(
                [
                    Match.object_like(
                        {"Action": "states:StartExecution", "Resource": stack.resolve(pipeline.state_machine_arn)}
                    )
                ]
            )
        }
    )
    policy = {"PolicyDocument": document, "Roles": [stack.resolve(role.role_name)]}
    Template.from_stack(stack).has_resource_properties("AWS::IAM::Policy", policy)


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"max_concurrent_jobs": 0}, "'max_concurrent_jobs' must be a whole number of at least 1, got 0"),
        ({"max_concurrent_jobs": "5"}, "'max_concurrent_jobs'"),
        ({"rounds": 1.5}, "'rounds'"),
        ({"rounds": True}, "'rounds' must be a whole number of at least 1, got True"),
        ({"tolerated_failures": 5}, "'tolerated_failures' must be a share from 0 to 1, such as 0.05 for 5 %, got 5"),
        ({"tolerated_failures": "0.1"}, "'tolerated_failures'"),
        ({"on_demand": "yes"}, "'on_demand'"),
        ({"unique_ids": "yes"}, "'unique_ids'"),
        ({"concurrent_runs": 2}, "'concurrent_runs'"),
        ({"concurrent_runs": True, "only_new": True}, "'concurrent_runs' must not be True with only_new=True"),
        ({"results_table": "results"}, "'results_table'"),
        ({"input_data": "s3://articles/incoming/"}, "'input_data'"),
        ({"limits": {"min_records_per_job": 10}}, "'limits'"),
        ({"job_name": "a name that is longer than nineteen"}, "'job_name'"),
        ({"job_name": "summaries-of-the-night"}, "'job_name' must have at most 19 characters, got 22"),
    ],
)
def test_a_wrong_value_is_refused_in_a_sentence(
    make_pipeline: MakePipeline, parameters: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        make_pipeline(**parameters)


def test_local_records_are_refused(make_pipeline: MakePipeline) -> None:
    body = {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}
    records = [{"recordId": str(number), "modelInput": body} for number in range(100)]
    with pytest.raises(ValueError, match="'input_data' of a pipeline must be in S3, got local data"):
        make_pipeline(input_data=InputData.from_records(records))


@pytest.mark.parametrize(
    ("source", "target"), [("", "nightly"), ("nightly/", "nightly"), ("nightly/in/", "nightly"), ("in/", "")]
)
def test_records_are_apart_from_what_is_written(
    stack: Stack, make_pipeline: MakePipeline, source: str, target: str
) -> None:
    """Else the next run would take results for records."""
    bucket = s3.Bucket(stack, "One")
    given = {"input_data": InputData.from_bucket(bucket, source), "output_data": OutputData.to_bucket(bucket, target)}
    with pytest.raises(ValueError, match="'output_data' must be apart from 'input_data'"):
        make_pipeline(**given)


def test_one_bucket_may_have_both(stack: Stack, make_pipeline: MakePipeline) -> None:
    bucket = s3.Bucket(stack, "One")
    make_pipeline(input_data=InputData.from_bucket(bucket, "in/"), output_data=OutputData.to_bucket(bucket, "out"))


def test_pipelines_write_apart(stack: Stack, make_pipeline: MakePipeline) -> None:
    """Else a run would take up the other's of the same name, and pay it again."""
    bucket = s3.Bucket(stack, "One")
    make_pipeline("Nightly", output_data=OutputData.to_bucket(bucket, "out"))
    make_pipeline("Monthly", output_data=OutputData.to_bucket(bucket, "monthly"))
    with pytest.raises(ValueError, match="'output_data' must be the pipeline's own") as refusal:
        make_pipeline("Weekly", output_data=OutputData.to_bucket(bucket, "out/"))
    assert "where Stack/Nightly writes" in str(refusal.value)


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"deadline": Duration.seconds(90)}, "'deadline' must be a whole number of minutes, at least 1, got 1.5"),
        ({"deadline": 5}, "'deadline'"),
        (
            {"deadline": Duration.minutes(Token.as_number({"Ref": "N"}))},
            "'deadline' must be known when the template",
        ),
        ({"max_records": 0}, "'max_records' must be a whole number of at least 1, got 0"),
    ],
)
def test_bounds_of_a_run_are_checked(make_pipeline: MakePipeline, parameters: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make_pipeline(**parameters)


@pytest.mark.parametrize(("given", "reads"), [(None, True), (3, False)])
def test_the_accounts_quota_is_read_unless_a_number_is_given(
    stack: Stack, make_pipeline: MakePipeline, given: int | None, *, reads: bool
) -> None:
    make_pipeline(max_concurrent_jobs=given)
    said = json.dumps(Template.from_stack(stack).to_json())
    assert ("servicequotas:ListServiceQuotas" in said) is reads
    assert functions(stack)["jobs"]["Environment"]["Variables"]["MAX_CONCURRENT_JOBS"] == str(given or "account")
