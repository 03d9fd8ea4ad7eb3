"""What is printed stands there once, whenever somebody interrupts."""

import subprocess
import sys
from pathlib import Path

TOOLKIT = Path(__file__).parents[3] / "toolkit"
#: Is interrupted as soon as a line has been written, before whoever wrote it knows.
PROGRAM = """
import sys
from bedrock_batch.standard_streams import leave_streams, open_streams

def interrupt(frame, event, called):
    if event == "c_return" and called.__name__ == MOMENT:
        sys.setprofile(None)
        raise KeyboardInterrupt

open_streams()
sys.setprofile(interrupt)
try:
    print("a line", flush=True)
except KeyboardInterrupt:
    print("interrupted")
leave_streams()
"""


def printed(moment: str) -> str:
    program = PROGRAM.replace("MOMENT", repr(moment))
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env={"PYTHONPATH": str(TOOLKIT)}, capture_output=True, text=True, check=True).stdout


def test_a_line_that_was_written_is_not_written_again() -> None:
    assert printed("write") == "a line\ninterrupted\n"
    assert printed("flush") == "a line\ninterrupted\n"
