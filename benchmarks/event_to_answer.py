"""How long from CloudFormation's event to the answer, beside a bare boto3 script that makes the same calls.

Each runs in a fresh process against the local AWS, from its start to its end, in turn; ``wait_until`` is SUBMITTED.
Nothing of the function is compiled, as nothing is in Lambda, where its folder cannot be written to.
"""

import json
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from comparison.cost import Cost, cost_of
from comparison.row import Row, Turns
from comparison.trial import BEFORE, NOW, Trial

ROUNDS, AT_MOST = 60, 1.05
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


def rows(trial: Trial) -> Iterator[Row]:
    """Run all in turn."""
    assets = {build: written_asset(trial, build) for build in trial.builds}
    with LocalAws(model="echo", directory=trial.folder / "aws") as aws, answers() as (url, taken):
        prepare(aws)
        codes = {
            "function": (FUNCTION, NOW),
            f"function, {BEFORE}": (FUNCTION, BEFORE),
            "bare boto3 script": (BARE, NOW),
        }
        for code, build in codes.values():
            # Compiles boto3 and Python's own modules, which Lambda has compiled, and the function, which it has not.
            run(trial, aws, code, url, assets[build])
            shutil.rmtree(trial.builds[build].compiled.joinpath(*assets[build].parts[1:]), ignore_errors=True)
        ways = {
            name: partial(run, trial, aws, code, url, assets[build], PYTHONDONTWRITEBYTECODE="1")
            for name, (code, build) in codes.items()
        }
        turns = Turns.take("event_to_answer", ways, trial.rounds(ROUNDS))
    failed = [body.decode() for body in taken if json.loads(body)["Status"] != "SUCCESS"]
    if failed or len(taken) != len(ways) * (2 + trial.rounds(ROUNDS)):
        sys.exit(f"{len(taken)} answers came, of them failed: {failed}")
    for by in ("processor", "clock"):
        yield turns.row("function", "bare boto3 script", by, AT_MOST)
        yield turns.row("function", f"function, {BEFORE}", by)


def written_asset(trial: Trial, build: str) -> Path:
    """Write the function's asset as a build of the construct has it."""
    folder = trial.folder / f"asset-{build}"
    folder.mkdir()
    code = "import sys; from pathlib import Path; from cdk_bedrock_batch._function.asset import write_asset; "
    command = [sys.executable, "-c", f"{code}write_asset(Path(sys.argv[1]))", str(folder)]
    cost_of(command, trial.builds[build].environment())
    return folder


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


def run(trial: Trial, aws: RunningAws, code: str, url: str, asset: Path, **compiling: str) -> Cost:
    """Run code in a fresh process."""
    environment = trial.builds[NOW].environment() | aws.settings() | {"PYTHONPATH": str(asset)} | compiling
    return cost_of([sys.executable, "-P", "-c", code, json.dumps(event(url))], environment)


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
