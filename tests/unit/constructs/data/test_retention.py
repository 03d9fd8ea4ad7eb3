"""How long results are kept: the bucket's rules, what else they could delete, and that the job stays the same."""

from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Duration, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import BatchInferencePipeline, BatchModel, InputData, ModelInvocationJob, OutputData

from ..conftest import NOVA, MakeJob
from ..template import Synthesized

MONTH = Duration.days(30)


def rules(stack: Stack, bucket: str = "BedrockBatchOutput") -> list[dict[str, Any]]:
    """The rules of a bucket of which each has a folder."""
    buckets = Synthesized.of(stack).all("AWS::S3::Bucket")
    (found,) = (each["Properties"] for name, each in buckets.items() if name.startswith(bucket))
    return [rule for rule in found["LifecycleConfiguration"]["Rules"] if "Prefix" in rule]


def folder(job: ModelInvocationJob) -> str:
    """The folder below which every run of a job writes, in its bucket."""
    return job.output_base_uri.split("/", 3)[3]


def rule(prefix: str, days: int) -> dict[str, Any]:
    return {
        "Status": "Enabled",
        "Prefix": prefix,
        "ExpirationInDays": days,
        "NoncurrentVersionExpiration": {"NoncurrentDays": days},
        # As long as a job may run.
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }


@pytest.mark.parametrize("policy", [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY])
def test_each_job_has_a_rule_for_its_own_folder(stack: Stack, make_job: MakeJob, policy: RemovalPolicy) -> None:
    short = make_job("Short", results_retention=Duration.hours(48), removal_policy=policy)
    long = make_job("Long", results_retention=MONTH, removal_policy=policy)
    make_job("Kept", removal_policy=policy)
    assert rules(stack) == [rule(folder(short), 2), rule(folder(long), 30)]


def test_a_bucket_of_the_app_may_be_in_another_stack(make_job: MakeJob) -> None:
    app = App()
    home, work = Stack(app, "Home"), Stack(app, "Work")
    bucket = s3.Bucket(home, "Answers")
    make_job(scope=work, output_data=OutputData.to_bucket(bucket, "a"), results_retention=MONTH)
    assert rules(home, "Answers") == [rule("a/", 30)]


def test_it_is_no_part_of_the_job(make_job: MakeJob) -> None:
    def beside_the_bucket(**parameters: Any) -> dict[str, Any]:
        stack = Stack(App(), "Stack")
        make_job(scope=stack, **parameters)
        resources = Synthesized.of(stack).resources
        return {name: each for name, each in resources.items() if each["Type"] != "AWS::S3::Bucket"}

    kept = beside_the_bucket()
    assert kept == beside_the_bucket(results_retention=MONTH) == beside_the_bucket(results_retention=Duration.days(1))


def test_a_job_may_read_results_that_expire(stack: Stack, make_job: MakeJob) -> None:
    first = make_job("First", results_retention=MONTH)
    make_job("Second", input_data=InputData.from_bucket(first.output_bucket, folder(first)))
    assert rules(stack) == [rule(folder(first), 30)]


@pytest.mark.parametrize(
    ("retention", "got"),
    [
        (Duration.days(0), "must be 1 to 2147483647 whole days, got 0: S3 counts in days"),
        (Duration.hours(36), "must be 1 to 2147483647 whole days, got 1.5: "),
        (Duration.days(2**31), "must be 1 to 2147483647 whole days, got 2147483648: "),
        (30, r"must be of type Duration, such as Duration.days\(30\), got 30"),
    ],
)
def test_only_days_that_a_rule_takes_are_taken(make_job: MakeJob, retention: Any, got: str) -> None:
    with pytest.raises(ValueError, match=f"'results_retention' {got}"):
        make_job(results_retention=retention)


def test_days_that_only_cloudformation_knows_are_refused(stack: Stack, make_job: MakeJob) -> None:
    days = CfnParameter(stack, "Days", type="Number").value_as_number
    with pytest.raises(ValueError, match="whole days, got a value that only CloudFormation will know: give a number"):
        make_job(results_retention=Duration.days(days))


