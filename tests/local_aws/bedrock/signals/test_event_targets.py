"""What stands behind a rule gets the event: a function, a state machine, a topic, a log group."""

import io
import json
import zipfile

import pytest

from tests.local_aws.bedrock.signals.test_events import SOURCE, arn, rule, run_job, unique
from tests.local_aws.conftest import ACCOUNT, REGION, LocalAws, policy
from tests.local_aws.processes import eventually

# Writes what it gets into its own environment's bucket.
HANDLER = """
import json, os, boto3

def handler(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key=event["id"], Body=json.dumps(event).encode())
"""


@pytest.fixture(scope="module")
def reactions(aws: LocalAws) -> tuple[str, str, str, str, str]:
    """A rule with a function, a state machine, a topic and a log group behind it, and a job that has ended."""
    bucket, prefix = aws.bucket(), unique("p")
    role = aws.role(
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        trusted={"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    )
    function, other = (
        aws.client("lambda").create_function(
            FunctionName=unique("f"),
            Runtime="python3.13",
            Handler="index.handler",
            Role=role,
            Code={"ZipFile": zipped(HANDLER)},
            Environment={"Variables": {"BUCKET": bucket}},
        )["FunctionArn"]
        for _ in range(2)
    )
    machine = aws.client("stepfunctions").create_state_machine(
        name=unique("m"),
        roleArn=role,
        definition=json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}),
    )["stateMachineArn"]
    topic = aws.client("sns").create_topic(Name=unique("t"))["TopicArn"]
    anyone = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    attributes = {"Policy": policy(anyone)}
    queue = aws.client("sqs").create_queue(QueueName=unique("q"), Attributes=attributes)["QueueUrl"]
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn(aws, queue))
    group = f"/aws/events/{unique('g')}"
    aws.client("logs").create_log_group(logGroupName=group)
    group_arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"
    pattern = {**SOURCE, "detail": {"batchJobName": [{"prefix": prefix}], "status": ["Completed"]}}
    # The second function lets another rule.
    name = rule(aws, pattern, function, other, topic, group_arn)
    starter = aws.role(
        {"Effect": "Allow", "Action": "states:StartExecution", "Resource": machine},
        trusted={"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"},
    )
    # One without a role is started by nobody, and the others are told all the same.
    machines = [{"Id": "machine", "Arn": machine, "RoleArn": starter}, {"Id": "unlet", "Arn": machine}]
    aws.client("events").put_targets(Rule=name, Targets=machines)
    let(aws, function, name)
    let(aws, other, f"{name}-other")
    job = run_job(aws, prefix)
    return job, bucket, machine, queue, group


def zipped(source: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", source)
    return content.getvalue()


def let(aws: LocalAws, function: str, rule_name: str) -> None:
    """Let a rule invoke a function."""
    aws.client("lambda").add_permission(
        FunctionName=function,
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule_name}",
    )


def test_a_function_that_lets_the_rule_is_invoked_with_the_event(aws: LocalAws, reactions: tuple[str, ...]) -> None:
    job, bucket, *_ = reactions
    s3 = aws.client("s3")
    assert eventually(lambda: s3.list_objects_v2(Bucket=bucket)["KeyCount"] > 0)
    (found,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert json.loads(aws.read(bucket, found["Key"]))["detail"]["batchJobArn"] == job


def test_a_state_machine_is_started_with_the_event(aws: LocalAws, reactions: tuple[str, ...]) -> None:
    job, _, machine, *_ = reactions
    client = aws.client("stepfunctions")
    assert eventually(lambda: client.list_executions(stateMachineArn=machine)["executions"])
    (execution,) = client.list_executions(stateMachineArn=machine)["executions"]
    given = client.describe_execution(executionArn=execution["executionArn"])["input"]
    assert json.loads(given)["detail"]["batchJobArn"] == job


def test_a_topic_hands_the_event_on(aws: LocalAws, reactions: tuple[str, ...]) -> None:
    job, _, _, queue, _ = reactions
    (message,) = aws.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    assert json.loads(json.loads(message["Body"])["Message"])["resources"] == [job]


def test_a_log_group_keeps_the_event(aws: LocalAws, reactions: tuple[str, ...]) -> None:
    *_, group = reactions
    logs = aws.client("logs")
    assert eventually(lambda: logs.filter_log_events(logGroupName=group)["events"])
    (line,) = logs.filter_log_events(logGroupName=group)["events"]
    assert json.loads(line["message"])["detail"]["batchJobArn"] == reactions[0]
