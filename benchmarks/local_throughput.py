"""How long records take from S3 through the local Bedrock and back, beside the build before.

For each number of records a fresh server is started, and everything goes over HTTP: the input is uploaded, a job with
the model echo runs at the default speed, and its output is downloaded. It shall be 5,000 records a second on two cores.
The local AWS is one process; the memory is that of whoever asks it.
"""

import atexit
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from boto3.s3.transfer import TransferConfig

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from comparison.row import Row
from comparison.trial import BEFORE, Trial

COUNTS, ROUNDS = (10_000, 50_000), 3
RECORD_BYTES = 1000
BUCKET = "benchmark"
QUOTAS = {"records_per_file": 10**9, "records_per_job": 10**9}
# The role is used at once.
BEHAVIOURS = {"role_propagation": 0}
# What the server has in memory is its own affair then, and not how many threads its client has.
ONE_PART_AT_A_TIME = TransferConfig(use_threads=False)
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
PERMISSIONS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:*", "bedrock:InvokeModel"], "Resource": "*"}],
}


def ready(count: str) -> Callable[[], object]:
    """Start a server, and get the input ready."""
    path = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    with (path / "in.jsonl").open("wb") as file:
        file.writelines(records(int(count)))
    aws = LocalAws(model="echo", directory=path / "aws", quotas=QUOTAS, behaviours=BEHAVIOURS).start()
    aws.client("s3").create_bucket(Bucket=BUCKET)
    return partial(run, aws, path, int(count), make_role(aws))


WAYS = {"records through a job": ready}


def rows(trial: Trial) -> Iterator[Row]:
    """Run jobs of few and of many records with both builds."""
    (name,) = WAYS
    for count in map(trial.size, COUNTS):
        turns = trial.in_turn("local_throughput", name, (), (count,), ROUNDS)
        yield replace(turns.row(name, f"{name}, {BEFORE}", "clock"), subject=f"{count:,} {name}")


def run(aws: RunningAws, path: Path, count: int, role: str) -> None:
    """Upload, run and download; check that nothing is missing."""
    s3 = aws.client("s3")
    s3.upload_file(str(path / "in.jsonl"), BUCKET, "in.jsonl", Config=ONE_PART_AT_A_TIME)
    job_id = run_job(aws, role)
    s3.download_file(BUCKET, f"out/{job_id}/in.jsonl.out", str(path / "out"), Config=ONE_PART_AT_A_TIME)
    with (path / "out").open("rb") as file:
        answered = sum(b'"modelOutput"' in line for line in file)
    if answered != count:
        sys.exit(f"{answered} of {count} records came back")


def run_job(aws: RunningAws, role: str) -> str:
    """Run the job to its end; return its id."""
    bedrock = aws.client("bedrock")
    arn = bedrock.create_model_invocation_job(
        jobName="benchmark",
        roleArn=role,
        modelId="amazon.nova-lite-v1:0",
        inputDataConfig={"s3InputDataConfig": {"s3Uri": f"s3://{BUCKET}/in.jsonl"}},
        outputDataConfig={"s3OutputDataConfig": {"s3Uri": f"s3://{BUCKET}/out/"}},
    )["jobArn"]
    while (job := bedrock.get_model_invocation_job(jobIdentifier=arn))["status"] not in {"Completed", "Failed"}:
        time.sleep(0.1)
    if job["status"] != "Completed":
        sys.exit(f"the job failed: {job['message']}")
    return str(arn).rpartition("/")[2]


def make_role(aws: RunningAws) -> str:
    """Make the service role."""
    iam = aws.client("iam")
    arn = iam.create_role(RoleName="benchmark", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="benchmark", PolicyName="all", PolicyDocument=json.dumps(PERMISSIONS))
    return str(arn)


def records(count: int) -> Iterator[bytes]:
    """Make records of about `RECORD_BYTES`."""
    text = ("How long is a piece of string? " * RECORD_BYTES)[: RECORD_BYTES - 120]
    for number in range(count):
        body = {"messages": [{"role": "user", "content": [{"text": text}]}], "inferenceConfig": {"maxTokens": 1000}}
        yield json.dumps({"recordId": f"record-{number}", "modelInput": body}).encode() + b"\n"
