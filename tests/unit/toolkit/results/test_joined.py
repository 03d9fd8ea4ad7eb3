"""Results beside their input: found, missing, unknown, repeated."""

import json
import random
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedrock_batch import ResultsError
from bedrock_batch.results.batch import Batch
from bedrock_batch.results.job_results import open_local_results
from bedrock_batch.results.output.files import open_files
from bedrock_batch.results.table.formats import open_writer
from tests.unit.toolkit.job_files import record, result, write


def places(output: Path, *inputs: Path) -> list[tuple[str | None, str, int | None]]:
    with open_local_results(output, inputs) as opened:
        return [(each.record_id, each.status, each.input_line) for each in opened.results]


def problems(output: Path, *inputs: Path) -> list[str]:
    with open_local_results(output, inputs) as opened:
        list(opened.results)
        return opened.disagreements()


NO_MANIFEST = "there is no manifest.json.out, which the service writes last: the output may not be whole"


def test_each_result_has_the_line_of_its_record(tmp_path: Path) -> None:
    prompts = write(tmp_path / "in.jsonl", record("a"), record("b"), record("c"))
    write(tmp_path / "out" / "in.jsonl.out", result("c"), result("a", error="refused"))
    assert places(tmp_path / "out", prompts) == [("c", "succeeded", 3), ("a", "failed", 1), ("b", "missing", 2)]
    assert problems(tmp_path / "out", prompts) == ['1 record of the input without a result: "b"', NO_MANIFEST]


def test_records_without_ids_are_found_by_what_they_ask(tmp_path: Path) -> None:
    prompts = write(tmp_path / "in.jsonl", record(None, "x"), record("a", "x"), record(None, "y"), record(None, "x"))
    out = [result("1", "x"), result("2", "x"), result("a", "x")]
    write(tmp_path / "out" / "in.jsonl.out", *out)
    found = [("1", "succeeded", 1), ("2", "succeeded", 4), ("a", "succeeded", 2), (None, "missing", 3)]
    assert places(tmp_path / "out", prompts) == found


@pytest.mark.parametrize("in_memory", [0, 1, 2, 3])
def test_records_with_one_id_are_all_found_and_a_result_too_many_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int
) -> None:
    monkeypatch.setattr("bedrock_batch.results.input.keys._IN_MEMORY", in_memory)
    prompts = write(tmp_path / "in.jsonl", record("a"), record("a"), record("a"))
    write(tmp_path / "out" / "in.jsonl.out", result("a"), result("a"), result("a"), result("a"))
    assert [line for _, _, line in places(tmp_path / "out", prompts)] == [1, 2, 3, None]
    assert problems(tmp_path / "out", prompts) == ['1 record more than once in the output: "a"', NO_MANIFEST]


def test_results_of_another_input_are_told(tmp_path: Path) -> None:
    prompts = write(tmp_path / "in.jsonl", record("a"))
    write(tmp_path / "out" / "in.jsonl.out", result("a"), result("x"))
    assert '1 record in the output that the input does not have: "x"' in problems(tmp_path / "out", prompts)
    write(tmp_path / "out" / "in.jsonl.out", result("x"), result("y"))
    with pytest.raises(ResultsError, match='none of the 2 results belongs to a record of this input: "x", "y"'):
        places(tmp_path / "out", prompts)


def test_counts_that_the_manifest_has_otherwise_are_told(tmp_path: Path) -> None:
    write(tmp_path / "out" / "in.jsonl.out", result("a"), result("b", error="refused"))
    counts = {"totalRecordCount": 5, "processedRecordCount": 5, "successRecordCount": 4, "errorRecordCount": 1}
    write(tmp_path / "out" / "manifest.json.out", counts)
    assert problems(tmp_path / "out") == ["the manifest counts 4 successful records, but the output files have 1"]


def test_halves_of_surrogate_pairs_are_replaced_on_both_sides(tmp_path: Path) -> None:
    prompts = write(tmp_path / "in.jsonl", record("a\ud800"), record("b"))
    write(tmp_path / "out" / "in.jsonl.out", result("a\ud800", "\ud83d!"))
    with open_local_results(tmp_path / "out", [prompts]) as opened:
        first = next(iter(opened.results))
    assert (first.record_id, first.text, first.input_line) == ("a\ufffd", "\ufffd!", 1)


