"""A local AWS with a model that answers when it is told to, and the real CDK CLI in front of it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from aws_cdk import App, AssetStaging, Stack

from bedrock_local.cdk import CdkCli
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

REPOSITORY = Path(__file__).parents[2]
CDK = REPOSITORY / "node_modules" / ".bin" / "cdk"
DENIED_PATIENCE = 180


def app(path: Path, **parameters: object) -> Callable[[Stack], object]:
    def build(stack: Stack) -> ModelInvocationJob:
        return ModelInvocationJob(
            stack,
            "Job",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_file(str(path)),
            **parameters,
        )

    return build


class SlowModel:
    """An OpenAI-compatible server that takes its time while it is held, so that a job of many records stays live."""

    def __init__(self) -> None:
        self.released = Event()
        self.released.set()
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({"data": [{"id": "slow"}]})

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                model.released.wait(0.25)
                message = {"role": "assistant", "content": "An answer"}
                usage = {"prompt_tokens": 3, "completion_tokens": 2}
                self._answer({"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage})

            def _answer(self, answer: object) -> None:
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def hold(self) -> None:
        self.released.clear()

    def release(self) -> None:
        self.released.set()


@pytest.fixture(scope="session")
def _model() -> Iterator[SlowModel]:
    model = SlowModel()
    thread = Thread(target=model.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield model
    finally:
        model.release()
        model.server.shutdown()
        thread.join()
        model.server.server_close()


@pytest.fixture
def model(_model: SlowModel) -> Iterator[SlowModel]:
    yield _model
    _model.release()


@pytest.fixture(scope="session")
def aws(_model: SlowModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    directory = tmp_path_factory.mktemp("local-aws")
    with LocalAws(model=_model.url, directory=directory) as running:
        CdkCli(running, directory).bootstrap()
        yield running


class Deployments:
    """Deploys stacks that are built in Python, through the CDK CLI."""

    def __init__(self, aws: RunningAws, folder: Path) -> None:
        self._aws, self._folder = aws, folder
        self.cloudformation, self.bedrock = aws.client("cloudformation"), aws.client("bedrock")

    def deploy(self, build: Callable[[Stack], object], *, name: str, without: tuple[str, str] | None = None) -> str:
        """Deploy, and return what was printed; `without` takes an action away from a policy, named by its beginning."""
        assembly = self._folder / "cdk.out"
        # The hash of a file is remembered by its path, for the life of the process: a user's lives for one synth.
        AssetStaging.clear_asset_hash_cache()
        app = App(outdir=str(assembly))
        build(Stack(app, name))
        app.synth()
        if without:
            _take_away(*without, assembly / f"{name}.template.json")
        return self._cdk("deploy", "--require-approval", "never", "--app", str(assembly), name)

    def destroy(self, name: str) -> str:
        return self._cdk("destroy", "--force", "--app", str(self._folder / "cdk.out"), name)

    def jobs(self, name: str) -> dict[str, str]:
        """The statuses of the stack's jobs by ARN, oldest first: jobs are named after their stack."""
        pages = self.bedrock.get_paginator("list_model_invocation_jobs").paginate(nameContains=f"{name}-")
        jobs = [job for page in pages for job in page["invocationJobSummaries"]]
        return {job["jobArn"]: job["status"] for job in sorted(jobs, key=lambda job: job["submitTime"])}

    def job_arn(self, name: str) -> str:
        (stack,) = self.cloudformation.describe_stacks(StackName=name)["Stacks"]
        (output,) = stack["Outputs"]
        return str(output["OutputValue"])

    def reasons(self, name: str) -> str:
        """What the stack events say of failures."""
        events = self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        return "\n".join(e.get("ResourceStatusReason", "") for e in events if e["ResourceStatus"].endswith("FAILED"))

    def _cdk(self, *arguments: str) -> str:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {**self._aws.environment(), "PATH": path, "CDK_DISABLE_CLI_TELEMETRY": "true"}
        command = [str(CDK), *arguments, "--no-notices", "--ci"]
        done = subprocess.run(
            command,
            env=environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=DENIED_PATIENCE,
            check=False,
        )
        if done.returncode:
            raise DeploymentFailedError(done.stdout + done.stderr)
        return done.stdout + done.stderr


class DeploymentFailedError(Exception):
    """The CDK CLI ended with an error; the text is what it printed."""


def _take_away(policy: str, action: str, template: Path) -> None:
    content: dict[str, Any] = json.loads(template.read_text())
    (resource,) = (
        r
        for logical_id, r in content["Resources"].items()
        if r["Type"] == "AWS::IAM::Policy" and logical_id.startswith(policy)
    )
    document = resource["Properties"]["PolicyDocument"]
    kept = [statement for statement in document["Statement"] if action not in statement["Action"]]
    assert len(kept) < len(document["Statement"]), f"{policy} does not allow {action}"
    document["Statement"] = kept
    template.write_text(json.dumps(content))


@pytest.fixture
def deployments(aws: RunningAws, tmp_path: Path) -> Deployments:
    return Deployments(aws, tmp_path)
