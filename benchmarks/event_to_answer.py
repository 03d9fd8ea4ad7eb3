"""How long from CloudFormation's event to the answer, beside a bare boto3 script that makes the same calls.

Both run in a fresh process against the local AWS, one after the other in turn; ``wait_until`` is SUBMITTED. Run it with
``make bench``. The function may take 1.3 times as long as the script.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from rich.console import Console
from rich.table import Table

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from cdk_bedrock_batch._function.asset import write_asset

ROUNDS = 15
BUCKET = "benchmark"
STACK_ID = "arn:aws:cloudformation:us-east-1:000000000000:stack/Benchmark/guid"

FUNCTION = """
import json, sys, time
class Context:
    aws_request_id = "benchmark"
    def get_remaining_time_in_millis(self):
        return 900_000
from model_invocation_job.index import handler
handler(json.loads(sys.argv[1]), Context())
"""

BARE = """
import http.client, json, sys
from urllib.parse import urlsplit
import boto3
event = json.loads(sys.argv[1])
properties = event["ResourceProperties"]
bedrock, s3, cloudformation = (boto3.client(name) for name in ("bedrock", "s3", "cloudformation"))
list(bedrock.get_paginator("list_model_invocation_jobs").paginate(nameContains=event["RequestId"]))
for item in properties.get("StagedInput", ()):
    source, target = urlsplit(item["Source"]), urlsplit(item["Target"])
    source = {"Bucket": source.netloc, "Key": source.path[1:]}
    s3.copy_object(CopySource=source, Bucket=target.netloc, Key=target.path[1:], TaggingDirective="REPLACE")
arn = bedrock.create_model_invocation_job(
    jobName="bare-" + event["RequestId"], clientRequestToken=event["RequestId"], **properties["Job"])["jobArn"]
bedrock.get_model_invocation_job(jobIdentifier=arn)
try:
    cloudformation.describe_stack_resource(StackName=event["StackId"], LogicalResourceId=event["LogicalResourceId"])
except cloudformation.exceptions.ClientError:
    pass
url = urlsplit(event["ResponseURL"])
connection = http.client.HTTPConnection(url.netloc)
connection.request("PUT", url.path, json.dumps({"Status": "SUCCESS", "PhysicalResourceId": arn}))
connection.getresponse().read()
"""


def main() -> None:
    """Measure, print a table, and end with 1 if the function takes more than its share."""
    with tempfile.TemporaryDirectory() as folder, answers() as (url, taken):
        asset = Path(folder) / "asset"
        asset.mkdir()
        write_asset(asset)
        with LocalAws(model="echo", directory=Path(folder) / "aws") as aws:
            prepare(aws)
            seconds: dict[str, list[float]] = {"function": [], "bare script": []}
            for _ in range(ROUNDS):
                for name, code in (("function", FUNCTION), ("bare script", BARE)):
                    seconds[name].append(run(code, event(url), aws, asset))
            never = run(
                FUNCTION, {**event(url), "RequestType": "Delete", "PhysicalResourceId": "never-was"}, aws, asset
            )
    failed = [body.decode() for body in taken if json.loads(body)["Status"] != "SUCCESS"]
    if failed or len(taken) != 2 * ROUNDS + 1:
        sys.exit(f"{2 * ROUNDS + 1} answers were expected, {len(taken)} came, of them failed: {failed}")
    sys.exit(report(seconds, never))


def event(url: str) -> dict[str, object]:
    """Return a Create of a job of its own."""
    job = {
        "modelId": "amazon.nova-lite-v1:0",
        "roleArn": "arn:aws:iam::000000000000:role/Benchmark",
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{BUCKET}/input/prompts.jsonl"}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://{BUCKET}/output/"}},
    }
    staged = {"Source": f"s3://{BUCKET}/asset.jsonl", "Target": f"s3://{BUCKET}/input/prompts.jsonl"}
    properties = {"Job": job, "JobNamePrefix": "bench", "WaitUntil": "SUBMITTED", "StagedInput": [staged]}
    return {
        "RequestType": "Create",
        "ResponseURL": url,
        "StackId": STACK_ID,
        "RequestId": str(uuid.uuid4()),
        "LogicalResourceId": "Job" + uuid.uuid4().hex[:8],
        "ResourceProperties": properties,
    }


def prepare(aws: RunningAws) -> None:
    """Make the bucket and the file to stage."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="asset.jsonl", Body=b"{}\n")


def run(code: str, request: dict[str, object], aws: RunningAws, asset: Path) -> float:
    """Run code in a fresh process; return its wall-clock seconds."""
    environment = {**aws.environment(), "PYTHONPATH": str(asset)}
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 (this interpreter, on the code above)
        [sys.executable, "-P", "-c", code, json.dumps(request)],
        env=environment,
        cwd=os.sep,
        capture_output=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stderr.decode())
    return seconds


@contextmanager
def answers() -> Iterator[tuple[str, list[bytes]]]:
    """Take answers over HTTP."""
    taken: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            taken.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/answer", taken
    finally:
        server.shutdown()
        server.server_close()


def report(seconds: dict[str, list[float]], never: float) -> int:
    """Print what was measured; return the exit code."""
    table = Table("", "median s", "fastest s", "slowest s", title=f"event to answer, {ROUNDS} fresh processes each")
    for name, values in seconds.items():
        table.add_row(name, *(f"{value:.3f}" for value in (statistics.median(values), min(values), max(values))))
    ratio = statistics.median(seconds["function"]) / statistics.median(seconds["bare script"])
    console = Console()
    console.print(table)
    console.print(f"function / bare script: {ratio:.2f} (at most 1.3)")
    console.print(f"delete of a job that never was: {never:.3f} s (at most 2)")
    return 0 if ratio <= 1.3 and never <= 2 else 1  # noqa: PLR2004 (the two bounds that are printed)


if __name__ == "__main__":
    main()
