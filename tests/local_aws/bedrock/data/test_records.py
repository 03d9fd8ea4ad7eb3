"""Records, and what becomes of them when something breaks."""

import json

import pytest

from bedrock_local.bedrock.data.record import MalformedRecordError, Record
from bedrock_local.bedrock.execution.inference import inference
from bedrock_local.bedrock.models.invocation import Completion, Prompt


class BrokenModel:
    concurrency = 1

    def complete(self, prompt: Prompt) -> Completion:
        raise ConnectionError(prompt.messages[0].text)


def test_a_model_that_breaks_is_a_retryable_error_that_quotes_no_prompt(caplog: pytest.LogCaptureFixture) -> None:
    record = Record("r1", {"prompt": "secret"})
    outcome = inference(BrokenModel(), "meta.llama3", "InvokeModel")(record)
    assert not outcome.succeeded
    assert (outcome.value["errorCode"], outcome.value["retryable"]) == (500, True)
    assert "secret" not in json.dumps(outcome.value) + caplog.text
    assert "r1" in caplog.text


@pytest.mark.parametrize(
    "value", ['"\\ud83d"', '"a\\udc00b"', "-0.0", "[1, 2.50]", str(2**70), str(-(2**64)), "1e300", "-1e-999"]
)
def test_what_is_json_comes_back_as_it_was_sent(value: str) -> None:
    body = f'{{"prompt": "a", "seed": {value}}}'
    record = Record.parse(f'{{"recordId": "r", "modelInput": {body}}}'.encode())
    outcome = inference(BrokenModel(), "meta.llama3", "InvokeModel")(record)
    assert json.loads(outcome.line())["modelInput"] == json.loads(body)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"\xef\xbb\xbf{}", "not JSON in UTF-8"),
        (b"\n", "not JSON in UTF-8"),
        (b'{"modelInput": {}, "\xc0\xaf": 1}', "not JSON in UTF-8"),
        (b'{"modelInput": {"a": "\x01"}}', "not JSON in UTF-8"),
        (b"[]", "not an object with a modelInput object"),
        (b'{"modelInput": "text"}', "not an object with a modelInput object"),
        (b'{"modelInput": {}, "recordId": 1}', "recordId is not a string"),
        (b'{"modelInput": {"seed": NaN}}', "NaN is no JSON number"),
        (b'{"modelInput": {"seed": -Infinity}}', "-Infinity is no JSON number"),
        (b'{"modelInput": {}, "of another": 1e999}', "^1e999 is beyond the largest number of 64 bits$"),
        (b'{"modelInput": {"seed": [1e999]}}', "^1e999 is beyond the largest number of 64 bits$"),
        (b'{"modelInput": {"seed": -1' + b"0" * 400 + b".0}}", "^-10{38} is beyond the largest number of 64 bits$"),
        (b'{"modelInput": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    ],
)
def test_a_line_that_is_no_record_says_why(line: bytes, reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        Record.parse(line)
