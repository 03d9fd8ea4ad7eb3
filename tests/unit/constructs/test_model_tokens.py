"""A model that only CloudFormation knows: right for an id and for an ARN, or refused."""

from typing import Any

import pytest
from aws_cdk import CfnDynamicReference, CfnDynamicReferenceService, CfnParameter, Fn, Stack
from aws_cdk import aws_ssm as ssm

from cdk_bedrock_batch import BatchModel

from .conftest import NOVA, MakeJob
from .template import Synthesized

HERE = "arn:aws:bedrock:eu-west-1"
ACCOUNT = "111122223333"
CUSTOM = f"{HERE}:{ACCOUNT}:custom-model/{NOVA}/abcdefghijkl"
APPLICATION = f"{HERE}:{ACCOUNT}:application-inference-profile/abcdefghijkl"
PROFILE = f"{HERE}:{ACCOUNT}:inference-profile/"


def evaluated(value: Any, parameters: dict[str, str]) -> Any:
    """What CloudFormation makes of its functions."""
    known = {"AWS::Partition": "aws", "AWS::Region": "eu-west-1", "AWS::AccountId": ACCOUNT, **parameters}
    match value:
        case {"Ref": name}:
            return known[name]
        case {"Fn::Join": [separator, parts]}:
            return separator.join(evaluated(part, parameters) for part in parts)
        case {"Fn::Split": [separator, text]}:
            return evaluated(text, parameters).split(separator)
        case {"Fn::Select": [number, parts]}:
            return evaluated(parts, parameters)[int(number)]
        case list():
            return [evaluated(each, parameters) for each in value]
    return value


def invoked(stack: Stack, value: str) -> list[str]:
    """The ARNs that the role of the only job may invoke, with the parameter ``Model`` set."""
    policies = Synthesized.of(stack).all("AWS::IAM::Policy").values()
    statements = [s for policy in policies for s in policy["Properties"]["PolicyDocument"]["Statement"]]
    (resources,) = (s["Resource"] for s in statements if s["Action"] == "bedrock:InvokeModel")
    found = evaluated(resources, {"Model": value})
    return found if isinstance(found, list) else [found]


def model(region: str, name: str = NOVA) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{name}"


@pytest.mark.parametrize(
    ("factory", "value", "arns"),
    [
        ("foundation_model", NOVA, [model("eu-west-1")]),
        ("foundation_model", model("eu-west-1"), [model("eu-west-1")]),
        ("inference_profile", f"eu.{NOVA}", [f"{PROFILE}eu.{NOVA}", model("*", f"{NOVA}*")]),
        ("inference_profile", f"{PROFILE}eu.{NOVA}", [f"{PROFILE}eu.{NOVA}", model("*", f"{NOVA}*")]),
        ("inference_profile", "us.zai.glm-4.7", [f"{PROFILE}us.zai.glm-4.7", model("*", "zai.glm-4*")]),
        ("application_inference_profile", APPLICATION, [APPLICATION, model("*", "*")]),
        ("application_inference_profile", "abcdefghijkl", [APPLICATION, model("*", "*")]),
        ("custom_model", CUSTOM, [CUSTOM]),
    ],
)
def test_a_parameter_is_permitted_whatever_its_form(
    stack: Stack, make_job: MakeJob, factory: str, value: str, arns: list[str]
) -> None:
    job = make_job(model=getattr(BatchModel, factory)(CfnParameter(stack, "Model").value_as_string))
    assert invoked(stack, value) == arns
    assert Synthesized.of(stack).call["modelId"] == "${Model}"
    dimension = stack.resolve(job.metric_records_pending().dimensions)["ModelId"]
    assert evaluated(dimension, {"Model": value}) == value.rpartition("/")[2]


def test_a_value_of_the_parameter_store_is_a_parameter(stack: Stack, make_job: MakeJob) -> None:
    make_job(model=BatchModel.foundation_model(ssm.StringParameter.value_for_string_parameter(stack, "/model")))
    (name,) = (each for each in Synthesized.of(stack).template["Parameters"] if each.startswith("Ssm"))
    policies = Synthesized.of(stack).all("AWS::IAM::Policy")
    assert name in str(policies)


def test_jobs_of_one_parameter_are_permitted_once(stack: Stack, make_job: MakeJob) -> None:
    parameter = CfnParameter(stack, "Model").value_as_string
    for number in range(3):
        make_job(f"Job{number}", model=BatchModel.foundation_model(parameter))
    (create,) = Synthesized.of(stack).allowed("BedrockBatchProviderRole")["bedrock:CreateModelInvocationJob"]
    assert len(create["Resource"]) == 2


