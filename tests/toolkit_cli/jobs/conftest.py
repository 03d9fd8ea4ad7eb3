"""A local AWS with jobs that have ended in different ways, and the command that looks at them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.environment import aws_settings, isolated
from bedrock_local.faults import Faults
from bedrock_local.local_aws import LocalAws as Product
from tests.local_aws.conftest import LocalAws, records

TOOLKIT = Path(__file__).parents[3] / "toolkit"


@dataclass(frozen=True)
class World:
    """The local AWS, one bucket in it, what can go wrong there, and the folder of its state."""

    aws: LocalAws
    faults: Faults
    bucket: str
    role: str
    directory: Path

    def put(self, key: str, content: bytes) -> None:
        self.aws.client("s3").put_object(Bucket=self.bucket, Key=key, Body=content)

    def start(self, key: str, **changes: Any) -> str:
        """Create a job over an object, or over a folder."""
        source = {"s3InputDataConfig": {"s3Uri": f"s3://{self.bucket}/{key}"}}
        return self.aws.start(self.bucket, **{"roleArn": self.role, "inputDataConfig": source, **changes})

    def run(self, key: str, **changes: Any) -> str:
        """Create a job and see it through."""
        arn = self.start(key, **changes)
        self.aws.end(arn)
        return arn

    def command(self, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bedrock_batch.cli", *arguments]
        return subprocess.run(
            command, cwd=folder, env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )

    @property
    def environment(self) -> dict[str, str]:
        return {**isolated(os.environ, aws_settings(self.aws.url, self.aws.secret)), "PYTHONPATH": str(TOOLKIT)}


def turn(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"text": text}]}]}


def lines(*items: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


def id_of(arn: str) -> str:
    return arn.rpartition("/")[2]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settled = {"role_propagation": 0}
    directory = tmp_path_factory.mktemp("jobs")
    with Product(model="echo", directory=directory, speed="instant", behaviours=settled, admin=True) as running:
        aws = LocalAws(running.endpoint_url, running.secret)
        bucket = aws.bucket({"in.jsonl": records(120), "few.jsonl": records(3)})
        made = World(aws, running.faults, bucket, aws.service_role(bucket), directory)
        # Two files, one of them in a folder; a record that the model refuses, and two without ids.
        made.put("in/a.jsonl", records(100) + lines({"recordId": "odd", "modelInput": {"prompt": "no"}}))
        made.put("in/deep/b.jsonl", lines({"modelInput": turn("first")}, {"modelInput": turn("<b>second</b>")}))
        yield made


@pytest.fixture(autouse=True)
def nothing_goes_wrong(world: World) -> Iterator[None]:
    yield
    world.faults.clear()


@pytest.fixture(scope="session")
def done(world: World) -> str:
    """A job whose records all succeeded."""
    return world.run("in.jsonl", jobName="good-job")


@pytest.fixture(scope="session")
def mixed(world: World) -> str:
    """A job over a folder, with a record that failed."""
    return world.run("in/", jobName="mixed-job")


@pytest.fixture(scope="session")
def failed(world: World) -> str:
    """A job with too few records."""
    return world.run("few.jsonl", jobName="failed-job")
