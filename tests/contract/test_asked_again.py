"""What a pipeline asks again is what ``bedrock-batch retry`` writes: both read the same lines alike."""

import json
from itertools import product
from typing import Any

import pytest

from batch_inference_pipeline.collecting.answer import Verdict, read_answer
from batch_inference_pipeline.collecting.records import OddLineError
from bedrock_batch.results.output.lines import read_lines

NOT_THERE = object()
CODES = [
    NOT_THERE,
    None,
    0,
    399,
    400,
    403,
    408,
    424,
    428,
    429,
    430,
    499,
    500,
    503,
    599,
    10**9,
    2**31,
    -500,
    True,
    429.0,
]
CODES += ["429", " 500 ", "throttled", "5" * 150, ["429"], {}]
FLAGS = [NOT_THERE, None, True, False, "true", 1]
MESSAGES = [NOT_THERE, None, "slow down", 429]
WHOLE = [{"errorCode": 400}, "a text", 500, [], {}, None]


def line_of(**members: Any) -> bytes:
    there = {name: value for name, value in members.items() if value is not NOT_THERE}
    return json.dumps({"recordId": "r", "modelInput": {}, **there}).encode() + b"\n"


def errors() -> list[Any]:
    names = ("errorCode", "retryable", "expired", "errorMessage")
    made = [dict(zip(names, each, strict=True)) for each in product(CODES, FLAGS, FLAGS, MESSAGES)]
    return [{name: value for name, value in each.items() if value is not NOT_THERE} for each in made] + WHOLE


def test_a_record_is_asked_again_for_the_same_causes_and_fails_under_the_same_code() -> None:
    for error in errors():
        for output in (NOT_THERE, {"text": "hi"}):
            line = line_of(error=error, modelOutput=output)
            batch, _ = read_lines([line])
            if not batch.status:
                with pytest.raises(OddLineError):
                    read_answer(line)
                continue
            answer, (told,) = read_answer(line), batch.error
            if told is None:
                assert answer.verdict is Verdict.SUCCEEDED
            else:
                assert answer.failure
                assert (answer.verdict is Verdict.AGAIN) == told.is_worth_a_retry, line
                assert answer.failure.code == told.code, line


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"[]\n",
        b'{"recordId": "r"}\n',
        b'{"recordId": "r", "modelOutput": null}\n',
        b'{"recordId": "r", "modelOutput": {"a": NaN}}\n',
        b'{"recordId": "r", "modelOutput": {"a": "b"}',
        b'{"modelOutput": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
    ],
)
def test_a_line_that_tells_nothing_is_no_result_of_either(line: bytes) -> None:
    batch, odd = read_lines([line])
    assert (len(batch), len(odd)) == (0, 1)
    with pytest.raises(OddLineError):
        read_answer(line)
