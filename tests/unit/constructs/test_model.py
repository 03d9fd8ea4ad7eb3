"""Models and profiles: what reaches the API, and exactly what the two roles may invoke."""

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_iam as iam

from cdk_bedrock_batch import BatchModel

from .conftest import ACCOUNT, NOVA, PARTITION, REGION, MakeJob
from .template import Synthesized

HERE = f"arn:{PARTITION}:bedrock:{REGION}"
CUSTOM = "arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.nova-lite-v1:0/abcdefghijkl"
APPLICATION = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl"
HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"


def models(region: str, model: str = NOVA) -> str:
    return f"arn:{PARTITION}:bedrock:{region}::foundation-model/{model}"


#: A model, its ``modelId``, and its own ARN with those of the models behind it.
KINDS: dict[str, tuple[BatchModel, str, list[str]]] = {
    "foundation model": (BatchModel.foundation_model(NOVA), NOVA, [f"{HERE}::foundation-model/{NOVA}"]),
    "foundation model ARN": (
        BatchModel.foundation_model(f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"),
        f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}",
        [f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"],
    ),
    "geographic profile": (
        BatchModel.inference_profile(f"us.{NOVA}"),
        f"us.{NOVA}",
        [f"{HERE}:{ACCOUNT}:inference-profile/us.{NOVA}", models("*")],
    ),
    "geographic profile with Regions": (
        BatchModel.inference_profile(f"us.{NOVA}", regions=["us-east-1", "us-west-2"]),
        f"us.{NOVA}",
        [f"{HERE}:{ACCOUNT}:inference-profile/us.{NOVA}", models("us-east-1"), models("us-west-2")],
    ),
    "geographic profile ARN": (
        BatchModel.inference_profile(
            f"arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.{NOVA}"
        ),
        f"arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.{NOVA}",
        [f"arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.{NOVA}", models("*")],
    ),
    "global profile": (
        BatchModel.inference_profile(f"global.{HAIKU}"),
        f"global.{HAIKU}",
        [f"{HERE}:{ACCOUNT}:inference-profile/global.{HAIKU}", models("*", HAIKU)],
    ),
    "global profile with Regions": (
        BatchModel.inference_profile(f"global.{HAIKU}", regions=["eu-west-1"]),
        f"global.{HAIKU}",
        [f"{HERE}:{ACCOUNT}:inference-profile/global.{HAIKU}", models("eu-west-1", HAIKU), models("", HAIKU)],
    ),
    "application profile": (
        BatchModel.application_inference_profile(APPLICATION),
        APPLICATION,
        [APPLICATION, models("*", "*")],
    ),
    "application profile with models": (
        BatchModel.application_inference_profile(
            APPLICATION, model_arns=["arn:aws:bedrock:us-east-1::foundation-model/m"]
        ),
        APPLICATION,
        [APPLICATION, "arn:aws:bedrock:us-east-1::foundation-model/m"],
    ),
    "custom model": (BatchModel.custom_model(CUSTOM), CUSTOM, [CUSTOM]),
}


@pytest.mark.parametrize(("model", "model_id", "arns"), KINDS.values(), ids=KINDS)
def test_a_model_is_called_by_its_id_and_permitted_with_what_is_behind_it_and_no_more(
    stack: Stack, make_job: MakeJob, model: BatchModel, model_id: str, arns: list[str]
) -> None:
    make_job(model=model)
    template = Synthesized.of(stack)
    assert template.call["modelId"] == model_id
    assert template.allowed("SummariesJobRole")["bedrock:InvokeModel"] == [
        {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": arns[0] if len(arns) == 1 else arns}
    ]
    (create,) = template.allowed("BedrockBatchProviderRole")["bedrock:CreateModelInvocationJob"]
    assert set(create["Resource"]) == {f"{HERE}:{ACCOUNT}:model-invocation-job/*", *arns}


@pytest.mark.parametrize(("model", "arns"), [(model, arns) for model, _, arns in KINDS.values()], ids=KINDS)
def test_somebody_may_make_jobs_with_it_and_nothing_else(stack: Stack, model: BatchModel, arns: list[str]) -> None:
    somebody = iam.Role(stack, "Somebody", assumed_by=iam.AccountRootPrincipal())
    assert model.grant_batch_inference(somebody).success
    resources = [f"{HERE}:{ACCOUNT}:model-invocation-job/*", *arns]
    (statement,) = Synthesized.of(stack).statements("Somebody")
    assert {**statement, "Resource": sorted(statement["Resource"])} == {
        "Effect": "Allow",
        "Action": "bedrock:CreateModelInvocationJob",
        "Resource": sorted(resources),
    }


@pytest.mark.parametrize(
    ("given", "same_as"),
    [
        (NOVA, BatchModel.foundation_model(NOVA)),
        ("zai.glm-4.7", BatchModel.foundation_model("zai.glm-4.7")),
        (f"us.{NOVA}", BatchModel.inference_profile(f"us.{NOVA}")),
        (f"us-gov.{NOVA}", BatchModel.inference_profile(f"us-gov.{NOVA}")),
        (f"apac.{NOVA}", BatchModel.inference_profile(f"apac.{NOVA}")),
        (f"global.{HAIKU}", BatchModel.inference_profile(f"global.{HAIKU}")),
        (APPLICATION, BatchModel.application_inference_profile(APPLICATION)),
        (CUSTOM, BatchModel.custom_model(CUSTOM)),
    ],
)
def test_from_id_tells_what_an_id_stands_for(given: str, same_as: BatchModel) -> None:
    assert BatchModel.from_id(given) == same_as


def test_a_provisioned_model_is_refused() -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl"
    with pytest.raises(
        ValueError, match=f"'model' '{arn}' is a provisioned model: batch inference takes its base model"
    ):
        BatchModel.from_id(arn)
    for make in (BatchModel.foundation_model, BatchModel.custom_model, BatchModel.inference_profile):
        with pytest.raises(ValueError, match=r"'model' .*provisioned-model"):
            make(arn)


@pytest.mark.parametrize(
    ("factory", "given", "message"),
    [
        (
            "custom_model",
            "my-model",
            "'model' must be the ARN of the kind custom-model, got 'my-model': use the ARN that",
        ),
        ("custom_model", NOVA, "'model' must be the ARN of the kind custom-model"),
        ("custom_model", APPLICATION, r"which is of application-inference-profile: use BatchModel\.application_infer"),
        ("application_inference_profile", "my-profile", "must be the ARN of the kind application-inference-profile"),
        ("application_inference_profile", f"us.{NOVA}", "must be the ARN of the kind application-inference-profile"),
        ("application_inference_profile", CUSTOM, r"which is of custom-model: use BatchModel\.custom_model"),
        ("foundation_model", CUSTOM, r"which is of custom-model: use BatchModel\.custom_model"),
        ("foundation_model", APPLICATION, r"use BatchModel\.application_inference_profile"),
    ],
)
def test_what_is_of_another_kind_is_refused(factory: str, given: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        getattr(BatchModel, factory)(given)


@pytest.mark.parametrize("arn", [NOVA, "abcdefghijkl", CUSTOM])
def test_behind_an_application_profile_are_arns_of_foundation_models(arn: str) -> None:
    with pytest.raises(ValueError, match=f"'model_arns' must have ARNs of foundation models, such as .*, got '{arn}'"):
        BatchModel.application_inference_profile(APPLICATION, model_arns=[arn])


def test_an_inference_profile_is_no_foundation_model() -> None:
    with pytest.raises(ValueError, match=r"is an inference profile: use BatchModel\.inference_profile"):
        BatchModel.foundation_model(f"us.{NOVA}")


@pytest.mark.parametrize("region", ["us-east-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eusc-de-east-1"])
def test_every_partition_with_bedrock_has_its_own_arns(make_job: MakeJob, region: str) -> None:
    stack = Stack(App(), "Stack", env=Environment(account="123456789012", region=region))
    make_job(scope=stack)
    template = Synthesized.of(stack)
    assert "arn:aws:" not in str(template.template)
    (invoke,) = template.allowed("SummariesJobRole")["bedrock:InvokeModel"]
    assert invoke["Resource"] == models(REGION)


def test_a_partition_without_bedrock_is_refused_by_name(make_job: MakeJob) -> None:
    stack = Stack(App(), "Stack", env=Environment(account="123456789012", region="cn-north-1"))
    with pytest.raises(ValueError, match="'region' must be one that has Bedrock, got 'cn-north-1' of aws-cn: "):
        make_job(scope=stack)
