"""Each record counts once, whatever rounds and questions it took."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch_inference_pipeline.demand.answering import Answering
from batch_inference_pipeline.demand.asking import Asking
from batch_inference_pipeline.demand.leftovers import Leftovers
from batch_inference_pipeline.demand.model import InvokedModel
from bedrock_local.running import RunningAws
from model_invocation_job.clock import Deadline
from tests.unit.handler.fakes import FakeClock
from tests.unit.pipeline.demand.model_endpoint import Body, ModelEndpoint, Refusal, generation
from tests.unit.pipeline.one_run import OneRun, answered, failed, record
from tests.unit.pipeline.summary.an_end import collected, summarize

ENDS = st.sampled_from(["answered", "failed", "again", "missing"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fates=st.lists(st.tuples(ENDS, ENDS, ENDS), min_size=1, max_size=9), asks=st.booleans())
def test_each_record_counts_once_over_rounds_and_questions(
    aws: RunningAws, endpoint: ModelEndpoint, *, fates: list[tuple[str, str, str]], asks: bool
) -> None:
    """A fate is what becomes of a record in each of two rounds, and on demand."""
    run = OneRun(aws)
    fate_of = {f"r{n}": fate for n, fate in enumerate(fates)}
    left = [record(name, name) for name in fate_of]
    for number in (1, 2):
        lines = [_line(json.loads(each)["recordId"], fate_of, number) for each in left]
        collected(run, left, *filter(None, lines), round=number)
        left = run.lines_below(run.places.left(number))
    leftovers = Leftovers(run.objects, run.places)
    following = leftovers.next(2, rounds=2, min_records=10, past_deadline=False, on_demand=asks)
    assert following["Left"] == len(left)
    endpoint.answer = lambda body: _on_demand(body, fate_of[body["prompt"]][2])
    asking = Asking(run.objects, Answering(InvokedModel(endpoint.client(), "meta.llama3")), run.places, 4)
    for task in run.objects.below(run.places.demand_tasks):
        asking.ask(task, Deadline.after(FakeClock(), 60))
    summary = summarize(run, rounds=2)
    ends = [_end(fate if asks else fate[:2]) for fate in fates]
    assert summary["Records"] == len(fates)
    found = {name: summary[name] for name in ("Succeeded", "Failed", "Unanswered")}
    assert found == {name: ends.count(name) for name in found}
    assert sum(each["Count"] for each in summary["Errors"].values()) == summary["Failed"]


def _line(name: str, fate_of: dict[str, tuple[str, str, str]], number: int) -> bytes | None:
    fate = fate_of[name][number - 1]
    lines = {"answered": answered(name, name), "failed": failed(name), "again": failed(name, 503), "missing": None}
    return lines[fate]


def _on_demand(body: Body, fate: str) -> Body | Refusal:
    refusals = {"failed": Refusal(400, "ValidationException")}
    return generation(body) if fate == "answered" else refusals.get(fate, Refusal(503, "ServiceUnavailableException"))


def _end(fates: tuple[str, ...]) -> str:
    ends = {"answered": "Succeeded", "failed": "Failed"}
    return next((ends[fate] for fate in fates if fate in ends), "Unanswered")
