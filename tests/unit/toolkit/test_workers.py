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
from bedrock_batch.files.workers import in_order, spread, started
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


def test_each_task_is_done_once() -> None:
    assert sorted(spread(operator.neg, range(20), 3)) == [(number, -number) for number in range(20)]


def test_outcomes_come_in_the_order_of_the_tasks() -> None:
    with started(time.sleep, 2) as two, started(operator.neg, 3) as three:
        assert list(in_order(two, [0.2, 0, 0, 0, 0, 0, 0])) == [None] * 7
        assert list(in_order(three, range(20))) == [-number for number in range(20)]


def test_no_task_begins_far_before_one_that_is_not_done() -> None:
    done = [position for position, _ in spread(time.sleep, [0.5, *[0] * 20], 2, ahead=3)]
    assert done.index(0) < 3


def test_more_processes_than_tasks_and_none_at_all_are_no_trouble() -> None:
    assert list(spread(operator.neg, [1], 5)) == [(0, -1)]
    assert list(spread(operator.neg, [], 5)) == []


def test_an_error_of_the_work_is_one_of_its_starter() -> None:
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        list(spread(math.sqrt, [4, -1], 2))


def test_a_process_that_ends_early_is_told() -> None:
    with pytest.raises(ChildProcessError, match="was killed, as by a system out of memory; give it less at once"):
        list(spread(os._exit, [0], 1))


def test_a_process_that_ends_before_it_has_work_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", "")
    send = Connection.send
    # There is something to read as soon as it has ended: the end.
    monkeypatch.setattr(Connection, "send", lambda worker, value: worker.poll(None) and send(worker, value))
    with pytest.raises(ChildProcessError, match="was killed"):
        list(spread(operator.neg, [1], 1))


def children() -> set[str]:
    return {
        process for task in Path("/proc/self/task").iterdir() for process in (task / "children").read_text().split()
    }


def test_they_end_with_the_iterator() -> None:
    before = children()
    shared = spread(operator.neg, range(20), 2)
    next(shared)
    assert len(children() - before) == 2
    shared.close()
    assert children() <= before


def test_they_end_when_nothing_is_given_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedrock_batch.results.output.files._WORTH_A_PROCESS", 0)
    (tmp_path / "in.jsonl.out").touch()
    before = children()
    with pytest.raises(ResultsError, match="no such file"), open_local_results(tmp_path, [tmp_path / "b"], processes=2):
        pass
    assert children() <= before
