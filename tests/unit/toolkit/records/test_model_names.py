"""The name of a model: known, or said not to be, with those that may be meant."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bedrock_batch import RecordLimits, check
from bedrock_batch.records.checking.batch_models import BATCH_MODELS

from .conftest import WriteInput

FEW = RecordLimits(min_records_per_job=1)
ACCOUNT = "arn:aws:bedrock:us-east-1:111122223333"


def warnings(file: Path, model: str | None, invocation_type: str | None = None) -> Sequence[str]:
    report = check(file, limits=FEW, model=model, invocation_type=invocation_type)
    return [warning.message for warning in report.warnings]


@pytest.mark.parametrize(
    ("model", "near"),
    [
        ("nova-lite", "amazon.nova-lite-v1:0"),
        ("us.nova-lite", "us.amazon.nova-lite-v1:0"),
        ("gpt-4o", "openai.gpt-oss-120b-1:0"),
        ("claude-haiku-4-5", "anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("amazon.nova-lte-v1:0", "amazon.nova-lite-v1:0"),
        ("amzon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
        ("anthropic.claud-3-haiku", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("Amazon Nova Lite", "amazon.nova-lite-v1:0"),
        ("anthropic/claude-haiku-4-5", "anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("llama3-3-70b", "meta.llama3-3-70b-instruct-v1:0"),
        ("titan-embed-text", "amazon.titan-embed-text-v2:0"),
    ],
)
def test_a_name_of_nobody_is_said_with_the_nearest_first(write_input: WriteInput, model: str, near: str) -> None:
    (warning,) = warnings(write_input(), model)
    told, _, names = warning.partition("; near names: ")
    assert told == f'no model with known bodies is called "{model}", so they are not checked'
    assert names.split(", ")[0] == near


@pytest.mark.parametrize("model", ["gemini-2.5-pro", "foo", "", "luma.ray-v2:0"])
def test_nothing_near_is_named_where_nothing_is(write_input: WriteInput, model: str) -> None:
    (warning,) = warnings(write_input(), model)
    assert warning == f'no model with known bodies is called "{model}", so they are not checked'


@pytest.mark.parametrize(
    ("model", "meant"),
    [
        ("us.anthropic.claude-hauku-4-5-20251001-v1:0", "us.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ("meta.llama3-3-70b-instuct-v1:0", "meta.llama3-3-70b-instruct-v1:0"),
        ("openai.gpt-os-20b-1:0", "openai.gpt-oss-20b-1:0"),
        ("us.anthropic.claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("anthropic.claude-opus-4-6", "anthropic.claude-opus-4-6-v1"),
        ("amazon.nova-lite-v1", "amazon.nova-lite-v1:0"),
        ("deepseek.v3", "deepseek.v3-v1:0"),
        ("openai.gpt-oss-20b", "openai.gpt-oss-20b-1:0"),
    ],
)
def test_a_name_that_is_mistyped_or_cut_off_within_its_family_is_said(
    write_input: WriteInput, model: str, meant: str
) -> None:
    file = write_input(line_1='{"modelInput": {"messages": []}}')
    assert f'"{model}" is not known, but {meant} is; ' in warnings(file, model)[0]
    assert check(file, limits=FEW, model=model).problems


@pytest.mark.parametrize(
    "model",
    [
        *BATCH_MODELS,
        *(f"us.{model}" for model in BATCH_MODELS),
        # Known, and without batch inference or with a name that is not in the list.
        *("cohere.embed-english-v3", "deepseek.r1-v1:0", "mistral.mistral-large-2402-v1:0", "writer.palmyra-x5-v1:0"),
        *("anthropic.claude-opus-4-8", "amazon.titan-embed-text-v1", "openai.gpt-5.6-luna", "moonshotai.kimi-k3"),
        # Of tomorrow.
        *("anthropic.claude-haiku-5-20270101-v1:0", "amazon.nova-3-lite-v1:0", "zai.glm-6-air"),
        f"arn:aws:bedrock:us-east-1::foundation-model/{BATCH_MODELS[0]}",
        f"{ACCOUNT}:inference-profile/us.{BATCH_MODELS[0]}",
        f"{ACCOUNT}:custom-model/amazon.nova-lite-v1:0:300k/abc123def456",
    ],
)
def test_nothing_is_said_of_a_name_that_may_be_right(model: str) -> None:
    assert check([], model=model).warnings == ()


def test_a_model_that_cannot_be_told_is_said_to_be_so(write_input: WriteInput) -> None:
    profile = f"{ACCOUNT}:application-inference-profile/abc123def456"
    (warning,) = warnings(write_input(), profile)
    assert (
        warning == f'which model is behind "{profile}" cannot be told, so bodies are not checked; name the model itself'
    )


def test_bodies_for_converse_are_checked_whatever_the_model_is(write_input: WriteInput) -> None:
    body = '{"modelInput": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}}'
    file = write_input(1, line_1=body)
    assert warnings(file, f"{ACCOUNT}:application-inference-profile/abc123def456", "Converse") == []
    (warning,) = warnings(file, "nova-micro", "Converse")
    told, _, names = warning.partition("; near names: ")
    assert told == 'no model with known bodies is called "nova-micro", so only what Converse takes is checked'
    assert names.startswith("amazon.nova-micro-v1:0")


def test_no_model_is_no_wrong_model(write_input: WriteInput) -> None:
    assert warnings(write_input(), None) == []
