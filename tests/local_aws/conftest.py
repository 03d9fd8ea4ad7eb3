"""A local AWS in a process of its own, and people in it who may do more or less."""

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

ACCOUNT = "000000000000"
REGION = "us-east-1"
MODEL = "amazon.nova-lite-v1:0"
MODEL_ARN = f"arn:aws:bedrock:{REGION}::foundation-model/{MODEL}"
JOBS_ARN = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:model-invocation-job/*"
ENDED = {"Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"}

Statement = Mapping[str, Any]
Credentials = tuple[str, str]

_QUICK = "Pace(scale=0.02)"
# Most tests make a role and use it at once.
_SETTLED = "Behaviours(role_propagation=0)"
_PATIENCE_SECONDS = 120
_SERVER = Path(__file__).with_name("server_process.py")


def allow(actions: str | Sequence[str], *resources: str, **condition: Any) -> Statement:
    return {"Effect": "Allow", "Action": actions, "Resource": list(resources), "Condition": condition}


def trust(**condition: Any) -> Statement:
    principal = {"Service": "bedrock.amazonaws.com"}
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}


def policy(*statements: Statement) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def records(count: int = 100, text: str = "Say {n}") -> bytes:
    lines = (
        {"recordId": f"r{n}", "modelInput": {"messages": [{"role": "user", "content": [{"text": text.format(n=n)}]}]}}
        for n in range(count)
    )
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


@dataclass(frozen=True)
class LocalAws:
    url: str
    secret: str

    def root(self, account: str = ACCOUNT) -> Credentials:
        return account, self.secret

    @cache  # noqa: B019 -- lives as long as the test run
    def client(self, service: str, credentials: Credentials | None = None, region: str = REGION) -> Any:
        # Without botocore's own checks, so that it is the service that refuses.
        config = Config(parameter_validation=False, retries={"total_max_attempts": 1}, proxies={})
        key, secret = credentials or self.root()
        return boto3.client(
            service, region, endpoint_url=self.url, aws_access_key_id=key, aws_secret_access_key=secret, config=config
        )

    @property
    def bedrock(self) -> Any:
        return self.client("bedrock")

    def bucket(self, objects: Mapping[str, bytes] | None = None) -> str:
        name = f"b-{uuid.uuid4().hex}"
        self.client("s3").create_bucket(Bucket=name)
        for key, content in (objects or {}).items():
            self.client("s3").put_object(Bucket=name, Key=key, Body=content)
        return name

    def role(self, *statements: Statement, trusted: Statement | None = None) -> str:
        iam, name = self.client("iam"), f"role-{uuid.uuid4().hex}"
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trusted or trust()))
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(*statements))
        return str(made["Role"]["Arn"])

    def service_role(
        self, bucket: str, *, without: str = "", trusted: Statement | None = None, model: str = MODEL_ARN
    ) -> str:
        every = [
            allow("s3:ListBucket", f"arn:aws:s3:::{bucket}"),
            allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"),
            allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*"),
            allow("bedrock:InvokeModel", model),
        ]
        return self.role(*(each for each in every if each["Action"] != without), trusted=trusted)

    def user(self, *statements: Statement) -> Credentials:
        iam, name = self.client("iam"), f"user-{uuid.uuid4().hex}"
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def request(self, bucket: str = "some-bucket", **changes: Any) -> dict[str, Any]:
        request = {
            "jobName": f"job-{uuid.uuid4().hex}",
            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/absent",
            "modelId": MODEL,
            "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{bucket}/in.jsonl"}},
            "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/out/"}},
        }
        return {name: value for name, value in {**request, **changes}.items() if value is not None}

    def start(self, bucket: str, **changes: Any) -> str:
        """Create a job whose role has all that it needs."""
        changes = {"roleArn": self.service_role(bucket), **changes} if "roleArn" not in changes else changes
        return str(self.bedrock.create_model_invocation_job(**self.request(bucket, **changes))["jobArn"])

    def reach(self, arn: str, statuses: set[str]) -> dict[str, Any]:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            job: dict[str, Any] = self.bedrock.get_model_invocation_job(jobIdentifier=arn)
            if job["status"] in statuses:
                return job
            time.sleep(0.05)
        pytest.fail(f"{job['status']} after {_PATIENCE_SECONDS} s, not one of {statuses}: {job}")

    def end(self, arn: str) -> dict[str, Any]:
        return self.reach(arn, ENDED)

    def read(self, bucket: str, key: str) -> bytes:
        content: bytes = self.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def answers(self, bucket: str, arn: str, name: str = "in.jsonl") -> list[dict[str, Any]]:
        lines = self.read(bucket, f"out/{arn.rpartition('/')[2]}/{name}.out").split(b"\n")
        assert lines.pop() == b""
        return [json.loads(line) for line in lines]

    def manifest(self, bucket: str, arn: str) -> dict[str, int]:
        content: dict[str, int] = json.loads(self.read(bucket, f"out/{arn.rpartition('/')[2]}/manifest.json.out"))
        return content


@contextmanager
def serve(
    backend: str = "echo",
    *,
    pace: str = _QUICK,
    quotas: str = "Quotas()",
    behaviours: str = _SETTLED,
    concurrency: int | None = None,
    batch_models: str = "BatchModels()",
) -> Iterator[LocalAws]:
    command = [sys.executable, str(_SERVER), backend, pace, quotas, behaviours, str(concurrency), batch_models]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        port, _, secret = process.stdout.readline().strip().partition(" ")
        assert port, "the local AWS did not start: see its standard error"
        yield LocalAws(f"http://127.0.0.1:{port}", secret)
        process.stdin.close()
        process.wait(timeout=_PATIENCE_SECONDS)


@pytest.fixture(scope="session")
def idle_aws() -> Iterator[LocalAws]:
    """Every job stays Submitted."""
    with serve(pace="Pace(submitted=3600)", quotas="Quotas(jobs_per_model=1000)") as started:
        yield started


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    """Quick, with the echo model and the service's quotas."""
    with serve() as started:
        yield started
