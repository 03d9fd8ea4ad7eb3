"""The command, run as a user runs it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TOOLKIT = Path(__file__).parents[2] / "toolkit"


def bedrock_batch(*arguments: str | Path, **environment: str) -> Any:
    """Run ``bedrock-batch`` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bedrock_batch.cli", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(TOOLKIT)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
