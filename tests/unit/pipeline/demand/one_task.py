"""A task of a run, asked, and what was written of it."""

import json
from typing import Any

from batch_inference_pipeline.demand.answering import Answering
from batch_inference_pipeline.demand.asking import Asking
from batch_inference_pipeline.demand.model import InvokedModel
from batch_inference_pipeline.places import Place
from model_invocation_job.clock import Deadline
from tests.unit.handler.fakes import FakeClock
from tests.unit.pipeline.demand.model_endpoint import ModelEndpoint
from tests.unit.pipeline.one_run import OneRun


def task(run: OneRun, *lines: bytes) -> Place:
    place = run.places.demand_tasks.below("000001.jsonl")
    run.put(place, b"".join(lines))
    return place


def ask(run: OneRun, endpoint: ModelEndpoint, place: Place, at_once: int = 4, seconds: float = 120) -> dict[str, Any]:
    answering = Answering(InvokedModel(endpoint.client(), "meta.llama3"))
    return Asking(run.objects, answering, run.places, at_once).ask(place, Deadline.after(FakeClock(), seconds))


def written(run: OneRun) -> dict[str, dict[str, Any]]:
    lines = run.get(run.places.on_demand.below("000001.jsonl.out")).split(b"\n")
    return {line["recordId"]: line for line in map(json.loads, filter(None, lines))}