@pytest.mark.parametrize("named", ["bucket", "uri"])
def test_an_imported_bucket_is_refused(stack: Stack, make_job: MakeJob, named: str) -> None:
    theirs = s3.Bucket.from_bucket_name(stack, "Theirs", "theirs")
    places = {"bucket": OutputData.to_bucket(theirs, "a"), "uri": OutputData.to_uri("s3://theirs/a/")}
    message = "'results_retention' must be left out where this app does not make the bucket, .* got 30 days for the "
    with pytest.raises(ValueError, match=f"{message}bucket theirs, which is imported: .* a rule that expires 'a/', or"):
        make_job(output_data=places[named], results_retention=MONTH)


@pytest.mark.parametrize(
    ("prefix", "got"),
    [
        ("", "all of the bucket: its lifecycle rule deletes all there; give to_bucket a prefix"),
        ("a", "'a/', where its records are as well: .* another prefix"),
        ("token", "one that only CloudFormation will know: .* written out"),
    ],
)
def test_a_folder_with_something_else_is_refused(stack: Stack, make_job: MakeJob, prefix: str, got: str) -> None:
    bucket = s3.Bucket(stack, "Data")
    token = CfnParameter(stack, "Prefix").value_as_string
    with pytest.raises(ValueError, match=f"'results_retention' must have a folder that is the job's alone, got {got}"):
        make_job(
            input_data=InputData.from_bucket(bucket, "a/in/"),
            output_data=OutputData.to_bucket(bucket, token if prefix == "token" else prefix),
            results_retention=MONTH,
        )


@pytest.mark.parametrize("retained_first", [True, False])
@pytest.mark.parametrize("prefix", ["a", "a/below"])
def test_no_other_job_writes_among_results_that_expire(
    stack: Stack, make_job: MakeJob, prefix: str, *, retained_first: bool
) -> None:
    bucket = s3.Bucket(stack, "Data")
    jobs: list[tuple[str, dict[str, Any]]] = [
        ("Kept", {"output_data": OutputData.to_bucket(bucket, "a"), "results_retention": MONTH}),
        ("Guest", {"output_data": OutputData.to_uri(f"s3://{bucket.bucket_name}/{prefix}/")}),
    ]
    (one, first), (two, second) = jobs if retained_first else jobs[::-1]
    make_job(one, **first)
    message = "'results_retention' of Stack/Kept must have .* alone, got 'a/', where Stack/Guest writes as well"
    with pytest.raises(ValueError, match=message):
        make_job(two, **second)


def test_no_pipeline_writes_among_results_that_expire(stack: Stack, make_job: MakeJob) -> None:
    bucket = s3.Bucket(stack, "Data")
    make_job(output_data=OutputData.to_bucket(bucket, "a"), results_retention=MONTH)
    with pytest.raises(ValueError, match="got 'a/', where Stack/Nightly writes as well"):
        BatchInferencePipeline(
            stack,
            "Nightly",
            model=BatchModel.foundation_model(NOVA),
            input_data=InputData.from_bucket(bucket, "in/"),
            output_data=OutputData.to_bucket(bucket, "a/nightly"),
        )


def test_folders_beside_and_above_are_no_business_of_a_rule(stack: Stack, make_job: MakeJob) -> None:
    bucket = s3.Bucket(stack, "Data")
    make_job("Kept", output_data=OutputData.to_bucket(bucket, "a/b"), results_retention=MONTH)
    make_job("Beside", output_data=OutputData.to_bucket(bucket, "a/bc"), results_retention=MONTH)
    make_job("Above", output_data=OutputData.to_bucket(bucket, "a"))
    assert [each["Prefix"] for each in rules(stack, "Data")] == ["a/b/", "a/bc/"]


def test_a_bucket_with_as_many_rules_as_s3_takes_gets_no_more(stack: Stack, make_job: MakeJob) -> None:
    full = [s3.LifecycleRule(prefix=f"{number}/", expiration=MONTH) for number in range(1000)]
    bucket = s3.Bucket(stack, "Data", lifecycle_rules=full)
    with pytest.raises(ValueError, match="at most 1000, got 1001 at Stack/Data: give the job another bucket"):
        make_job(output_data=OutputData.to_bucket(bucket, "a"), results_retention=MONTH)
