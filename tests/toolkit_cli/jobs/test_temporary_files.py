"""What a job has left is copied to a temporary folder: where there is no room for it, that folder is named."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.toolkit_cli.jobs.conftest import World


@pytest.mark.usefixtures("done")
@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        (1, "{folder} (TMPDIR): File too large; make room there, or name another place"),
        (0, "no folder for temporary files can be written to; make room, or set TMPDIR to a folder that has some"),
    ],
)
@pytest.mark.parametrize("command", ["results", "report", "retry"])
def test_no_room_for_a_copy(world: World, command: str, blocks: int, sentence: str, tmp_path: Path) -> None:
    answer = subprocess.run(
        [
            "bash",
            "-c",
            f"ulimit -f {blocks}; exec {shlex.join([sys.executable, '-m', 'bedrock_batch.cli', command, 'good-job'])}",
        ],
        cwd=tmp_path,
        # Python would leave half a module's bytecode behind.
        env=world.environment | {"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 2, answer
    assert answer.stderr == f"bedrock-batch: {sentence.format(folder=tmp_path)}\n"
    assert list(tmp_path.iterdir()) == []
