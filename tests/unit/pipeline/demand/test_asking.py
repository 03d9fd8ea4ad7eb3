"""Records asked on demand: the answers are those of a job, and no answer is paid for twice."""

import json
from pathlib import Path
from threading import Barrier

from bedrock_batch.results.job_results import open_local_results
from tests.unit.pipeline.demand.model_endpoint import Body, ModelEndpoint, Refusal, generation
from tests.unit.pipeline.demand.one_task import ask, task, written
from tests.unit.pipeline.one_run import OneRun, record


def test_each_record_has_the_line_that_a_job_would_have_written(run: OneRun, endpoint: ModelEndpoint) -> None:
    place = task(run, *(record(f"r{n}", f"Say {n}") for n in range(50)))
    outcome = ask(run, endpoint, place)
    assert (outcome["Records"], outcome["Succeeded"], outcome["Failed"], outcome["Left"]) == (50, 50, 0, 0)
    assert outcome["Tokens"] == {"inputTokenCount": 350, "outputTokenCount": 150}
    assert run.objects.read(run.places.demand_outcomes.below("000001.json")) == outcome
    assert written(run)["r7"] == {
        "modelInput": {"prompt": "Say 7"},
        "modelOutput": {"generation": "Say 7", "stop_reason": "stop"},
        "recordId": "r7",
    }
    assert endpoint.paths == {"/model/meta.llama3/invoke"}


def test_the_toolkit_reads_the_answers_as_those_of_a_job(run: OneRun, endpoint: ModelEndpoint, tmp_path: Path) -> None:
    def answer(body: Body) -> Body | Refusal:
        return Refusal(400, "ValidationException", "too long") if body["prompt"] == "2" else generation(body)

    endpoint.answer = answer
    place = task(run, *(record(f"r{n}", str(n)) for n in range(3)))
    ask(run, endpoint, place)
    output = run.copy_to(tmp_path / "out", run.places.on_demand)
    prompts = run.copy_to(tmp_path / "in", run.places.demand_tasks)
    with open_local_results(output, [prompts]) as opened:
        found = {each.record_id: (each.status, each.text, str(each.error)) for each in opened.results}
    assert found["r1"] == ("succeeded", "1", "None")
    assert found["r2"] == ("failed", None, "400: too long")
    assert not opened.results.tally.missing.count
    assert not opened.results.tally.odd_lines.count


def test_as_many_records_are_asked_at_once_as_may_be(run: OneRun, endpoint: ModelEndpoint) -> None:
    together = Barrier(3)

    def answer(body: Body) -> Body:
        together.wait(timeout=20)
        return generation(body)

    endpoint.answer = answer
    assert ask(run, endpoint, task(run, *map(record, "abcdef")), at_once=3)["Succeeded"] == 6


def test_records_of_several_shards_with_one_id_all_have_an_answer(run: OneRun, endpoint: ModelEndpoint) -> None:
    place = task(run, record("a", "1"), record("a", "2"), record("a", "1"))
    for _ in range(2):
        assert ask(run, endpoint, place)["Succeeded"] == 3
    content = run.get(run.places.on_demand.below("000001.jsonl.out"))
    lines = [json.loads(line) for line in content.splitlines()]
    assert sorted(line["modelOutput"]["generation"] for line in lines) == ["1", "1", "2"]


def test_what_is_json_comes_back_as_it_was_asked(run: OneRun, endpoint: ModelEndpoint) -> None:
    line = b'{"recordId": "\xc3\xbc", "modelInput": {"prompt": "\\ud83d \xe2\x80\xa8", "seed": 9007199254740993}}\n'
    ask(run, endpoint, task(run, line))
    content = run.get(run.places.on_demand.below("000001.jsonl.out"))
    assert content.count(b"\n") == 1
    assert json.loads(content)["modelInput"] == json.loads(line)["modelInput"]


def test_asking_again_asks_nobody_and_changes_nothing(run: OneRun, endpoint: ModelEndpoint) -> None:
    place = task(run, *(record(f"r{n}", str(n)) for n in range(30)))
    first = ask(run, endpoint, place)
    before = run.all_below(run.places.output)
    assert ask(run, endpoint, place) == first
    assert len(endpoint.asked) == 30
    assert run.all_below(run.places.output) == before


def test_an_invocation_that_dies_has_paid_for_little_that_is_not_kept(run: OneRun, endpoint: ModelEndpoint) -> None:
    """However it dies: what stands in S3 is looked at in the middle of it."""
    kept: list[int] = []

    def answer(body: Body) -> Body:
        kept.append(len(run.lines_below(run.places.demand_parts("000001"))))
        return generation(body)

    endpoint.answer = answer
    ask(run, endpoint, task(run, *(record(f"r{n}", str(n)) for n in range(70))), at_once=2)
    assert all(asked - in_s3 <= 20 + 2 * 2 for asked, in_s3 in enumerate(kept))


def test_after_a_failure_only_what_has_no_answer_is_asked(run: OneRun, endpoint: ModelEndpoint) -> None:
    def answer(body: Body) -> Body | Refusal:
        is_over = body["prompt"] == "40"
        return Refusal(403, "AccessDeniedException", "User x is not authorized") if is_over else generation(body)

    endpoint.answer = answer
    place = task(run, *(record(f"r{n}", str(n)) for n in range(60)))
    outcome = ask(run, endpoint, place, at_once=3)
    assert outcome["Refused"].startswith("the model cannot be asked on demand: User x is not authorized")
    endpoint.answer = generation
    assert len(endpoint.asked) < 60
    again = ask(run, endpoint, place, at_once=3)
    assert (again["Succeeded"], "Refused" in again) == (60, False)
    endpoint.asked.remove("40")
    assert sorted(endpoint.asked) == sorted(map(str, range(60)))


def test_when_the_time_is_over_the_rest_is_left_and_asked_by_the_next(run: OneRun, endpoint: ModelEndpoint) -> None:
    place = task(run, *map(record, "ab"))
    outcome = ask(run, endpoint, place, seconds=0)
    assert (outcome["Left"], endpoint.asked) == (2, [])
    assert ask(run, endpoint, place)["Succeeded"] == 2