def test_several_processes_read_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [
        write(tmp_path / f"{name}.jsonl.out", *(result(f"{name}{n}", "é" * n) for n in range(40))) for name in "ab"
    ]

    def read(processes: int) -> list[Batch]:
        with open_files(files, tmp_path, processes) as read:
            return list(read(lines=True))

    alone = list(chain.from_iterable(read(1)))
    monkeypatch.setattr("bedrock_batch.results.output.files._WORTH_A_PROCESS", 1)
    monkeypatch.setattr("bedrock_batch.results.output.chunk._CHUNK_BYTES", 97)
    monkeypatch.setattr("bedrock_batch.results.output.chunk._PART_BYTES", 64)
    together = list(chain.from_iterable(read(3)))
    assert [(each.record_id, each.text, each.model_input, each.model_output) for each in together] == [
        (each.record_id, each.text, each.model_input, each.model_output) for each in alone
    ]
    files[1].write_bytes(files[1].read_bytes() + b"{}\n")
    batches = read(3)
    (odd,) = [str(line) for batch in batches for line in batch.odd]
    assert odd.startswith("b.jsonl.out:41: has neither a 'modelOutput' nor an 'error'; ")
    assert sum(map(len, batches)) == 80


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("in_memory", [7, 500_000])
def test_a_table_has_the_same_rows_however_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int, in_memory: int
) -> None:
    monkeypatch.setattr("bedrock_batch.results.output.files._WORTH_A_PROCESS", 1)
    monkeypatch.setattr("bedrock_batch.results.output.chunk._CHUNK_BYTES", 500)
    monkeypatch.setattr("bedrock_batch.results.output.chunk._PART_BYTES", 200)
    monkeypatch.setattr("bedrock_batch.results.input.keys._IN_MEMORY", in_memory)
    prompts = write(tmp_path / "in.jsonl", *(record(f"r{n}", f"{n}") for n in range(30)))
    answers = [result(f"r{n}", f"{n}", None if n % 5 else "throttled") for n in reversed(range(30)) if n != 4]
    write(tmp_path / "out" / "in.jsonl.out", *answers)
    with (
        open_local_results(tmp_path / "out", [prompts], processes=processes, lines=False) as opened,
        open_writer(tmp_path / "table.jsonl") as writer,
    ):
        for batch in opened.results.batches():
            writer.write(batch)
    rows = [json.loads(line) for line in (tmp_path / "table.jsonl").read_text().splitlines()]
    assert [(row["record_id"], row["input_line"]) for row in rows] == [
        *((f"r{n}", n + 1) for n in reversed(range(30)) if n != 4),
        ("r4", 5),
    ]
    assert [row["text"] for row in rows] == [
        *(f"{n}" if n % 5 else None for n in reversed(range(30)) if n != 4),
        None,
    ]
    tally = opened.results.tally
    assert (tally.succeeded, tally.failed, tally.missing.examples) == (23, 6, ["r4"])


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ids=st.lists(st.one_of(st.none(), st.text(max_size=4)), min_size=1, max_size=30),
    kept=st.integers(0, 2**30 - 1),
    seed=st.integers(0, 9),
    in_memory=st.sampled_from([0, 1, 5, 500_000]),
)
def test_the_join_agrees_with_one_by_hand(
    tmp_path: Path, ids: list[str | None], kept: int, seed: int, in_memory: int
) -> None:
    prompts = write(tmp_path / "in.jsonl", *(record(each, f"{place}") for place, each in enumerate(ids)))
    answered = [place for place in range(len(ids)) if kept >> place & 1]
    lines = [result(ids[place] if ids[place] is not None else f"new id {place}", f"{place}") for place in answered]
    random.Random(seed).shuffle(lines)  # noqa: S311 - not a secret
    write(tmp_path / "out" / "in.jsonl.out", *lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bedrock_batch.results.input.keys._IN_MEMORY", in_memory)
        found = places(tmp_path / "out", prompts)
    assert sorted(line for _, _, line in found if line) == list(range(1, len(ids) + 1))
    # Each asks for the number of its place, and also several with one id are told apart by it.
    asked = [int(line["modelInput"]["prompt"]) for line in lines]
    assert [line for _, status, line in found if status == "succeeded"] == [place + 1 for place in asked]
    assert sum(status == "missing" for _, status, _ in found) == len(ids) - len(answered)
