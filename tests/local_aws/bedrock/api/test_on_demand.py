"""On-demand inference through boto3: InvokeModel and Converse, and who may."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from bedrock_local.faults import Faults
from bedrock_local.local_aws import LocalAws as Product
from tests.local_aws.bedrock.models.test_openai_compatible import json_reply, server
from tests.local_aws.conftest import ACCOUNT, MODEL, MODEL_ARN, Credentials, LocalAws, Statement, allow

INVOKE = "bedrock:InvokeModel"
MESSAGES = [{"role": "user", "content": [{"text": "Say one two"}]}]
BODY = json.dumps({"messages": MESSAGES}).encode()
US = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.{MODEL}"
BEHIND = [MODEL_ARN.replace("us-east-1", region) for region in ("us-east-1", "us-east-2", "us-west-2")]


def runtime(aws: LocalAws, *statements: Statement) -> Any:
    credentials: Credentials | None = aws.user(*statements) if statements else None
    return aws.client("bedrock-runtime", credentials)


def ask(client: Any, operation: str, model: str = MODEL, **changes: Any) -> Any:
    if operation == "Converse":
        return client.converse(**{"modelId": model, "messages": MESSAGES, **changes})
    return client.invoke_model(**{"modelId": model, "body": BODY, **changes})


def refusal(client: Any, operation: str, model: str = MODEL, **changes: Any) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as error:
        ask(client, operation, model, **changes)
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Message"]


BOTH = pytest.mark.parametrize("operation", ["InvokeModel", "Converse"])


def test_invoke_model_answers_in_the_models_own_shape_and_tells_its_tokens(aws: LocalAws) -> None:
    answer = ask(runtime(aws), "InvokeModel")
    assert answer["contentType"] == "application/json"
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert {name: headers[f"x-amzn-bedrock-{name}-token-count"] for name in ("input", "output")} == {
        "input": "3",
        "output": "3",
    }
    body = json.load(answer["body"])
    assert body["output"]["message"]["content"] == [{"text": "Say one two"}]
    assert body["usage"]["inputTokens"] == 3


def test_each_family_has_its_own_bodies(aws: LocalAws) -> None:
    llama = json.dumps({"prompt": "Say it", "max_gen_len": 1}).encode()
    answer = ask(runtime(aws), "InvokeModel", "meta.llama3-8b-instruct-v1:0", body=llama)
    assert json.load(answer["body"])["stop_reason"] == "length"


def test_converse_answers_as_the_api_declares(aws: LocalAws) -> None:
    """Without what only the output of jobs spells out."""
    answer = ask(runtime(aws), "Converse", inferenceConfig={"maxTokens": 2, "temperature": 0.5}, system=[{"text": "s"}])
    assert answer["output"] == {"message": {"role": "assistant", "content": [{"text": "Say one"}]}}
    assert answer["stopReason"] == "max_tokens"
    assert answer["usage"] == {"inputTokens": 4, "outputTokens": 2, "totalTokens": 6}
    assert answer["metrics"]["latencyMs"] >= 0


def test_converse_takes_what_the_records_of_jobs_may_not_have(aws: LocalAws) -> None:
    tool = {"toolSpec": {"name": "t", "inputSchema": {"json": {"type": "object"}}}}
    picture = {"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}}
    messages = [{"role": "user", "content": [{"text": "Look"}, picture]}]
    more: dict[str, Any] = {"toolConfig": {"tools": [tool]}, "additionalModelRequestFields": {"topK": [{"a": 1}]}}
    answer = ask(runtime(aws), "Converse", messages=messages, **more)
    assert answer["output"]["message"]["content"] == [{"text": "Look"}]


def test_several_are_asked_at_once(aws: LocalAws) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: ask(runtime(aws), "Converse")["stopReason"], range(50)))
    assert answers == ["end_turn"] * 50


@BOTH
@pytest.mark.parametrize("model", [MODEL, MODEL_ARN])
def test_the_right_on_the_model_is_enough(aws: LocalAws, operation: str, model: str) -> None:
    assert ask(runtime(aws, allow(INVOKE, MODEL_ARN)), operation, model)


@BOTH
def test_without_the_right_on_the_model_a_caller_is_refused(aws: LocalAws, operation: str) -> None:
    others = allow(INVOKE, MODEL_ARN.replace("lite", "pro")), allow("bedrock:Converse", "*")
    code, status, message = refusal(runtime(aws, *others), operation)
    assert (code, status) == ("AccessDeniedException", 403)
    assert message.endswith(
        f" is not authorized to perform: {INVOKE} on resource: {MODEL_ARN} "
        f"because no identity-based policy allows the {INVOKE} action"
    )


@BOTH
@pytest.mark.parametrize("model", [f"us.{MODEL}", US])
def test_a_profile_takes_the_right_on_it_and_on_the_models_behind_it(aws: LocalAws, operation: str, model: str) -> None:
    """Those may be allowed through the profile alone."""
    through = allow(INVOKE, *BEHIND, StringEquals={"bedrock:InferenceProfileArn": US})
    client = runtime(aws, allow(INVOKE, US), through)
    assert ask(client, operation, model)
    assert refusal(client, operation)[0] == "AccessDeniedException"
    assert f"on resource: {US}" in refusal(runtime(aws, through), operation, model)[2]
    assert f"on resource: {BEHIND[2]}" in refusal(runtime(aws, allow(INVOKE, US, *BEHIND[:2])), operation, model)[2]


@BOTH
def test_an_unknown_model_is_refused_by_its_id_and_not_found_by_its_arn(aws: LocalAws, operation: str) -> None:
    expected = ("ValidationException", 400, "The provided model identifier is invalid.")
    assert refusal(runtime(aws), operation, "nova") == expected
    absent = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/abcdefghwxyz"
    assert refusal(runtime(aws), operation, absent)[:2] == ("ResourceNotFoundException", 404)


@pytest.mark.parametrize(
    ("operation", "changes", "words"),
    [
        ("InvokeModel", {"modelId": "a b"}, "at 'modelId' failed to satisfy constraint"),
        ("InvokeModel", {"body": b"no JSON"}, "Malformed input request, please reformat"),
        ("InvokeModel", {"body": b"[]"}, "Malformed input request, please reformat"),
        ("InvokeModel", {"body": b"{}"}, "required key [messages] not found"),
        ("InvokeModel", {"body": b"[" * 100_000}, "Malformed input request, please reformat"),
        ("InvokeModel", {"contentType": "text/plain"}, "The provided Content Type is invalid"),
        ("InvokeModel", {"accept": "image/png"}, "The provided Accept Type is invalid"),
        ("InvokeModel", {"trace": "LOUD"}, "at 'trace' failed to satisfy constraint: Member must satisfy enum"),
        ("Converse", {"inferenceConfig": {"temperature": 1.5}}, "value less than or equal to 1"),
        ("Converse", {"inferenceConfig": {"maxTokens": 0}}, "value greater than or equal to 1"),
        ("Converse", {"messages": [{"role": "user", "content": [{}]}]}, "exactly one of these members set"),
        ("Converse", {"messages": [{"role": "user"}]}, "at 'messages.1.member.content'"),
        ("Converse", {"messages": []}, "expected at least one message"),
    ],
)
def test_what_the_api_or_the_model_does_not_take_is_refused(
    aws: LocalAws, operation: str, changes: dict[str, Any], words: str
) -> None:
    code, status, message = refusal(runtime(aws), operation, **changes)
    assert (code, status) == ("ValidationException", 400)
    assert words in message


def test_a_type_that_is_not_the_members_is_a_serialization_error(aws: LocalAws) -> None:
    code, status, message = refusal(runtime(aws), "Converse", inferenceConfig={"temperature": True})
    assert (code, status) == ("SerializationException", 400)
    assert "inferenceConfig.temperature" in message


def test_streams_are_refused_in_a_sentence(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="has no streams of answers; use InvokeModel, which answers at once"):
        runtime(aws).invoke_model_with_response_stream(modelId=MODEL, body=BODY)
    with pytest.raises(ClientError, match="has no streams of answers; use Converse, which answers at once"):
        runtime(aws).converse_stream(modelId=MODEL, messages=MESSAGES)


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalAws, Faults]]:
    with Product(model="echo", directory=tmp_path_factory.mktemp("faults"), admin=True) as running:
        yield LocalAws(running.endpoint_url, running.secret), running.faults


@BOTH
def test_calls_fail_on_demand(failing: tuple[LocalAws, Faults], operation: str) -> None:
    aws, faults = failing
    faults.throttle(operation="")
    assert ask(runtime(aws), operation), "a fault of any operation on jobs is none of this one"
    faults.clear()
    faults.throttle(operation=operation)
    assert refusal(runtime(aws), operation) == ("ThrottlingException", 429, "Rate exceeded")
    faults.fail("ModelErrorException", "broken", operation=operation)
    assert refusal(runtime(aws), operation) == ("ModelErrorException", 424, "broken")
    faults.drop_reply(operation=operation)
    with pytest.raises(BotoCoreError):
        # The body of InvokeModel is read by who wants it.
        ask(runtime(aws), operation).get("body", BytesIO()).read()
    assert ask(runtime(aws), operation)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ((500, "broken"), ("ModelErrorException", 424, "The model failed to answer. Try again.")),
        ((400, "too long"), ("ValidationException", 400, '"too long"')),
    ],
)
def test_what_the_model_fails_and_what_it_refuses_are_told_apart(
    tmp_path: Path, reply: tuple[int, str], expected: tuple[str, int, str]
) -> None:
    with (
        server(lambda _: json_reply(*reply)) as (url, _),
        Product(model=f"{url}#m", directory=tmp_path) as running,
    ):
        assert refusal(runtime(LocalAws(running.endpoint_url, running.secret)), "Converse") == expected
