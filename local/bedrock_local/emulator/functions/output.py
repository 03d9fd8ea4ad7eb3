"""What a function prints, and what it answers.

Bytes that are no text end the thread of ministack's that reads what it prints. From then on nobody does: the function
waits for ever once the pipe is full. What programs print that it starts comes where its answer is looked for, in the
first 200 lines: BucketDeployment has its AWS CLI print a line for each file. And ministack waits a few milliseconds for
what a function has printed: on a busy machine the last lines come after the log was written, and are in none.
Seen in ministack 1.5.33.
"""

import queue
import secrets
import subprocess
import time
from typing import Any

from ministack.core import lambda_runtime

from bedrock_local.emulator.functions.first_lines import run_first
from bedrock_local.emulator.seen import Seen

NEEDS = (
    "core.lambda_runtime.subprocess",
    "core.lambda_runtime.Worker._drain_stderr_bounded",
)

#: What a function's process prints before it answers: all that it has printed until then is before it.
_END = f"\x1e{secrets.token_hex(8)}"
# Only where the function has closed its standard error does no end come.
_END_SECONDS = 5
_PAUSE_SECONDS = 0.05

# Answers go where standard output went, and it goes where standard error does: nobody else has that place.
_ANSWERS_APART = {
    "python": f"""import os, sys
class _Answers:
    def __init__(self):
        self.place = os.fdopen(os.dup(1), "w")
    def write(self, text):
        if not text.startswith('{{"status": "ready"'):
            sys.__stderr__.flush()
            try:
                os.write(2, b"{_END}\\n")
            except OSError:
                pass
        self.place.write(text)
    def flush(self):
        self.place.flush()
sys.stdout = _Answers()
os.dup2(2, 1)
""",
    "nodejs": f"""{{
const fs = require("fs"), {{ writeSync }} = fs, answers = fs.openSync("/dev/fd/1", "w");
fs.closeSync(1);
fs.openSync("/dev/fd/2", "w");
process.stdout.write = (answer) => {{
  if (!answer.startsWith('{{"status":"ready"')) {{
    try {{ writeSync(2, "{_END}\\n"); }} catch {{}}
  }}
  for (let rest = Buffer.from(answer); rest.length;) rest = rest.subarray(writeSync(answers, rest));
}};
}}
""",
}


def read_any_output() -> None:
    """Read on, with a mark in place of what is no text, as CloudWatch Logs shows it; and all of it as printed."""
    for runtimes, line in _ANSWERS_APART.items():
        run_first(runtimes, line)

    def start(*command: Any, **options: Any) -> subprocess.Popen[Any]:  # noqa: ANN401 -- Popen's
        if options.get("text"):
            options |= {"encoding": "utf-8", "errors": "replace"}
        return subprocess.Popen(*command, **options)  # noqa: S603 -- what ministack starts

    lambda_runtime.subprocess = Seen(subprocess, Popen=start)
    bounded = lambda_runtime.Worker._drain_stderr_bounded  # noqa: SLF001 -- no public way in

    def drain(worker: Any, **waits: float) -> str:  # noqa: ANN401 -- ministack's
        # Programs of runtimes of their own run without our first lines.
        own = isinstance(worker, lambda_runtime.ProvidedWorker)
        return str(bounded(worker, **waits)) if own else _until_the_end(worker)

    lambda_runtime.Worker._drain_stderr_bounded = drain  # noqa: SLF001 -- the same


def _until_the_end(worker: Any) -> str:  # noqa: ANN401 -- ministack's
    """Return what a function has printed until it answered."""
    lines: list[str] = []
    deadline = time.monotonic() + _END_SECONDS
    while time.monotonic() < deadline:
        try:
            line = worker._stderr_queue.get(timeout=_PAUSE_SECONDS)  # noqa: SLF001 -- no public way in
        except queue.Empty:
            if not worker._stderr_thread.is_alive():  # noqa: SLF001 -- the same
                break
            continue
        if line.endswith(_END):
            # What was printed without an end of its line stands before it.
            return "\n".join([*lines, line.removesuffix(_END)])
        lines.append(line)
    return "\n".join(lines)
