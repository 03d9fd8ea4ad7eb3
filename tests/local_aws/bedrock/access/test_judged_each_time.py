"""The service role is judged at each read, model call and write: what changes while a job runs counts from then on."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.local_aws.bedrock.data.test_media import picture
from tests.local_aws.bedrock.execution.test_interruption import GatedModel, gated_model, until_ten_are_counted
from tests.local_aws.conftest import ACCOUNT, MODEL_ARN, LocalAws, Statement, allow, policy, records, serve, trust


@pytest.fixture(scope="module")
def gated() -> Iterator[tuple[GatedModel, LocalAws]]:
    with gated_model(free=0) as (model, url), serve(url, pace="Pace(scale=0.01, counts=0)") as aws:
        yield model, aws


class World:
    """A job of two files that stands still after its first ten answers, with a policy for each thing it needs."""

    def __init__(self, model: GatedModel, aws: LocalAws) -> None:
        self.model, self.aws, self.iam = model, aws, aws.client("iam")
        self.bucket = aws.bucket({"in/a.jsonl": records(), "in/b.jsonl": records()})
        everything = f"arn:aws:s3:::{self.bucket}/*"
        self.role = aws.role(allow("s3:ListBucket", f"arn:aws:s3:::{self.bucket}"))
        self.name = self.role.rpartition("/")[2]
        self.key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
        self.may("get", allow("s3:GetObject", everything))
        self.may("put", allow("s3:PutObject", everything))
        self.may("key", allow("kms:GenerateDataKey", self.key))
        self.may("invoke", allow("bedrock:InvokeModel", MODEL_ARN))

    def may(self, name: str, *statements: Statement) -> None:
        self.iam.put_role_policy(RoleName=self.name, PolicyName=name, PolicyDocument=policy(*statements))

    def may_not(self, name: str) -> None:
        self.iam.delete_role_policy(RoleName=self.name, PolicyName=name)

    def deny(self, action: str, key: str = "*") -> None:
        """Let the bucket's policy deny the role something."""
        resource = f"arn:aws:s3:::{self.bucket}/{key}"
        denied = {"Effect": "Deny", "Principal": {"AWS": self.role}, "Action": action, "Resource": resource}
        self.aws.client("s3").put_bucket_policy(Bucket=self.bucket, Policy=policy(denied))

    def let_nobody_use_the_key(self) -> None:
        owner = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        denied = {"Effect": "Deny", "Principal": {"AWS": self.role}, "Action": "kms:*", "Resource": "*"}
        document = policy({**allow("kms:*", "*"), "Principal": owner}, denied)
        self.aws.client("kms").put_key_policy(KeyId=self.key, PolicyName="default", Policy=document)

    def trust_no_longer(self) -> None:
        elsewhere = policy({**trust(), "Principal": {"Service": "lambda.amazonaws.com"}})
        self.iam.update_assume_role_policy(RoleName=self.name, PolicyDocument=elsewhere)

    def delete_role(self) -> None:
        for name in self.iam.list_role_policies(RoleName=self.name)["PolicyNames"]:
            self.may_not(name)
        self.iam.delete_role(RoleName=self.name)

    def end(self, change: Callable[["World"], object]) -> dict[str, Any]:
        """Run the job, with a change in its middle."""
        output = {"s3Uri": f"s3://{self.bucket}/out/", "s3EncryptionKeyId": self.key}
        self.model.close(free=10)
        arn = self.aws.start(
            self.bucket,
            roleArn=self.role,
            inputDataConfig={"s3InputDataConfig": {"s3Uri": f"s3://{self.bucket}/in/"}},
            outputDataConfig={"s3OutputDataConfig": output},
        )
        until_ten_are_counted(self.aws, arn)
        change(self)
        self.model.gate.set()
        return self.aws.end(arn)

    def errors(self, job: dict[str, Any]) -> list[dict[str, Any]]:
        lines = [each for name in ("a", "b") for each in self.aws.answers(self.bucket, job["jobArn"], f"{name}.jsonl")]
        return [each["error"] for each in lines if "error" in each]


@pytest.fixture
def world(gated: tuple[GatedModel, LocalAws]) -> World:
    return World(*gated)


def test_nothing_changes(world: World) -> None:
    job = world.end(lambda _: None)
    assert (job["status"], job["successRecordCount"]) == ("Completed", 200)


def test_records_fail_with_the_words_of_the_model_call(world: World) -> None:
    job = world.end(lambda here: here.may_not("invoke"))
    assert job["status"] == "Completed"
    # Those that were being asked are answered yet.
    assert 10 <= job["successRecordCount"] < 100
    errors = world.errors(job)
    assert len(errors) == job["errorRecordCount"] == 200 - job["successRecordCount"]
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{world.name}/bedrock-{job['jobArn'].rpartition('/')[2]}"
    assert errors[0] == {
        "errorCode": 403,
        "errorMessage": f"User: {session} is not authorized to perform: bedrock:InvokeModel on resource: {MODEL_ARN} "
        "because no identity-based policy allows the bedrock:InvokeModel action",
        "expired": False,
        "retryable": False,
    }


