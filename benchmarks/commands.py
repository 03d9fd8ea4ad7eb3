"""How long common commands of the toolkit take, from their start to their end, beside the build before.

Of a job with 1,000 records in a local AWS, whose own time is not counted: it is processor time of the command alone.
"""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from comparison.cost import Cost, cost_of
from comparison.row import Row, Turns
from comparison.trial import BEFORE, NOW, Trial
from local_throughput import BEHAVIOURS, BUCKET, make_role, records, run_job

ROUNDS, RECORDS = 15, 1_000
AT_MOST = 0.7


def rows(trial: Trial) -> Iterator[Row]:
    """Run each with both builds in turn."""
    with LocalAws(model="echo", directory=trial.folder / "aws", behaviours=BEHAVIOURS) as aws:
        job = ended_job(aws)
        for name, arguments in commands(job, f"{trial.folder}/results.jsonl").items():
            ways: dict[str, Callable[[], Cost]] = {
                f"{name}{suffix}": partial(run, trial, build, aws, arguments)
                for build, suffix in ((NOW, ""), (BEFORE, f", {BEFORE}"))
            }
            turns = Turns.take("commands", ways, trial.rounds(ROUNDS))
            yield turns.row(name, f"{name}, {BEFORE}", at_most=AT_MOST)


def commands(job: str, output: str) -> dict[str, list[str]]:
    """Return the command lines."""
    return {
        "list": ["list"],
        "status": ["status", job],
        "results": ["results", job, "--output", output],
    }


def run(trial: Trial, build: str, aws: RunningAws, arguments: list[str]) -> Cost:
    """Run one command line."""
    environment = trial.builds[build].environment() | aws.settings()
    return cost_of([sys.executable, "-m", "bedrock_batch.cli", *arguments], environment)


def ended_job(aws: RunningAws) -> str:
    """Run a job to its end; return its id."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="in.jsonl", Body=b"".join(records(RECORDS)))
    job = run_job(aws, make_role(aws))
    found = s3.get_object(Bucket=BUCKET, Key=f"out/{job}/manifest.json.out")["Body"].read()
    assert json.loads(found)["successRecordCount"] == RECORDS  # noqa: S101 - what is measured shall be what is said
    return job
