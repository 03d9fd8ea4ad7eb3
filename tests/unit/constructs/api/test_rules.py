"""Every field of CreateModelInvocationJob, with every rule that its service model states."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from aws_cdk import App, CfnParameter, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from botocore.model import ListShape, Shape, StructureShape
from botocore.session import Session

from cdk_bedrock_batch import BatchModel, InputData, InvocationType, OutputData
from cdk_bedrock_batch._api.validation import _LINEAR

from ..conftest import MakeJob
from ..template import Synthesized
from .rules import IN, OUT, RULES, TAG_RULES, Rule, network

#: What the model said when each field was given its place in the construct: lengths, bounds, choices.
KNOWN: dict[str, dict[str, object]] = {
    "jobName": {"min": 1, "max": 63},
    "roleArn": {"min": 0, "max": 2048},
    "clientRequestToken": {"min": 1, "max": 256},
    "modelId": {"min": 1, "max": 2048},
    f"{IN}.s3InputFormat": {"enum": ["JSONL"]},
    f"{IN}.s3Uri": {"min": 1, "max": 1024},
    f"{IN}.s3BucketOwner": {},
    f"{OUT}.s3Uri": {"min": 1, "max": 1024},
    f"{OUT}.s3EncryptionKeyId": {"min": 1, "max": 2048},
    f"{OUT}.s3BucketOwner": {},
    "vpcConfig.subnetIds": {"min": 1, "max": 16},
    "vpcConfig.subnetIds[]": {"min": 0, "max": 32},
    "vpcConfig.securityGroupIds": {"min": 1, "max": 5},
    "vpcConfig.securityGroupIds[]": {"min": 0, "max": 32},
    "timeoutDurationInHours": {"min": 24, "max": 168},
    "tags": {"min": 0, "max": 200},
    **{f"tags[].{part}": {"min": low, "max": high} for part, (low, high) in TAG_RULES.items()},
    "modelInvocationType": {"enum": ["InvokeModel", "Converse"]},
}


def fields(shape: Shape, path: str = "") -> Iterator[tuple[str, Shape]]:
    """Each field with a rule of its own: leaves, and lists for their lengths."""
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from fields(member, f"{path}.{name}".lstrip("."))
    elif isinstance(shape, ListShape):
        yield path, shape
        yield from fields(shape.member, f"{path}[]")
    else:
        yield path, shape


FIELDS = dict(fields(Session().get_service_model("bedrock").operation_model("CreateModelInvocationJob").input_shape))


def rules(shape: Shape) -> dict[str, object]:
    known = {name: shape.metadata[name] for name in ("min", "max") if name in shape.metadata}
    return known | ({"enum": list(shape.enum)} if getattr(shape, "enum", None) else {})


def test_every_field_and_bound_of_the_api_is_known() -> None:
    assert {path: rules(shape) for path, shape in FIELDS.items()} == KNOWN


def test_the_choices_are_those_of_the_api() -> None:
    assert [choice.value for choice in InvocationType] == KNOWN["modelInvocationType"]["enum"]


@pytest.mark.parametrize("pattern", _LINEAR)
def test_a_pattern_that_is_spelled_anew_takes_the_same_texts(pattern: str) -> None:
    assert pattern in {shape.metadata.get("pattern") for shape in FIELDS.values()}
    for size in range(7):
        for text in map("".join, product("a-+_", repeat=size)):
            assert bool(re.fullmatch(pattern, text)) == bool(re.fullmatch(_LINEAR[pattern], text)), text


@pytest.fixture(scope="module")
def elsewhere() -> Stack:
    """Where the tests' own subnets and keys are; what is refused must not leave anything in the stack of the job."""
    return Stack(App(), "Elsewhere")


def test_every_field_has_its_rule_here_or_is_a_choice_or_a_tag() -> None:
    choices = {path for path, known in KNOWN.items() if "enum" in known}
    assert {rule.field for rule in RULES} | choices == {path for path in KNOWN if not path.startswith("tags")}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.field)
def test_what_breaks_a_rule_is_refused_by_name_and_value_and_leaves_nothing(
    make_job: MakeJob, stack: Stack, elsewhere: Stack, rule: Rule
) -> None:
    for value in rule.refused:
        with pytest.raises(ValueError, match=rf"^'{rule.prop}' must ") as refused:
            make_job(**rule.give(elsewhere, value))
        assert (f"got {len(value)}" if isinstance(value, list) else str(value)) in str(refused.value)
    assert not stack.node.children


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.field)
def test_what_a_rule_just_lets_through_is_taken(make_job: MakeJob, elsewhere: Stack, rule: Rule) -> None:
    for number, value in enumerate(rule.taken):
        assert make_job(f"Job{number}", **rule.give(elsewhere, value))


def test_a_token_passes_where_each_rule_would_refuse_it(make_job: MakeJob, stack: Stack) -> None:
    text = CfnParameter(stack, "Text").value_as_string
    hours = CfnParameter(stack, "Hours", type="Number").value_as_number
    make_job(
        model=BatchModel.foundation_model(text),
        input_data=InputData.from_uri(text, bucket_owner=text),
        output_data=OutputData.to_uri(text, bucket_owner=text, encryption_key=kms.Key.from_key_arn(stack, "Key", text)),
        role=iam.Role.from_role_arn(stack, "Role", text),
        job_name=text,
        client_request_token=text,
        timeout=Duration.hours(hours),
        **network(stack, ["subnet-1"], [text]),
    )
    template = Synthesized.of(stack)
    location = {"s3Uri": "s3://${${Text} split at s3:// [1]}", "s3BucketOwner": "${Text}"}
    assert template.call == {
        "modelId": "${Text}",
        "roleArn": "${Text}",
        "clientRequestToken": "${Text}",
        "inputDataConfig": {"s3InputDataConfig": {**location, "s3InputFormat": "JSONL"}},
        "outputDataConfig": {"s3OutputDataConfig": {**location, "s3EncryptionKeyId": "${Text}"}},
        "vpcConfig": {"subnetIds": ["subnet-1"], "securityGroupIds": ["${Text}"]},
        "timeoutDurationInHours": "${Hours}",
    }
    assert template.job["JobNamePrefix"].startswith("${Text}-")
