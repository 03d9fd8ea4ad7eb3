"""The stacks of `app.py`, deployed by the CDK CLI."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local import held
from bedrock_local.programs import find_cdk, search_path

from .bench import Lab
from .own import PREFIX, TAG
from .records import GOOD

if TYPE_CHECKING:
    from subprocess import Popen

_APP = Path(__file__).with_name("app.py")
_LAST_LINES = 20
STACKS = ("Quickstart", "Finished")


class DeploymentFailedError(Exception):
    """The CDK CLI has failed; the message has its last words."""


def deploy(lab: Lab, folder: Path) -> Mapping[str, str]:
    """Deploy the stacks side by side, and return the ARN of each one's job."""
    (folder / "good.jsonl").write_bytes(GOOD)
    environment = dict(os.environ) | {"AWS_REGION": lab.world.account.region, "CDK_DISABLE_CLI_TELEMETRY": "true"}
    environment["PATH"] = search_path(environment)
    with (folder / "cdk.log").open("w", encoding="utf-8") as log:
        command = [
            find_cdk(environment["PATH"]),
            "deploy",
            "--all",
            "--concurrency",
            str(len(STACKS)),
            *_options(lab, folder),
        ]
        process = held.start(command, environment=environment, output=log, folder=folder)
        try:
            _wait(process, lab)
        finally:
            process.terminate()
            process.wait()
    if process.returncode:
        last = (folder / "cdk.log").read_text(encoding="utf-8").splitlines()[-_LAST_LINES:]
        raise DeploymentFailedError("\n".join(["the CDK CLI has failed:", *last]))
    return {name: _job_arn(lab, name) for name in STACKS}


def _wait(process: "Popen[bytes]", lab: Lab) -> None:
    while process.poll() is None:
        lab.sleep(0.5)


def _options(lab: Lab, folder: Path) -> list[str]:
    told = {
        "bucket": lab.world.bucket,
        "input": str(folder / "good.jsonl"),
        "model": lab.model,
        "prefix": PREFIX,
        "region": lab.world.account.region,
        "tag": TAG,
    }
    contexts = [part for name, value in told.items() for part in ("--context", f"{name}={value}")]
    app = ["--app", f"{sys.executable} {_APP}", "--output", str(folder / "cdk.out")]
    return [*app, *contexts, "--require-approval", "never", "--no-notices", "--ci"]


def _job_arn(lab: Lab, name: str) -> str:
    (stack,) = lab.world.account.client("cloudformation").describe_stacks(StackName=f"{PREFIX}{name}")["Stacks"]
    return next(str(each["OutputValue"]) for each in stack["Outputs"] if "JobArn" in each["OutputKey"])
