"""What a function prints: bytes that are no text end the thread of ministack's that reads it.

From then on nobody does: the function waits for ever once the pipe is full. Seen in ministack 1.5.33.
"""

import subprocess
from typing import Any

from ministack.core import lambda_runtime

from bedrock_local.emulator.seen import Seen

NEEDS = ("core.lambda_runtime.subprocess",)


def read_any_output() -> None:
    """Read on, with a mark in place of what is no text, as CloudWatch Logs shows it."""

    def start(*command: Any, **options: Any) -> subprocess.Popen[Any]:  # noqa: ANN401 -- Popen's
        if options.get("text"):
            options |= {"encoding": "utf-8", "errors": "replace"}
        return subprocess.Popen(*command, **options)  # noqa: S603 -- what ministack starts

    lambda_runtime.subprocess = Seen(subprocess, Popen=start)
