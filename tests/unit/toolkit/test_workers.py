"""Work that several processes share, whatever the program is that starts them."""

import json
import math
import operator
import os
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bedrock_batch import ResultsError
from bedrock_batch.files import workers
from bedrock_batch.files.workers import in_order, started
from bedrock_batch.results.job_results import open_local_results

TOOLKIT = Path(__file__).parents[3] / "toolkit"

# No guard, a thread, and warnings that are errors: a copy of this process would be warned of, and to run it again, as
# newer versions of Python do, would be an error.
PROGRAM = """
import multiprocessing, sys, threading, time
from pathlib import Path
from bedrock_batch import RecordLimits, check, read_results
from bedrock_batch.records.checking import job_check
from bedrock_batch.results.output import files
multiprocessing.set_start_method("spawn")
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
job_check._WORTH_A_PROCESS = files._WORTH_A_PROCESS = 0
folder = Path(sys.argv[1])
report = check([folder / "a.jsonl", folder / "b.jsonl"], limits=RecordLimits(min_records_per_job=1), processes=2)
print(report.records, report.ok, [result.record_id for result in read_results(folder, processes=2)])
"""


def test_a_program_with_threads_and_without_a_guard_is_neither_copied_nor_run_again(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.jsonl").write_text(f'{{"recordId": "{name}", "modelInput": {{}}}}\n')
        line = {"recordId": name, "modelInput": {}, "modelOutput": {"generation": "Hi"}}
        (tmp_path / f"{name}.jsonl.out").write_text(json.dumps(line) + "\n")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    run = subprocess.run(
        [sys.executable, "-W", "error", program, tmp_path],
        env=os.environ | {"PYTHONPATH": str(TOOLKIT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr) == ("2 True ['a', 'b']\n", "")


def test_outcomes_come_in_the_order_of_the_tasks() -> None:
    with started(time.sleep, 2) as two, started(operator.neg, 3) as three:
        assert list(in_order(two, [0.2, 0, 0, 0, 0, 0, 0])) == [None] * 7
        assert list(in_order(three, range(20))) == [-number for number in range(20)]


def test_no_task_begins_far_before_one_that_is_not_done(tmp_path: Path) -> None:
    begun = [tmp_path / str(number) for number in range(20)]
    slow, *quick = [f"touch {file}" for file in begun]
    with started(os.system, 2) as two:
        outcomes = in_order(two, [f"sleep 0.5; {slow}", *quick])
        next(outcomes)
        assert not begun[-1].exists()
        assert list(outcomes) == [0] * 19
    assert begun[-1].exists()


def test_more_processes_than_tasks_and_none_at_all_are_no_trouble() -> None:
    with started(operator.neg, 5) as workers:
        assert list(in_order(workers, [1])) == [-1]
    with started(operator.neg, 2) as workers:
        assert list(in_order(workers, [])) == []


def test_what_two_of_them_hash_can_be_compared() -> None:
    with started(hash, 2) as two:
        assert len({number for one in two for number in in_order([one], ["a"])}) == 1


def test_an_error_of_the_work_is_one_of_its_starter() -> None:
    with started(math.sqrt, 2) as two, pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        list(in_order(two, [4, -1]))


def test_a_process_that_ends_early_is_told() -> None:
    killed = "was killed, as by a system out of memory; give it less at once"
    with started(os._exit, 1) as one, pytest.raises(ChildProcessError, match=killed):
        list(in_order(one, [0]))


def test_a_process_that_ends_before_it_has_work_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", "")
    send = Connection.send
    # There is something to read as soon as it has ended: the end.
    monkeypatch.setattr(Connection, "send", lambda worker, value: worker.poll(None) and send(worker, value))
    with pytest.raises(ChildProcessError, match="was killed"), started(operator.neg, 1):
        pass


def children() -> set[str]:
    return {
        process for task in Path("/proc/self/task").iterdir() for process in (task / "children").read_text().split()
    }


def test_they_end_in_the_middle_of_their_work() -> None:
    before = children()
    with started(operator.neg, 2) as two:
        next(in_order(two, range(20)))
        assert len(children() - before) == 2
    assert children() <= before


def test_they_end_when_nothing_is_given_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedrock_batch.results.output.files._WORTH_A_PROCESS", 0)
    (tmp_path / "in.jsonl.out").touch()
    before = children()
    with pytest.raises(ResultsError, match="no such file"), open_local_results(tmp_path, [tmp_path / "b"], processes=2):
        pass
    assert children() <= before
