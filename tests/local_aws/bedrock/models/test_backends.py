"""The models that stand in for Bedrock's."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bedrock_local.bedrock.models.backends import from_name
from bedrock_local.bedrock.models.backends.backend import BackendUnavailableError
from bedrock_local.bedrock.models.invocation import Message, Prompt, RefusedError
from bedrock_local.local_aws import LocalAws as Product
from tests.local_aws.bedrock.execution.test_interruption import gated_model
from tests.local_aws.conftest import LocalAws

HELLO = (Message("user", "In one sentence, what is JSON?"),)


def test_a_base_url_is_an_openai_compatible_server() -> None:
    with gated_model(free=1) as (_, url):
        completion = from_name(url).complete(Prompt(HELLO))
    assert (completion.text, completion.input_tokens, completion.output_tokens) == ("yes", 1, 1)


def test_a_server_that_does_not_answer_is_unavailable_and_named() -> None:
    with pytest.raises(BackendUnavailableError, match=r"no model server answers at http://127\.0\.0\.1:1/v1"):
        from_name("http://127.0.0.1:1")


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(BackendUnavailableError, match="'gpt': use echo, smollm2 or an http"):
        from_name("gpt")


def test_smollm2_answers_and_keeps_the_limit_of_tokens() -> None:
    backend = from_name("smollm2")
    completion = backend.complete(Prompt(HELLO, max_tokens=8))
    assert completion.text
    assert completion.output_tokens <= 8
    assert completion.truncated
    assert backend.complete(Prompt(HELLO, max_tokens=8)) == completion
    with pytest.raises(RefusedError, match="context"):
        backend.complete(Prompt((Message("user", "word " * 9000),)))


def test_smollm2_answers_several_at_a_time_as_one_by_one() -> None:
    backend = from_name("smollm2")
    asked = [Prompt((Message("user", f"What is {name}?"),), max_tokens=8) for name in ("heapq", "curses", "plistlib")]
    one_by_one = [backend.complete(prompt) for prompt in asked]
    with ThreadPoolExecutor(len(asked)) as pool:
        assert list(pool.map(backend.complete, asked)) == one_by_one


def test_smollm2_answers_where_nobody_names_a_model(tmp_path: Path) -> None:
    question = {"messages": [{"role": "user", "content": [{"text": "What is 1 + 1?"}]}]}
    record = {"recordId": "r", "modelInput": {**question, "inferenceConfig": {"maxTokens": 6}}}
    settled = {"role_propagation": 0}
    with Product(directory=tmp_path, speed="instant", quotas={"min_records_per_job": 1}, behaviours=settled) as running:
        aws = LocalAws(running.endpoint_url, running.secret)
        bucket = aws.bucket({"in.jsonl": json.dumps(record).encode()})
        arn = aws.start(bucket)
        assert aws.end(arn)["status"] == "Completed"
        (answer,) = aws.answers(bucket, arn)
    (said,) = answer["modelOutput"]["output"]["message"]["content"]
    assert said["text"] not in ("", "What is 1 + 1?")
