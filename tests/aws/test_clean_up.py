"""However a run ends, its own is taken away."""

import signal
import time
from typing import TYPE_CHECKING

from .conftest import Suite
from .own import PREFIX, WORLD

if TYPE_CHECKING:
    import subprocess

_PATIENCE = 600


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    """Read what it says until it says this."""
    said = ""
    for line in process.stdout or ():
        said += line
        if words in line:
            return said
    raise AssertionError(said)


def rest(process: "subprocess.Popen[str]") -> str:
    return process.communicate(timeout=_PATIENCE)[0]


def in_full_swing(suite: Suite) -> bool:
    """Whether jobs live and a stack of the app is being made."""
    found = suite.inventory()
    return len(found["jobs"]) > 4 and f"{PREFIX}Quickstart" in found["stacks"]


def test_ctrl_c_in_the_middle_leaves_nothing(suite: Suite) -> None:
    before = suite.inventory()
    with suite.aws.faults.hold("Validating", job_name=PREFIX), suite.start("--yes") as process:
        read_until(process, "deploying the stacks")
        deadline = time.monotonic() + _PATIENCE
        while not in_full_swing(suite):
            assert time.monotonic() < deadline, suite.inventory()
            time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        said = rest(process)
    assert process.returncode == 130, said
    assert "interrupted; cleaning up" in said
    assert "Traceback" not in said
    assert suite.inventory() == before, said
    assert list(suite.fixtures.iterdir()) == []


def test_what_an_interrupted_clean_up_leaves_is_taken_away_when_asked(suite: Suite) -> None:
    before = suite.inventory()
    with suite.start("--yes") as process:
        read_until(process, "deploying the stacks")
        process.send_signal(signal.SIGTERM)
        read_until(process, "taking away")
        process.send_signal(signal.SIGINT)
        said = rest(process)
    assert process.returncode == 130
    assert said.endswith("test-aws: the clean-up was interrupted; finish it with CLEAN=1\n")
    assert suite.inventory() != before
    with suite.start("--yes", "--clean") as process:
        said = rest(process)
    assert process.returncode == 0, said
    assert "records at most" not in said
    assert suite.inventory() == before, said


def test_a_failure_on_the_way_is_said_and_leaves_nothing(suite: Suite) -> None:
    """Somebody else has a stack of the name that the suite needs."""
    client = suite.clients["cloudformation"]
    template = '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}'
    client.create_stack(StackName=WORLD, TemplateBody=template)
    before = suite.inventory()
    with suite.start("--yes") as process:
        said = rest(process)
    assert process.returncode == 1
    assert said.splitlines()[-1].startswith("test-aws: ")
    assert f"{WORLD}" in said.splitlines()[-1]
    assert "Traceback" not in said
    assert suite.inventory() == before
    client.delete_stack(StackName=WORLD)
