"""Run `bedrock-local` as a user does."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "bedrock_local.command.cli"]
PATH = os.pathsep.join([str(CHECKOUT / "node_modules" / ".bin"), os.environ["PATH"]])
# Of a user with a real account, whose profile must not count.
ENVIRONMENT = {**os.environ, "PATH": PATH, "COLUMNS": "100", "AWS_PROFILE": "production"}


def bedrock_local(
    *arguments: str, folder: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment or ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@contextmanager
def started(arguments: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