REFERENCE = CfnDynamicReference(CfnDynamicReferenceService.SSM, "/model:2").to_string()


@pytest.mark.parametrize("factory", ["foundation_model", "inference_profile", "application_inference_profile"])
@pytest.mark.parametrize(
    "given",
    [REFERENCE, Fn.join("", [REFERENCE, ""]), Fn.sub("{{resolve:ssm:/model:2}}")],
    ids=["itself", "joined", "substituted"],
)
def test_a_dynamic_reference_is_resolved_too_late(stack: Stack, make_job: MakeJob, factory: str, given: str) -> None:
    with pytest.raises(ValueError, match=r"'model' must be known .*, got a dynamic reference, .*: use a parameter of"):
        make_job(model=getattr(BatchModel, factory)(given))
    assert not stack.node.children


def test_a_custom_model_may_be_one_where_nothing_is_made_of_its_parts(stack: Stack, make_job: MakeJob) -> None:
    job = make_job(model=BatchModel.custom_model(REFERENCE))
    assert invoked(stack, "") == ["{{resolve:ssm:/model:2}}"]
    with pytest.raises(ValueError, match="'model' must be known"):
        job.metric_records_pending()


def test_the_kind_of_a_token_has_to_be_said(stack: Stack) -> None:
    parameter = CfnParameter(stack, "Model").value_as_string
    with pytest.raises(ValueError, match=r"'model' must tell by its form .*: use BatchModel\.foundation_model"):
        BatchModel.from_id(parameter)


@pytest.mark.parametrize(
    ("given", "profile", "behind"),
    [
        ("us.${M}", f"{PROFILE}us.{NOVA}", model("*")),
        ("us.amazon.${M}", f"{PROFILE}us.amazon.{NOVA}", model("*", f"amazon.{NOVA}")),
        ("${M}.x.y", f"{PROFILE}{NOVA}.x.y", model("*", "nova-lite-v1:0.x*")),
    ],
)
def test_what_stands_before_a_token_counts(
    stack: Stack, make_job: MakeJob, given: str, profile: str, behind: str
) -> None:
    text = given.replace("${M}", CfnParameter(stack, "Model").value_as_string)
    make_job(model=BatchModel.inference_profile(text))
    assert invoked(stack, NOVA) == [profile, behind]


@pytest.mark.parametrize(
    ("factory", "given", "message"),
    [
        ("foundation_model", "us.${M}", "is an inference profile: use BatchModel.inference_profile"),
        ("inference_profile", "amazon.${M}", "begins with one of us, "),
        ("custom_model", "my-${M}", "must be the ARN of the kind custom-model"),
        ("application_inference_profile", "my-${M}", "must be the ARN of the kind application-inference-profile"),
    ],
)
def test_what_can_be_no_such_model_is_refused(stack: Stack, factory: str, given: str, message: str) -> None:
    text = given.replace("${M}", CfnParameter(stack, "Model").value_as_string)
    with pytest.raises(ValueError, match=message):
        getattr(BatchModel, factory)(text)


def test_a_model_behind_a_profile_can_be_no_id(stack: Stack) -> None:
    parameter = CfnParameter(stack, "Model").value_as_string
    with pytest.raises(ValueError, match="'model_arns' must have ARNs of foundation models"):
        BatchModel.application_inference_profile("abcdefghijkl", model_arns=[f"amazon.{parameter}"])
    assert BatchModel.application_inference_profile("abcdefghijkl", model_arns=[parameter])


def test_a_profile_that_may_be_global_routes_to_the_arn_without_a_region(stack: Stack, make_job: MakeJob) -> None:
    parameter = CfnParameter(stack, "Model").value_as_string
    make_job(model=BatchModel.inference_profile(parameter, regions=["eu-west-1"]))
    _, here, anywhere = invoked(stack, f"global.{NOVA}")
    assert (here, anywhere) == (model("eu-west-1", f"{NOVA}*"), model("", f"{NOVA}*"))


def test_the_form_of_a_token_that_tells_it_is_enough(stack: Stack, make_job: MakeJob) -> None:
    make_job(model=BatchModel.from_id(f"us.{CfnParameter(stack, 'Model').value_as_string}"))
    assert invoked(stack, NOVA)[0] == f"{PROFILE}us.{NOVA}"
