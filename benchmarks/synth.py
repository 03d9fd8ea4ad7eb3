"""How long synth takes, beside the same stack written by hand with CDK's ``AwsCustomResource``.

Each app runs in fresh processes, in turn, from Python's start to the written template: a role, two buckets, the records
as an asset, a job that is created and stopped, and logs that go with the stack. Then what each further job of a stack
adds. Run it with ``make bench``. A job may take no longer than by hand; each further one 15 ms and 3 resources, with a
shared role 1. What comes on top is shared: CDK splits a policy that grows too large, every twenty jobs or so.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROUNDS = 7
FURTHER = 50
MOST_MS = 15
MOST_RESOURCES = {"own role": 3, "shared role": 1}

JOBS = """
import sys
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

folder, jobs, shared = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "shared role"
app = App(outdir=f"{folder}/cdk.out")
stack = Stack(app, "Benchmark")
role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com")) if shared else None
for number in range(jobs):
    ModelInvocationJob(stack, f"Job{number}",
        model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
        input_data=InputData.from_file(f"{folder}/prompts-{number}.jsonl"),
        role=role)
app.synth()
"""

BY_HAND = """
import sys
from aws_cdk import App, Aws, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import custom_resources as cr

folder, jobs = sys.argv[1], int(sys.argv[2])
app = App(outdir=f"{folder}/cdk.out")
stack = Stack(app, "Benchmark")
source, target = (
    s3.Bucket(stack, name, enforce_ssl=True, block_public_access=s3.BlockPublicAccess.BLOCK_ALL)
    for name in ("Input", "Output")
)
model = f"arn:{Aws.PARTITION}:bedrock:{Aws.REGION}::foundation-model/amazon.nova-lite-v1:0"
log_group = logs.LogGroup(stack, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY)
for number in range(jobs):
    records = s3_assets.Asset(stack, f"Records{number}", path=f"{folder}/prompts-{number}.jsonl")
    role = iam.Role(stack, f"Role{number}", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    records.grant_read(role)
    source.grant_read(role)
    target.grant_write(role)
    role.add_to_policy(iam.PolicyStatement(actions=["bedrock:InvokeModel"], resources=[model]))
    job = cr.AwsCustomResource(
        stack, f"Job{number}",
        timeout=Duration.minutes(5),
        install_latest_aws_sdk=False,
        log_group=log_group,
        on_create=cr.AwsSdkCall(
            service="bedrock", action="CreateModelInvocationJob",
            parameters={
                "jobName": f"benchmark-{number}", "roleArn": role.role_arn, "modelId": "amazon.nova-lite-v1:0",
                "inputDataConfig": {"s3InputDataConfig": {"s3Uri": records.s3_object_url}},
                "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": target.s3_url_for_object(f"out/{number}/")}},
            },
            physical_resource_id=cr.PhysicalResourceId.from_response("jobArn"),
        ),
        on_delete=cr.AwsSdkCall(
            service="bedrock", action="StopModelInvocationJob",
            parameters={"jobIdentifier": cr.PhysicalResourceIdReference()},
            ignore_error_codes_matching="ConflictException",
        ),
        policy=cr.AwsCustomResourcePolicy.from_statements([
            iam.PolicyStatement(
                actions=["bedrock:CreateModelInvocationJob", "bedrock:StopModelInvocationJob"], resources=["*"]
            ),
            iam.PolicyStatement(actions=["iam:PassRole"], resources=[role.role_arn]),
        ]),
    )
    CfnOutput(stack, f"JobArn{number}", value=job.get_response_field("jobArn"))
app.synth()
"""


@dataclass(frozen=True)
class Synth:
    """One run of an app."""

    seconds: float
    resources: int


def main() -> None:
    """Measure in turn, print two tables, exit with 1 if a bound is broken."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_records(folder)
        runs: dict[str, list[Synth]] = {}
        for _ in range(ROUNDS):
            for jobs in (1, 1 + FURTHER):
                runs.setdefault(f"{jobs}, by hand", []).append(synth(BY_HAND, folder, str(jobs)))
                for role in MOST_RESOURCES:
                    runs.setdefault(f"{jobs}, {role}", []).append(synth(JOBS, folder, str(jobs), role))
    sys.exit(report(runs))


def write_records(folder: Path) -> None:
    """Write a file for each job, as small as Bedrock takes one."""
    for number in range(1 + FURTHER):
        body = {"messages": [{"role": "user", "content": [{"text": f"Say hello to {number}"}]}]}
        lines = (json.dumps({"recordId": f"r{record}", "modelInput": body}) + "\n" for record in range(100))
        (folder / f"prompts-{number}.jsonl").write_text("".join(lines), encoding="utf-8")


def synth(app: str, folder: Path, *arguments: str) -> Synth:
    """Run an app in a fresh process, with the Node that is installed beside it."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 (this interpreter, on the apps above)
        [sys.executable, "-c", app, str(folder), *arguments], env=environment, capture_output=True, check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stderr.decode())
    template = json.loads((folder / "cdk.out" / "Benchmark.template.json").read_text(encoding="utf-8"))
    return Synth(seconds, len(template["Resources"]))


def report(runs: dict[str, list[Synth]]) -> int:
    """Print what was measured; return the exit code."""
    median = {name: statistics.median(run.seconds for run in of) for name, of in runs.items()}
    whole = Table("stack", "median s", "fastest s", "slowest s", "resources", title=f"synth, {ROUNDS} fresh processes")
    for name, of in runs.items():
        seconds = [run.seconds for run in of]
        row = (f"{value:.2f}" for value in (median[name], min(seconds), max(seconds)))
        whole.add_row(name, *row, str(of[0].resources))
    further = Table("each further job", "ms", "at most", "resources", "at most")
    good = median["1, own role"] <= median["1, by hand"]
    for role in (*MOST_RESOURCES, "by hand"):
        one, many = f"1, {role}", f"{1 + FURTHER}, {role}"
        ms = (median[many] - median[one]) * 1000 / FURTHER
        resources = (runs[many][0].resources - runs[one][0].resources) / FURTHER
        most = MOST_RESOURCES.get(role)
        further.add_row(role, f"{ms:.1f}", str(MOST_MS) if most else "", f"{resources:g}", str(most or ""))
        good &= most is None or (ms < MOST_MS and int(resources) <= most)
    console = Console()
    console.print(whole)
    console.print(further)
    console.print(f"one job / by hand: {median['1, own role'] / median['1, by hand']:.2f} (at most 1)")
    return 0 if good else 1


if __name__ == "__main__":
    main()
