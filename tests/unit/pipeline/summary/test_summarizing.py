"""The end of a run: what it came to is written, told, and judged."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from batch_inference_pipeline.demand.answering import Answering
from batch_inference_pipeline.demand.asking import Asking
from batch_inference_pipeline.demand.leftovers import Leftovers
from batch_inference_pipeline.demand.model import InvokedModel
from batch_inference_pipeline.errors import PipelineError, RefusedError, TooManyFailuresError
from batch_inference_pipeline.summary.event import EventBridge
from bedrock_batch.results.job_results import open_local_results
from bedrock_local.running import RunningAws
from model_invocation_job.clock import Deadline
from tests.unit.handler.fakes import FakeClock
from tests.unit.pipeline.demand.model_endpoint import ModelEndpoint, Refusal, generation
from tests.unit.pipeline.one_run import OneRun, answered, failed, record
from tests.unit.pipeline.summary.an_end import STARTED, collected, summarize


@pytest.fixture
def heard(aws: RunningAws) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What arrives behind a rule for ends of runs."""
    sqs, events = aws.client("sqs"), aws.client("events")
    anyone = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [anyone]})
    queue = sqs.create_queue(QueueName=f"q-{uuid.uuid4().hex}", Attributes={"Policy": policy})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["cdk-bedrock-batch"], "detail-type": ["Batch Inference Pipeline Run Finished"]}
    rule = f"r-{uuid.uuid4().hex}"
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": "q", "Arn": arn}])

    def received() -> list[dict[str, Any]]:
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=5).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]

    yield received
    events.remove_targets(Rule=rule, Ids=["q"])
    events.delete_rule(Name=rule)


def test_the_summary_is_written_told_and_returned(run: OneRun, heard: Callable[[], list[dict[str, Any]]]) -> None:
    records = list(map(record, "abcd"))
    lines = [answered("a"), answered("b"), failed("c", 400, "bad")]
    collected(run, records, *lines, inputTokenCount=12, outputTokenCount=5)
    summary = summarize(run)
    assert summary == {
        "Run": "run",
        "Pipeline": "reviews",
        "Status": "SUCCEEDED",
        "Started": STARTED,
        "Ended": "2027-01-15T08:00:00+00:00",
        "Results": run.places.results.uri,
        "Shards": 1,
        "Jobs": 1,
        "Records": 4,
        "Succeeded": 2,
        "Failed": 1,
        "Unanswered": 1,
        "Errors": {"400": {"Count": 1, "Message": "bad"}},
        "Tokens": {"inputTokenCount": 12, "outputTokenCount": 5},
        "Rounds": [{"Shards": 1, "Jobs": 1, "Records": 4, "Succeeded": 2, "Failed": 1}],
        "OnDemand": {"Records": 0, "Succeeded": 0, "Failed": 0},
        "RepeatedIds": {"Records": 0, "Examples": []},
    }
    assert run.objects.read(run.places.summary) == summary
    (event,) = heard()
    assert event["detail"] == summary


def test_a_shard_of_which_nothing_is_known_is_unanswered(run: OneRun) -> None:
    lost = {**run.shard(*map(record, "xyz"), name="000009-001")}
    shard = run.shard(record("a"))
    run.manifest(shard, lost)
    run.collecting.collect(shard, run.job(shard, answered("a")), 1)
    summary = summarize(run)
    assert (summary["Records"], summary["Succeeded"], summary["Unanswered"]) == (4, 1, 3)
    assert (summary["Shards"], summary["Jobs"]) == (2, 1)


@pytest.mark.parametrize(("tolerated", "too_many"), [(0, True), (0.49, True), (0.5, False), (1, False)])
def test_more_failures_than_are_tolerated_end_the_run_after_it_is_told(
    run: OneRun, heard: Callable[[], list[dict[str, Any]]], *, tolerated: float, too_many: bool
) -> None:
    collected(run, list(map(record, "abcd")), answered("a"), answered("b"), failed("c"))
    if too_many:
        expected = f"2 of 4 records failed or stayed unanswered, more than the share of {tolerated} that 'tolerated_fai"
        with pytest.raises(TooManyFailuresError, match=expected) as caught:
            summarize(run, tolerated=tolerated)
        assert str(caught.value).endswith(f"see {run.places.summary.uri}")
    else:
        summarize(run, tolerated=tolerated)
    status = "FAILED" if too_many else "SUCCEEDED"
    assert run.objects.read(run.places.summary)["Status"] == status
    (event,) = heard()
    assert (event["detail"]["Run"], event["detail"]["Status"]) == ("run", status)


