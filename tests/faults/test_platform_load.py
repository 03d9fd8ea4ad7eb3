"""The platform under load, and without a log."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .aws import Aws, properties
from .front import Exchange, Response
from .other_functions import function_of, serving_stacks
from .replies import THROTTLED

OPERATIONS = [f"{verb}ModelInvocationJob" for verb in ("Create", "Get")] + ["ListModelInvocationJobs"]
STACKS = 50


def test_L08_fifty_stacks_at_once_have_a_job_each(aws: Aws) -> None:
    """Bedrock throttles every third call; each stack ends, with its one job."""
    turns = itertools.count()

    def busy(exchange: Exchange) -> Response:
        return (next(turns) % 3 == 0 and THROTTLED(exchange)) or exchange.commit()

    for operation in OPERATIONS:
        aws.front.always(operation, busy)
    stacks = [aws.stack() for _ in range(STACKS)]
    template = {"Job": {**properties(), "WaitUntil": "SUBMITTED"}}
    with ThreadPoolExecutor(STACKS) as pool:
        assert list(pool.map(lambda stack: stack.deploy(template), stacks)) == ["CREATE_COMPLETE"] * STACKS
    assert {stack.resources["Job"].physical_id for stack in stacks} == {job.arn for job in aws.bedrock.jobs}
    assert len(aws.bedrock.jobs) == STACKS


NO_LOG = """
import logging, os, sys
class Broken:
    def write(self, *_):
        raise OSError("no space left on device")
    flush = write
sys.stdout = sys.stderr = Broken()
for handler in logging.getLogger().handlers:
    handler.stream = Broken()
os.close(1)
"""


def test_L09_a_function_that_cannot_write_its_log_answers(aws: Aws, tmp_path: Path) -> None:
    """Standard output is closed and every line of the log fails: the job is made, stopped and answered for."""
    with function_of(aws, tmp_path, "sabotaged", {"SABOTAGE": NO_LOG}) as function, serving_stacks(aws, function):
        stack = aws.stack()
        assert stack.deploy({"Job": properties()}) == "CREATE_COMPLETE"
        assert stack.destroy() == "DELETE_COMPLETE"
        assert "created a job" not in function.log
