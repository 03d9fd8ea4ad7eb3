"""The suite itself, tried against a local AWS: the same program, told of another endpoint."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.environment import ACCOUNT, REGION
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.unit.toolkit.prices.recorded import LATER, items

from .own import ENDED

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Suite:
    """The program, and the account that it is told of.

    Attributes
    ----------
    prices
        The address of a price list, which the local AWS does not have.
    """

    aws: RunningAws
    prices: str
    fixtures: Path

    def start(self, *options: str) -> "subprocess.Popen[str]":
        """Start it, as make does."""
        command = [sys.executable, "-m", "tests.aws", "--account", ACCOUNT, "--region", REGION]
        return subprocess.Popen(
            [*command, "--fixtures", str(self.fixtures), *options],
            cwd=ROOT,
            env=self.aws.environment() | {"AWS_ENDPOINT_URL_PRICING": self.prices},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @cached_property
    def clients(self) -> Mapping[str, Any]:
        names = ("s3", "iam", "sqs", "events", "lambda", "logs", "bedrock", "cloudformation")
        return {name: self.aws.client(name) for name in names}

    def inventory(self) -> dict[str, set[str]]:
        """All that is there, and could be left."""
        of = self.clients
        stacks = of["cloudformation"].describe_stacks()["Stacks"]
        jobs = of["bedrock"].list_model_invocation_jobs(maxResults=1000)["invocationJobSummaries"]
        return {
            "stacks": {each["StackName"] for each in stacks if each["StackStatus"] != "DELETE_COMPLETE"},
            "buckets": {each["Name"] for each in of["s3"].list_buckets()["Buckets"]},
            "roles": {each["RoleName"] for each in of["iam"].list_roles()["Roles"]},
            "queues": set(of["sqs"].list_queues().get("QueueUrls", [])),
            "rules": {each["Name"] for each in of["events"].list_rules()["Rules"]},
            "functions": {each["FunctionName"] for each in of["lambda"].list_functions()["Functions"]},
            "logs": {each["logGroupName"] for each in of["logs"].describe_log_groups()["logGroups"]},
            "jobs": {each["jobName"] for each in jobs if each["status"] not in ENDED},
        }

    @property
    def identifiers(self) -> set[str]:
        """What tells of this account: its number, and the ids and names of all jobs that there ever were."""
        jobs = self.clients["bedrock"].list_model_invocation_jobs(maxResults=1000)["invocationJobSummaries"]
        named = {each for job in jobs for each in (job["jobName"], job["jobArn"].rpartition("/")[2])}
        return {ACCOUNT, *named}


class _PriceList(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps(
            {"FormatVersion": "aws_v1", "PriceList": [json.dumps(item) for item in items(LATER)]}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def prices() -> Iterator[str]:
    """AWS's Price List, asked."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _PriceList) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def suite(prices: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    os.environ.pop("AWS_PROFILE", None)
    folder = tmp_path_factory.mktemp("local-aws")
    with LocalAws(model="echo", directory=folder, speed=500, admin=True) as aws:
        yield Suite(aws, prices, tmp_path_factory.mktemp("fixtures"))