def test_a_run_without_a_failure_tolerates_none(run: OneRun) -> None:
    collected(run, [record("a")], answered("a"))
    assert summarize(run, tolerated=0)["Status"] == "SUCCEEDED"


def test_the_ids_that_repeat_are_told_of_all_parts_in_which_they_were_compared(run: OneRun) -> None:
    collected(run, [record("a")], answered("a"))
    examples = [{"RecordId": name, "Places": ["here", "there"]} for name in "abcd"]
    for number, some in enumerate([examples[:1], [], examples[1:]]):
        run.objects.put(run.places.repeats.below(f"{number}.json"), {"Records": 5 * len(some), "Examples": some})
    assert summarize(run)["RepeatedIds"] == {"Records": 20, "Examples": examples[:3]}


def test_many_kinds_of_errors_still_fit_into_an_event(run: OneRun) -> None:
    names = [f"r{n}" for n in range(400)]
    lines = [failed(name, 300 + n % 60, "x" * 2_000) for n, name in enumerate(names)]
    for number in (1, 2):
        collected(run, list(map(record, names)), *lines, round=number)
    summary = summarize(run, rounds=2)
    assert len(summary["Errors"]) == 21
    assert sum(each["Count"] for each in summary["Errors"].values()) == summary["Failed"] == 800
    assert len(json.dumps(summary)) < 10_000


def ask_what_is_left(run: OneRun, endpoint: ModelEndpoint) -> None:
    """Five records, none of which a job has answered."""
    collected(run, [record(f"r{n}", str(n)) for n in range(5)])
    Leftovers(run.objects, run.places, records=2).next(1, rounds=1, min_records=6, past_deadline=False, on_demand=True)
    asking = Asking(run.objects, Answering(InvokedModel(endpoint.client(), "meta.llama3")), run.places, 4)
    for task in run.objects.below(run.places.demand_tasks):
        asking.ask(task, Deadline.after(FakeClock(), 60))


def test_a_run_whose_model_may_not_be_asked_failed_however_much_is_tolerated(
    run: OneRun, endpoint: ModelEndpoint
) -> None:
    denied = Refusal(403, "AccessDeniedException", "User: x is not authorized to perform: bedrock:InvokeModel")
    endpoint.answer = lambda _: denied
    ask_what_is_left(run, endpoint)
    with pytest.raises(RefusedError, match=f"{denied.message} .*; what the jobs came to stands in s3://"):
        summarize(run, tolerated=1)
    written = run.objects.read(run.places.summary)
    assert (written["Status"], written["Unanswered"]) == ("FAILED", 5)


def test_what_was_asked_on_demand_reads_as_the_results_of_a_job(
    run: OneRun, endpoint: ModelEndpoint, tmp_path: Path
) -> None:
    fates = {"3": Refusal(400, "ValidationException"), "4": Refusal(503, "ServiceUnavailableException")}
    endpoint.answer = lambda body: fates.get(body["prompt"]) or generation(body)
    ask_what_is_left(run, endpoint)
    summary = summarize(run)
    assert summary["OnDemand"] == {"Records": 5, "Succeeded": 3, "Failed": 1}
    assert summary["Tokens"] == {"inputTokenCount": 21, "outputTokenCount": 9}
    output = run.copy_to(tmp_path / "out", run.places.on_demand)
    with open_local_results(output, [run.copy_to(tmp_path / "in", run.places.demand_tasks)]) as opened:
        found = {each.record_id: each.status for each in opened.results}
    assert sorted(found.values()) == ["failed", "failed", "succeeded", "succeeded", "succeeded"]
    assert opened.disagreements() == []
    assert opened.tokens == (21, 9)


class NoBus:
    def put_events(self, **_: Any) -> dict[str, Any]:
        return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure", "ErrorMessage": "sorry"}]}


def test_an_event_that_is_not_taken_is_no_end() -> None:
    with pytest.raises(PipelineError, match=r"did not take the event of the run's end: sorry \(InternalFailure\)"):
        EventBridge(NoBus()).put({})