def test_a_denial_says_so(world: World) -> None:
    denied = {**allow("bedrock:*", "*"), "Effect": "Deny"}
    job = world.end(lambda here: here.may("denied", denied))
    assert "with an explicit deny in an identity-based policy" in world.errors(job)[0]["errorMessage"]


def test_records_go_on_when_the_permission_is_back(world: World) -> None:
    def take_and_give(here: World) -> None:
        here.may_not("invoke")
        here.may("other", allow("bedrock:Invoke*", "*"))

    assert world.end(take_and_give)["successRecordCount"] == 200


def test_a_permission_that_runs_out_is_gone_then(world: World) -> None:
    until = (datetime.now(UTC) + timedelta(seconds=2)).isoformat(timespec="seconds")

    def wait(_: World) -> None:
        while datetime.now(UTC).isoformat() <= until:
            pass

    world.may("invoke", allow("bedrock:InvokeModel", "*", DateLessThan={"aws:CurrentTime": until}))
    job = world.end(wait)
    assert 10 <= job["successRecordCount"] < 100


def test_the_text_of_an_attached_policy_counts(world: World) -> None:
    named = f"policy-{uuid.uuid4().hex}"
    document = policy(allow("bedrock:InvokeModel", "*"))
    arn = world.iam.create_policy(PolicyName=named, PolicyDocument=document)["Policy"]["Arn"]
    world.iam.attach_role_policy(RoleName=world.name, PolicyArn=arn)
    world.may_not("invoke")

    def rewrite(here: World) -> None:
        other = policy(allow("s3:GetObject", "*"))
        here.iam.create_policy_version(PolicyArn=arn, PolicyDocument=other, SetAsDefault=True)

    assert world.end(rewrite)["errorRecordCount"] > 100


def test_a_policy_that_leaves_with_its_stack_counts(world: World) -> None:
    world.may_not("invoke")
    stacks, name = world.aws.client("cloudformation"), f"stack-{uuid.uuid4().hex}"
    document = json.loads(policy(allow("bedrock:InvokeModel", "*")))
    properties = {"PolicyName": "of-stack", "PolicyDocument": document, "Roles": [world.name]}
    body = json.dumps({"Resources": {"Policy": {"Type": "AWS::IAM::Policy", "Properties": properties}}})
    stacks.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.05})

    def delete(_: World) -> None:
        stacks.delete_stack(StackName=name)
        stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 0.05})

    assert world.end(delete)["errorRecordCount"] > 100


WRITE = "Could not validate PutObject permissions to access S3 bucket: {bucket} at key: out/{id}/{name}.out"
READ = "Could not validate GetObject permissions to access S3 bucket: {bucket} at key: in/b.jsonl"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (World.trust_no_longer, WRITE.replace("{name}", "a.jsonl")),
        (World.delete_role, WRITE.replace("{name}", "a.jsonl")),
        (lambda here: here.may_not("put"), WRITE.replace("{name}", "a.jsonl")),
        (lambda here: here.deny("s3:PutObject"), WRITE.replace("{name}", "a.jsonl")),
        (lambda here: here.deny("s3:PutObject", "*/b.jsonl.out"), WRITE.replace("{name}", "b.jsonl")),
        (lambda here: here.deny("s3:PutObject", "*/manifest.json.out"), WRITE.replace("{name}", "manifest.json")),
        (World.let_nobody_use_the_key, WRITE.replace("{name}", "a.jsonl")),
        (lambda here: here.may_not("key"), WRITE.replace("{name}", "a.jsonl")),
        (lambda here: here.may_not("get"), READ),
        (lambda here: here.deny("s3:GetObject"), READ),
    ],
)
def test_the_next_read_or_write_fails_the_job(world: World, change: Callable[[World], object], message: str) -> None:
    job = world.end(change)
    assert job["status"] == "Failed"
    assert job["message"] == message.format(bucket=world.bucket, id=job["jobArn"].rpartition("/")[2])


@pytest.mark.parametrize("change", [World.trust_no_longer, World.delete_role])
def test_a_role_that_cannot_be_assumed_any_more_calls_no_model(world: World, change: Callable[[World], object]) -> None:
    job = world.end(change)
    assert job["errorRecordCount"] >= 100 - job["successRecordCount"] > 0


def test_a_picture_is_read_for_each_record_that_names_it(world: World) -> None:
    twice = picture(f"s3://{world.bucket}/in/picture.png")
    objects = {"in/picture.png": b"png", "in/a.jsonl": twice + records(98) + twice}
    for key, content in objects.items():
        world.aws.client("s3").put_object(Bucket=world.bucket, Key=key, Body=content)
    job = world.end(lambda here: here.deny("s3:GetObject", "*.png"))
    (error,) = world.errors(job)
    assert error["errorMessage"].endswith("does not exist or can not be read")


def test_an_input_that_is_gone_was_read_before(world: World) -> None:
    job = world.end(lambda here: here.aws.client("s3").delete_object(Bucket=here.bucket, Key="in/b.jsonl"))
    assert (job["status"], job["successRecordCount"]) == ("Completed", 200)
