"""What is changed in the emulator around Bedrock, seen from outside."""

import json
import time
import uuid
from typing import Any

import pytest

from tests.local_aws.conftest import ACCOUNT, LocalAws, allow, policy

# Answers as its property says, and writes down every request.
HANDLER = """
import json, os, urllib.request, boto3

def status(event):
    names = {"StackName": event["StackId"], "LogicalResourceId": event["LogicalResourceId"]}
    return boto3.client("cloudformation").describe_stack_resource(**names)["StackResourceDetail"]["ResourceStatus"]

def handler(event, context):
    event["SeenStatus"] = status(event) if event["RequestType"] != "Delete" else ""
    known = boto3.client("s3").list_objects_v2(Bucket=os.environ["BUCKET"]).get("KeyCount", 0)
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key=f"{known:02}", Body=json.dumps(event).encode())
    failing = event["ResourceProperties"]["Fail"] == event["RequestType"]
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": "FAILED" if failing else "SUCCESS", "Reason": "as asked",
               "PhysicalResourceId": event["ResourceProperties"]["PhysicalId"]}
    body = json.dumps(answer).encode()
    request = urllib.request.Request(event["ResponseURL"], body, {"Content-Type": ""}, method="PUT")
    urllib.request.urlopen(request).close()
"""


def template(bucket: str, physical_id: str, fail: str) -> str:
    service = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    write = allow("s3:*", f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*")
    may_write = json.loads(policy(write, allow("cloudformation:DescribeStackResource", "*")))
    function = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": HANDLER},
        "Environment": {"Variables": {"BUCKET": bucket}},
    }
    thing = {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "PhysicalId": physical_id, "Fail": fail}
    resources = {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [service]},
                "Policies": [{"PolicyName": "p", "PolicyDocument": may_write}],
            },
        },
        "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Thing": {"Type": "Custom::Thing", "Properties": thing},
    }
    return json.dumps({"Resources": resources})


def requests(aws: LocalAws, bucket: str) -> list[dict[str, Any]]:
    keys = [found["Key"] for found in aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]
    return [json.loads(aws.read(bucket, key)) for key in keys]


def settle(aws: LocalAws, name: str) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        status = str(aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])
        if not status.endswith("IN_PROGRESS"):
            return status
        time.sleep(0.05)
    pytest.fail(f"{status} after 30 s")


def create_stack(aws: LocalAws, **options: Any) -> str:
    name = f"stack-{uuid.uuid4().hex}"
    aws.client("cloudformation").create_stack(StackName=name, Capabilities=["CAPABILITY_IAM"], **options)
    return name


def test_a_create_that_answers_failed_is_deleted_by_the_id_it_answered(aws: LocalAws) -> None:
    bucket = aws.bucket()
    name = create_stack(aws, TemplateBody=template(bucket, "thing-1", fail="Create"))
    assert settle(aws, name) == "ROLLBACK_COMPLETE"
    first, second = requests(aws, bucket)
    assert (first["RequestType"], second["RequestType"]) == ("Create", "Delete")
    assert second["PhysicalResourceId"] == "thing-1"
    assert second["ResourceProperties"] == first["ResourceProperties"]


def test_a_replacement_deletes_the_old_id_after_the_update(aws: LocalAws) -> None:
    bucket = aws.bucket()
    name = create_stack(aws, TemplateBody=template(bucket, "thing-1", fail=""))
    settle(aws, name)
    aws.client("cloudformation").update_stack(
        StackName=name, TemplateBody=template(bucket, "thing-2", fail=""), Capabilities=["CAPABILITY_IAM"]
    )
    assert settle(aws, name) == "UPDATE_COMPLETE"
    create, update, delete = requests(aws, bucket)
    assert (create["SeenStatus"], update["SeenStatus"]) == ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
    assert (update["RequestType"], update["PhysicalResourceId"]) == ("Update", "thing-1")
    assert (delete["RequestType"], delete["PhysicalResourceId"]) == ("Delete", "thing-1")


def test_an_update_that_fails_is_sent_back_with_the_properties_swapped(aws: LocalAws) -> None:
    bucket = aws.bucket()
    name = create_stack(aws, TemplateBody=template(bucket, "thing-1", fail=""))
    settle(aws, name)
    aws.client("cloudformation").update_stack(
        StackName=name, TemplateBody=template(bucket, "thing-2", fail="Update"), Capabilities=["CAPABILITY_IAM"]
    )
    assert settle(aws, name) == "UPDATE_ROLLBACK_COMPLETE"
    _, update, back = requests(aws, bucket)
    assert back["RequestType"] == "Update"
    assert back["PhysicalResourceId"] == "thing-1"
    assert back["ResourceProperties"] == update["OldResourceProperties"]
    assert back["OldResourceProperties"] == update["ResourceProperties"]


def test_a_stack_may_have_an_alarm_on_an_expression(aws: LocalAws) -> None:
    name = f"alarm-{uuid.uuid4().hex}"
    stat = {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": 60, "Stat": "Sum"}
    metrics = [{"Id": "m", "MetricStat": stat, "ReturnData": False}, {"Id": "e", "Expression": "IF(m > 1, 1, 0)"}]
    alarm = {
        "AlarmName": name,
        "Metrics": metrics,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 0,
        "EvaluationPeriods": 1,
    }
    template = {"Resources": {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}}}
    assert settle(aws, create_stack(aws, TemplateBody=json.dumps(template))) == "CREATE_COMPLETE"
    (found,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert [each["Id"] for each in found["Metrics"]] == ["m", "e"]
    assert found["StateValue"] == "INSUFFICIENT_DATA"


def test_requests_count_as_secure_transport(aws: LocalAws) -> None:
    bucket = aws.bucket({"a": b"x"})
    insecure = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    aws.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy(insecure))
    reader = aws.user(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))
    assert aws.client("s3", reader).get_object(Bucket=bucket, Key="a")["ContentLength"] == 1


def test_the_other_paths_of_bedrock_stay_with_the_emulator_and_its_iam(aws: LocalAws) -> None:
    assert aws.bedrock.list_foundation_models()["modelSummaries"]
    with pytest.raises(aws.bedrock.exceptions.AccessDeniedException, match="bedrock:ListFoundationModels"):
        aws.client("bedrock", aws.user()).list_foundation_models()


def test_the_root_user_is_account_zero_with_the_secret_test(aws: LocalAws) -> None:
    assert aws.client("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"


def test_a_stack_gives_its_buckets_the_encryption_that_it_says(aws: LocalAws) -> None:
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    encryption = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default}]}
    bucket = f"of-a-stack-{key.rpartition('/')[2]}"

    def with_bucket(**properties: Any) -> str:
        made = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": bucket, **properties}}
        return json.dumps({"Resources": {"Bucket": made}})

    stacks = aws.client("cloudformation")
    stacks.create_stack(StackName=bucket, TemplateBody=with_bucket(BucketEncryption=encryption))
    stacks.get_waiter("stack_create_complete").wait(StackName=bucket, WaiterConfig={"Delay": 0.1})
    aws.client("s3").put_object(Bucket=bucket, Key="k", Body=b"x")
    assert aws.client("s3").head_object(Bucket=bucket, Key="k")["SSEKMSKeyId"] == key
    stacks.update_stack(StackName=bucket, TemplateBody=with_bucket())
    stacks.get_waiter("stack_update_complete").wait(StackName=bucket, WaiterConfig={"Delay": 0.1})
    aws.client("s3").put_object(Bucket=bucket, Key="k", Body=b"x")
    assert "SSEKMSKeyId" not in aws.client("s3").head_object(Bucket=bucket, Key="k")
