"""A disk without room for more, as a limit on the size of files: it needs no privilege, and can be taken away."""

import resource
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bedrock_local.running import RunningAws
from tests.local_aws.program import ENVIRONMENT

SMALL = 256 * 1024


@contextmanager
def full_disk(aws: RunningAws, room: int = SMALL) -> Iterator[None]:
    """A local AWS that runs, and what it starts, can write no file that is larger than this."""
    before = resource.prlimit(aws.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    yield
    resource.prlimit(aws.pid, resource.RLIMIT_FSIZE, before)


def run_on_a_full_disk(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that can write nothing to any file."""
    script = f"ulimit -f 0; exec {shlex.join(command)}"
    return subprocess.run(
        ["sh", "-c", script],
        cwd=folder,
        # Python would leave half a module's bytecode behind.
        env=ENVIRONMENT | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
