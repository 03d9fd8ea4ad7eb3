"""What is shown works: the CDK CLI deploys all samples and examples, and their jobs do what the text says."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from bedrock_local.cdk.cli import CdkCli
from bedrock_local.environment import ACCOUNT, REGION, isolated
from bedrock_local.running import RunningAws
from tests import pages

from . import examples, samples
from .accounts import OTHER, client_of
from .conftest import REPOSITORY, Deployments
from .gallery import World, jsonl, records
from .jobs import Jobs, answered, asked, objects, recognised, tags, text_of
from .pipelines import Pipeline
from .stacks import Deployed, Stacks
from .waits import eventually

JOB, BUCKET = "Custom::BedrockModelInvocationJob", "AWS::S3::Bucket"
#: Where the example has its production.
ELSEWHERE = "us-west-2"
#: The Region, the model, the days that results are kept, and what becomes of buckets.
ENVIRONMENTS = {
    "dev": (REGION, "amazon.nova-micro-v1:0", 7, "Delete"),
    "prod": (ELSEWHERE, "us.amazon.nova-pro-v1:0", 365, "Retain"),
}
_SECONDS = 500
PIPELINES = (REPOSITORY / "docs" / "pipelines.md").read_text(encoding="utf-8")

Find = Callable[[str], Deployed]


@pytest.fixture(scope="module")
def shown(
    bootstrapped: RunningAws, stacks: Stacks, world: World, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Deployed]:
    """All of them, deployed side by side, each as a stack of its own."""
    folder, before = tmp_path_factory.mktemp("samples"), Path.cwd()
    CdkCli(bootstrapped.at(ELSEWHERE), tmp_path_factory.mktemp("elsewhere")).bootstrap()
    found = samples.prepare(world, folder)
    examples.prepare(world, folder)

    def build(app: App) -> None:
        samples.build(app, found)
        examples.build(app, folder)

    # The samples read files of the folder that they are run in.
    os.chdir(folder)
    try:
        Deployments(bootstrapped, folder, _SECONDS).deploy_app(build, name="*", options=["--concurrency", "6"])
    finally:
        os.chdir(before)
    return lambda name: Deployed(stacks, name, name)


@pytest.fixture
def example(shown: Find) -> Find:
    return lambda name: shown(examples.stack_of(name))


@pytest.mark.parametrize("name", [*samples.samples(), *examples.STACKS])
def test_every_job_that_is_shown_completes(shown: Find, jobs: Jobs, name: str) -> None:
    arns = shown(name).jobs.values()
    if code := samples.samples().get(name):
        assert len(arns) == code.count("ModelInvocationJob(self") + code.count("from_cli_input_json(")
    for arn in arns:
        job = jobs.ended(arn)
        assert job["status"] == "Completed", job.get("message")


def test_a_job_in_a_larger_stack_reads_the_records_that_its_deployment_brings(
    shown: Find, aws: RunningAws, jobs: Jobs
) -> None:
    (arn,) = shown("Readme2").jobs.values()
    assert jobs.ended(arn)["jobName"].startswith("summaries-")
    results = f"s3://{shown('Readme2').of_type(BUCKET, 'Summaries')}/2026-11/{arn.rpartition('/')[2]}/"
    assert len(recognised(objects(aws.client("s3"), results)["articles.jsonl.out"])) == 100


def test_a_function_on_the_page_finds_the_manifest_of_the_job_in_the_event(shown: Find, stacks: Stacks) -> None:
    (name,) = (name for name, code in samples.samples().items() if '"Counted"' in code)
    group = f"/aws/lambda/{shown(name).of_type('AWS::Lambda::Function', 'Counter')}"
    pages = stacks.logs.get_paginator("filter_log_events")
    eventually(
        lambda: [
            event
            for page in pages.paginate(logGroupName=group)
            for event in page["events"]
            if "answered: 100" in event["message"]
        ]
    )


def test_a_pipeline_on_the_page_runs_when_it_is_deployed(shown: Find, aws: RunningAws) -> None:
    (name,) = (name for name, code in samples.samples().items() if ".on_deploy(" in code)
    run = shown(name).of_type("Custom::BedrockBatchInferenceRun")
    states = aws.client("stepfunctions")
    ended = eventually(lambda: _unless_running(states.describe_execution(executionArn=run)))
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    assert json.loads(ended["output"])["Succeeded"] == 100


def test_the_pipeline_to_try_is_run_and_its_five_jobs_make_one_table(
    shown: Find, aws: RunningAws, tmp_path: Path
) -> None:
    (name,) = (name for name, code in samples.samples().items() if '"Numbers"' in code)
    stack = shown(name)
    (block,) = (block for block in pages.shown(PIPELINES, "sh") if "run --stack Numbers" in block)
    environment = {**isolated(os.environ, aws.environment()), "PYTHONPATH": str(REPOSITORY / "toolkit")}
    for line in re.findall("^bedrock-batch (.*)", block, re.MULTILINE):
        command = [sys.executable, "-m", "bedrock_batch.cli", *line.replace("Numbers", stack.name).split()]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    with (tmp_path / "results.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["record_id"] for row in rows) == [f"{n:03}" for n in range(600)]
    assert len({row["job_id"] for row in rows}) == 5


def _unless_running(execution: Mapping[str, Any]) -> Mapping[str, Any]:
    return {} if execution["status"] == "RUNNING" else execution


def the_job(deployed: Deployed, jobs: Jobs, name: str = "") -> Mapping[str, Any]:
    """The job of a stack, or the one of a name, when it has ended."""
    (arn,) = (arn for each, arn in deployed.jobs.items() if each.startswith(name))
    return jobs.ended(arn)


def test_the_least_is_a_job_whose_arn_is_an_output(example: Find, jobs: Jobs, stacks: Stacks) -> None:
    deployed = example("minimal")
    job = the_job(deployed, jobs)
    assert list(deployed.outputs.values()) == [job["jobArn"]]
    assert "Write the number 7 in French words" in text_of(answered(job, stacks.s3)["number-7"])


def test_the_rows_of_a_table_are_asked_about_by_the_template(example: Find, jobs: Jobs, stacks: Stacks) -> None:
    job = the_job(example("from_table"), jobs)
    with examples.PATHS["from_table"].with_name("reviews.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    bodies = asked(job, stacks.s3)
    assert set(bodies) == {row["id"] for row in rows}
    for row in rows:
        text = (
            f"A customer writes about our {row['product']}: {row['text']}\nIs the customer content? Answer yes or no."
        )
        assert bodies[row["id"]]["messages"] == [{"role": "user", "content": [{"text": text}]}]
        assert bodies[row["id"]]["inferenceConfig"] == {"maxTokens": 3, "temperature": 0.0}


def test_records_of_converse_are_answered_through_a_profile(example: Find, jobs: Jobs, stacks: Stacks) -> None:
    job = the_job(example("converse"), jobs)
    assert (job["modelInvocationType"], job["timeoutDurationInHours"]) == ("Converse", 72)
    assert job["modelId"].endswith(":inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0")
    assert "the year 1969" in text_of(answered(job, stacks.s3)["year-1969"])


def test_embeddings_are_vectors(example: Find, jobs: Jobs, stacks: Stacks) -> None:
    outputs = answered(the_job(example("embeddings"), jobs), stacks.s3)
    assert len(outputs) == 100
    assert {len(each["embedding"]) for each in outputs.values()} == {256}
    assert len({tuple(each["embedding"]) for each in outputs.values()}) == 100


def test_the_answers_of_a_larger_stack_come_into_its_table(example: Find, jobs: Jobs, aws: RunningAws) -> None:
    deployed = example("larger_stack")
    table, client = deployed.of_type("AWS::DynamoDB::GlobalTable"), aws.client("dynamodb")
    items = eventually(lambda: found if len(found := client.scan(TableName=table)["Items"]) == 100 else [])
    (seventh,) = (each for each in items if each["chapter"]["S"] == "chapter-7")
    assert "chapter 7 of a travel story" in seventh["title"]["S"]
    assert seventh["job"]["S"] == the_job(deployed, jobs)["jobArn"].rpartition("/")[2]


def test_the_alarm_of_a_larger_stack_tells_its_topic_of_a_run_that_fails(
    example: Find, jobs: Jobs, aws: RunningAws
) -> None:
    deployed = example("larger_stack")
    topic = deployed.outputs["TopicArn"]
    queue = _subscribed(aws, topic)
    alarm, client = deployed.of_type("AWS::CloudWatch::Alarm"), aws.client("cloudwatch")
    (found,) = client.describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    assert (found["StateValue"] == "ALARM", found["AlarmActions"]) == (False, [topic])
    again = _again(the_job(deployed, jobs), jobs.bedrock)
    assert jobs.ended(again)["status"] == "Failed"
    eventually(lambda: client.describe_alarms(AlarmNames=[alarm], StateValue="ALARM")["MetricAlarms"])
    (message,) = eventually(lambda: aws.client("sqs").receive_message(QueueUrl=queue).get("Messages"))
    assert alarm in message["Body"]


def _subscribed(aws: RunningAws, topic: str) -> str:
    """Make a queue that a topic tells."""
    arn, client = f"arn:aws:sqs:{REGION}:{ACCOUNT}:told-of-failures", aws.client("sqs")
    service = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{**service, "Resource": arn}]})
    url = client.create_queue(QueueName="told-of-failures", Attributes={"Policy": policy})["QueueUrl"]
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return str(url)


def _again(job: Mapping[str, Any], bedrock: Any) -> str:
    """Run what a stack knows for its job, by how the name begins, with records that are not there."""
    nothing = {"s3InputDataConfig": {"s3Uri": f"{job['inputDataConfig']['s3InputDataConfig']['s3Uri']}.nothing.jsonl"}}
    same = {name: job[name] for name in ("roleArn", "modelId", "outputDataConfig")}
    name = f"{job['jobName'].rpartition('-')[0]}-again"
    return str(bedrock.create_model_invocation_job(jobName=name, inputDataConfig=nothing, **same)["jobArn"])


def test_the_second_job_asks_about_the_answers_of_the_first(example: Find, jobs: Jobs, stacks: Stacks) -> None:
    deployed = example("one_after_another")
    first, second = (the_job(deployed, jobs, name) for name in ("Slogans", "Translations"))
    slogans, questions = answered(first, stacks.s3), asked(second, stacks.s3)
    assert len(slogans) == 120 == len(answered(second, stacks.s3))
    assert {name: body["messages"][0]["content"][0]["text"] for name, body in questions.items()} == {
        name: f"Translate into Italian: {text_of(output)}" for name, output in slogans.items()
    }
    assert first["endTime"] <= second["submitTime"]


def test_private_data_have_a_key_a_network_and_a_profile_of_their_own(
    example: Find, jobs: Jobs, stacks: Stacks
) -> None:
    deployed = example("encrypted_in_vpc")
    job, key = the_job(deployed, jobs), deployed.of_type("AWS::KMS::Key")
    profile = stacks.bedrock.get_inference_profile(inferenceProfileIdentifier=job["modelId"])
    assert (profile["type"], profile["inferenceProfileName"]) == ("APPLICATION", f"{deployed.name}-visits")
    told = stacks.bedrock.list_tags_for_resource(resourceARN=job["modelId"])["tags"]
    assert {"key": "cost-centre", "value": "visits"} in told
    assert len(job["vpcConfig"]["subnetIds"]) == 2
    for name in ("Input", "Output"):
        bucket = deployed.of_type(BUCKET, f"BedrockBatch{name}")
        for found in stacks.s3.list_objects_v2(Bucket=bucket)["Contents"]:
            assert stacks.s3.head_object(Bucket=bucket, Key=found["Key"])["SSEKMSKeyId"].endswith(key)


def test_many_jobs_share_a_role_and_buckets_and_have_tags_of_their_own(
    example: Find, jobs: Jobs, stacks: Stacks
) -> None:
    deployed = example("many_jobs")
    made = {name: the_job(deployed, jobs, name) for name in deployed.jobs}
    assert len(made) == 5
    assert len({job["roleArn"] for job in made.values()}) == 1
    assert deployed.kinds.count(BUCKET) == 2
    for language, job in made.items():
        assert tags(stacks.aws, job["jobArn"])["language"] == language


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_development_and_production_are_as_they_were_told(
    jobs: Jobs, aws: RunningAws, tmp_path: Path, name: str
) -> None:
    region, model, days, policy = ENVIRONMENTS[name]
    place, stack = aws.at(region), examples.stack_of(f"environments:{name}")
    deployed = Deployments(place, tmp_path)
    (arn,) = deployed.resources(stack, JOB).values()
    job = jobs.ended(arn, client=place.client("bedrock"))
    assert (job["status"], job["modelId"].rpartition("/")[2]) == ("Completed", model)
    assert tags(place, arn)["environment"] == name
    # The emulator's buckets take no lifecycle rules of a stack: what its template says is all that there is of them.
    template = deployed.cloudformation.get_template(StackName=stack)["TemplateBody"]
    buckets = {name: each for name, each in template["Resources"].items() if each["Type"] == BUCKET}
    assert {each["DeletionPolicy"] for each in buckets.values()} == {policy}
    rules = [rule for each in buckets.values() for rule in each["Properties"]["LifecycleConfiguration"]["Rules"]]
    assert [rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule] == [days]


def test_a_night_runs_all_that_is_new_below_the_prefix(example: Find, aws: RunningAws) -> None:
    nightly = Pipeline(example("nightly_pipeline"), aws)
    nightly.put({f"{name}.jsonl": jsonl(_named(records(60), name)) for name in ("a", "b")})
    assert nightly.run("first-night")["Succeeded"] == 120
    assert nightly.answered("first-night") == sorted(each["recordId"] for n in "ab" for each in _named(records(60), n))
    assert nightly.run("second-night")["Records"] == 0


def _named(items: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [{**each, "recordId": f"{name}-{each['recordId']}"} for each in items]


def test_a_job_writes_to_the_bucket_of_another_account(example: Find, jobs: Jobs, stacks: Stacks) -> None:
    job = the_job(example("other_account"), jobs)
    assert job["outputDataConfig"]["s3OutputDataConfig"]["s3BucketOwner"] == OTHER
    assert len(answered(job, client_of(stacks.aws, "s3", OTHER))) == 100


def test_every_field_of_the_clis_file_counts(example: Find, jobs: Jobs, stacks: Stacks) -> None:
    job = the_job(example("from_cli_json"), jobs)
    assert job["jobName"].startswith("ticket-summaries-")
    assert job["roleArn"].endswith(":role/BedrockBatchServiceRole")
    assert job["timeoutDurationInHours"] == 48
    assert tags(stacks.aws, job["jobArn"])["team"] == "support"
    assert len(answered(job, stacks.s3)) == 100


def test_what_waits_for_the_results_has_them_and_nothing_is_left_open(example: Find, aws: RunningAws) -> None:
    deployed = example("wait_for_results")
    assert {name: deployed.outputs[name] for name in ("Translated", "Failed")} == {"Translated": "100", "Failed": "0"}
    parameter = deployed.of_type("AWS::SSM::Parameter")
    uri = aws.client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"]
    assert "manifest.json.out" in objects(aws.client("s3"), uri)
    # The function is in no hurry here: that is the minute after which nothing is open.
    machine = deployed.of_type("AWS::StepFunctions::StateMachine")
    executions = aws.client("stepfunctions").list_executions
    eventually(lambda: not executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"])
    assert executions(stateMachineArn=machine)["executions"]
    table = deployed.of_type("AWS::DynamoDB::Table")
    assert "ResponseURL" not in str(aws.client("dynamodb").scan(TableName=table)["Items"])
