"""Results in the order of the input."""

import random
from pathlib import Path

import pytest

from bedrock_batch import ResultsError, in_input_order, open_local_results, open_writer
from tests.unit.toolkit.job_files import record, result, write


@pytest.mark.parametrize("seed", range(5))
def test_results_come_in_the_order_of_the_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr("bedrock_batch.results.input_order._BATCH_RESULTS", 3)
    monkeypatch.setattr("bedrock_batch.results.output.chunk._PART_BYTES", 200)
    ids = [f"{name}{n}" for name in ("a", "b", "deep/c") for n in range(20)]
    for name in ("a", "b", "deep/c"):
        # A blank line and one that is no record take no place.
        file = write(tmp_path / "in" / f"{name}.jsonl", *(record(each) for each in ids if each.startswith(name)))
        file.write_bytes(b"\n{\n" + file.read_bytes())
    chance = random.Random(seed)  # noqa: S311 - not a secret
    answered = chance.sample(ids, 50)
    lines = [result(each, each, chance.choice([None, "refused"])) for each in answered]
    write(tmp_path / "out" / "x.jsonl.out", *lines[:25], result("unknown"))
    write(tmp_path / "out" / "y.jsonl.out", *lines[25:], result(answered[0], "again"))
    with open_local_results(tmp_path / "out", [tmp_path / "in"]) as opened:
        found = [each for batch in in_input_order(opened) for each in batch]
        assert opened.results.tally.odd_input_lines.count == 3
    assert [each.record_id for each in found] == [*ids, "unknown", answered[0]]
    missing = [each.record_id for each in found if each.status == "missing"]
    assert missing == [each for each in ids if each not in answered]
    assert {each.input_file for each in found[40:60]} == {"deep/c.jsonl"}
    assert [each.input_line for each in found[:20]] == list(range(3, 23))


def test_without_the_input_there_is_no_order(tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl.out", result("a"))
    with (
        open_local_results(tmp_path) as opened,
        pytest.raises(ResultsError, match="cannot be told without the input: it is not given"),
    ):
        next(in_input_order(opened))


@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_a_name_that_is_not_utf_8_stands_in_every_table(tmp_path: Path, format: str) -> None:
    for name in ("\udcff", "\udcfe"):
        write(tmp_path / "in" / f"{name}.jsonl", record(f"in {name!a}"))
    write(tmp_path / "out" / "\udcff.jsonl.out", *(result(f"in {name!a}") for name in ("\udcff", "\udcfe")))
    with open_local_results(tmp_path / "out", [tmp_path / "in"]) as opened:
        with open_writer(tmp_path / f"table.{format}") as writer:
            for batch in in_input_order(opened):
                assert batch.input_file == [r"\udcfe.jsonl", r"\udcff.jsonl"]
                assert batch.record_id == [r"in '\udcfe'", r"in '\udcff'"]
                writer.write(batch)
        assert not opened.results.tally.missing.count
    assert rb"\udcff.jsonl" in (tmp_path / f"table.{format}").read_bytes().replace(rb"\\", b"\\")


def test_embeddings_errors_and_numbers_come_as_they_were(tmp_path: Path) -> None:
    bodies = [{"embedding": [1, 0.5]}, {"generation": "a", "prompt_token_count": 2**63 - 1}]
    lines = [{"recordId": f"{n}", "modelInput": {}, "modelOutput": body} for n, body in enumerate(bodies)]
    prompts = write(tmp_path / "in.jsonl", *(record(f"{n}") for n in range(3)))
    write(tmp_path / "out" / "in.jsonl.out", result("2", error="told"), *reversed(lines))
    with open_local_results(tmp_path / "out", [prompts]) as opened:
        straight = sorted(opened.results, key=lambda each: each.record_id or "")
    with open_local_results(tmp_path / "out", [prompts]) as opened:
        assert [each for batch in in_input_order(opened) for each in batch] == straight
