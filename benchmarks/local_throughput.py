"""How many records a second the local Bedrock takes from S3 and brings back, and how much memory that needs.

For each number of records a fresh server is started, and everything goes over HTTP: the input is uploaded, a job with
the model echo runs at the default speed, and its output is downloaded. Run it with ``make bench``. It shall be 5,000
records a second on two cores, with memory that does not grow with the records. The local AWS is one process. Its share
of the processor's time for the job is told as a multiple, too, of what Python's ``json`` takes in the same run to read
and write the same records: a busy machine changes that less than the rate. Linux only: it reads ``/proc``.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from boto3.s3.transfer import TransferConfig
from rich.console import Console
from rich.table import Table

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws

COUNTS = (10_000, 100_000)
RECORD_BYTES = 1000
BUCKET = "benchmark"
COLUMNS = (
    *("records", "upload s", "job s", "download s", "records/s"),
    *("job CPU s", "of json", "idle MiB", "peak MiB"),
)
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


@dataclass(frozen=True)
class Measurement:
    """What came of one number of records: seconds for each step, seconds of the processor's time, and memory in MiB."""

    count: int
    upload: float
    job: float
    download: float
    processor: float
    plain: float
    before: float
    peak: float

    @property
    def seconds(self) -> float:
        """From the first byte of the input to the last of the output."""
        return self.upload + self.job + self.download


def main() -> None:
    """Measure, and show a table."""
    table = Table(title=f"Records of {RECORD_BYTES} bytes, model echo")
    for column in COLUMNS:
        table.add_column(column, justify="right")
    for count in map(int, sys.argv[1:] or COUNTS):
        found = measure(count)
        steps = (found.upload, found.job, found.download)
        rate, ratio = f"{count / found.seconds:,.0f}", f"{found.processor / found.plain:.1f}"
        figures = (*(f"{each:.2f}" for each in steps), rate, f"{found.processor:.2f}", ratio)
        table.add_row(f"{count:,}", *figures, f"{found.before:.0f}", f"{found.peak:.0f}")
    Console().print(table)


def measure(count: int) -> Measurement:
    """Run one job of so many records in a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with (path / "in.jsonl").open("wb") as file:
            file.writelines(records(count))
        with LocalAws(model="echo", directory=path / "aws", quotas=QUOTAS, behaviours=BEHAVIOURS) as aws:
            return run(aws, path, count)


def run(aws: RunningAws, path: Path, count: int) -> Measurement:
    """Upload, run and download; check that nothing is missing."""
    s3, role = aws.client("s3"), make_role(aws)
    s3.create_bucket(Bucket=BUCKET)
    before = memory(aws, "VmRSS")
    times = [time.perf_counter()]
    s3.upload_file(str(path / "in.jsonl"), BUCKET, "in.jsonl", Config=ONE_PART_AT_A_TIME)
    times.append(time.perf_counter())
    processor = processor_time(aws)
    job_id = run_job(aws, role)
    processor = processor_time(aws) - processor
    times.append(time.perf_counter())
    s3.download_file(BUCKET, f"out/{job_id}/in.jsonl.out", str(path / "out"), Config=ONE_PART_AT_A_TIME)
    times.append(time.perf_counter())
    with (path / "out").open("rb") as file:
        answered = sum(b'"modelOutput"' in line for line in file)
    if answered != count:
        sys.exit(f"{answered} of {count} records came back")
    upload, job, download = (after - earlier for earlier, after in pairwise(times))
    return Measurement(count, upload, job, download, processor, plain(path / "in.jsonl"), before, memory(aws, "VmHWM"))


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


def plain(path: Path) -> float:
    """Read and write the records with nothing but Python's own json; return the processor's seconds."""
    start = time.process_time()
    with path.open("rb") as file:
        for line in file:
            json.dumps(json.loads(line))
    return time.process_time() - start


def processor_time(aws: RunningAws) -> float:
    """Read how many of the processor's seconds the server has had."""
    fields = Path(f"/proc/{aws.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(aws: RunningAws, name: str) -> float:
    """Read a figure of the server's memory, in MiB."""
    lines = Path(f"/proc/{aws.pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


if __name__ == "__main__":
    main()
