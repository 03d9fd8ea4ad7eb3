"""Converse on demand: what a record has in JSON, boto3's client takes as Python has it, and the answer comes back."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

from batch_inference_pipeline.demand.answering import Answering
from batch_inference_pipeline.demand.asking import Asking
from batch_inference_pipeline.demand.model import ConversedModel
from bedrock_batch.results.job_results import open_local_results
from model_invocation_job.clock import Deadline
from tests.unit.handler.fakes import FakeClock
from tests.unit.pipeline.demand.model_endpoint import ModelEndpoint
from tests.unit.pipeline.one_run import OneRun

PIXEL = b64encode(b"\x89PNG").decode()
ANSWER = {
    "output": {
        "message": {
            "role": "assistant",
            "content": [
                {"reasoningContent": {"redactedContent": PIXEL}},
                {"toolUse": {"toolUseId": "t", "name": "find", "input": {"bytes": PIXEL, "city": "Bern"}}},
                {"text": "In Bern."},
            ],
        }
    },
    "stopReason": "end_turn",
    "usage": {"inputTokens": 5, "outputTokens": 2, "totalTokens": 7},
    "metrics": {"latencyMs": 12},
}


def ask(run: OneRun, endpoint: ModelEndpoint, *bodies: Any) -> dict[str, Any]:
    place = run.places.demand_tasks.below("000001.jsonl")
    lines = ({"recordId": f"r{n}", "modelInput": body} for n, body in enumerate(bodies))
    run.put(place, b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    answering = Answering(ConversedModel(endpoint.client(), "amazon.nova-lite-v1:0"))
    return Asking(run.objects, answering, run.places, 2).ask(place, Deadline.after(FakeClock(), 60))


def body(*content: Any, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": list(content)}], **more}


def test_an_answer_is_read_as_that_of_a_job(run: OneRun, endpoint: ModelEndpoint, tmp_path: Path) -> None:
    endpoint.answer = lambda _: ANSWER
    outcome = ask(run, endpoint, body({"text": "Where?"}, inferenceConfig={"maxTokens": 9}))
    assert outcome["Tokens"] == {"inputTokenCount": 5, "outputTokenCount": 2}
    output = run.copy_to(tmp_path / "out", run.places.on_demand)
    with open_local_results(output, [run.copy_to(tmp_path / "in", run.places.demand_tasks)]) as opened:
        (result,) = opened.results
    assert (result.record_id, result.status, result.text) == ("r0", "succeeded", "In Bern.")
    assert (result.input_tokens, result.output_tokens, result.latency_ms) == (5, 2, 12)
    assert result.tool_calls
    assert json.loads(result.tool_calls)[0]["arguments"] == {"bytes": PIXEL, "city": "Bern"}
    assert result.model_output == ANSWER
    assert not opened.results.tally.odd_lines.count


def test_bytes_arrive_as_the_record_has_them(run: OneRun, endpoint: ModelEndpoint) -> None:
    endpoint.answer = lambda _: ANSWER
    sent = body({"image": {"format": "png", "source": {"bytes": PIXEL}}}, additionalModelRequestFields={"bytes": PIXEL})
    assert ask(run, endpoint, sent)["Succeeded"] == 1
    assert json.loads(endpoint.asked[0]) == sent
    assert endpoint.paths == {"/model/amazon.nova-lite-v1%3A0/converse"}


def test_what_converse_does_not_know_fails_that_record_only(run: OneRun, endpoint: ModelEndpoint) -> None:
    endpoint.answer = lambda _: ANSWER
    bad_bytes = body({"image": {"format": "png", "source": {"bytes": 7}}})
    outcome = ask(run, endpoint, {"prompt": "?"}, body({"text": 1}), bad_bytes, body({"text": "Where?"}))
    assert (outcome["Succeeded"], outcome["Failed"]) == (1, 3)
    assert outcome["Errors"]["400"]["Count"] == 3
