"""Profiles: which can be there, and whether their models may be used through them only."""

import pytest
from aws_cdk import App, CfnParameter, Environment, Stack

from cdk_bedrock_batch import BatchModel

from .conftest import ACCOUNT, NOVA, PARTITION, REGION, MakeJob
from .template import Synthesized, warnings

OWN = f"arn:{PARTITION}:bedrock:{REGION}:{ACCOUNT}:inference-profile/us.{NOVA}"
PROFILES = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/"
APPLICATION = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl"


def stack_in(region: str) -> Stack:
    return Stack(App(), "Stack", env=Environment(account="123456789012", region=region))


@pytest.mark.parametrize(
    ("model", "own", "behind"),
    [
        (
            BatchModel.inference_profile(f"us.{NOVA}", regions=["us-east-1"], only_through_profile=True),
            OWN,
            f"arn:{PARTITION}:bedrock:us-east-1::foundation-model/{NOVA}",
        ),
        (
            BatchModel.application_inference_profile(APPLICATION, only_through_profile=True),
            APPLICATION,
            f"arn:{PARTITION}:bedrock:*::foundation-model/*",
        ),
    ],
    ids=["system-defined", "application"],
)
def test_by_choice_models_may_be_used_through_their_profile_only(
    stack: Stack, make_job: MakeJob, model: BatchModel, own: str, behind: str
) -> None:
    make_job(model=model)
    profile, models = Synthesized.of(stack).allowed("SummariesJobRole")["bedrock:InvokeModel"]
    assert (profile["Resource"], profile.get("Condition")) == (own, None)
    assert models["Resource"] == behind
    assert models["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": own}}
    assert not [text for text in warnings(stack) if "'model'" in text]


def test_a_profile_whose_models_nobody_tells_is_warned_of(stack: Stack, make_job: MakeJob) -> None:
    make_job(model=BatchModel.application_inference_profile(APPLICATION))
    (text,) = (text for text in warnings(stack) if "'model'" in text)
    assert "the service role may invoke any foundation model: give 'model_arns'" in text
    assert text.endswith("[ack: cdk-bedrock-batch:model:anyModel]")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (NOVA, f"begins with one of us, .*, got '{NOVA}': use BatchModel.foundation_model"),
        (f"usa.{NOVA}", "begins with one of us, "),
        ("nova", "begins with one of us, "),
        ("us.nova-lite-v1:0", "name the provider and the model after the geography"),
        ("us.", "must match the API's pattern for modelId"),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}", r"which is of foundation-model: use BatchModel\.found"),
        (APPLICATION, r"use BatchModel\.application_inference_profile"),
        (f"{PROFILES}{NOVA}", "name the provider and the model after the geography"),
        (f"{PROFILES}abcdefghijkl", "name the provider and the model after the geography"),
        (f"{PROFILES}eu.{NOVA}", "must be an inference profile of its Region, us-east-1, got"),
        (f"{PROFILES.replace('us-east-1', 'us-east1')}us.{NOVA}", "must have names of Regions, .* got 'us-east1'"),
        (
            f"{PROFILES.replace('us-east-1', 'us-gov-west-1')}us-gov.{NOVA}",
            "must be of the partition of its Region, aws",
        ),
    ],
)
def test_what_is_no_profile_is_refused(given: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BatchModel.inference_profile(given)


def test_a_profile_of_a_newer_geography_is_taken_by_its_arn(stack: Stack, make_job: MakeJob) -> None:
    arn = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/moon.{NOVA}"
    make_job(model=BatchModel.inference_profile(arn))
    (invoke,) = Synthesized.of(stack).allowed("SummariesJobRole")["bedrock:InvokeModel"]
    assert invoke["Resource"] == [arn, f"arn:{PARTITION}:bedrock:*::foundation-model/{NOVA}"]


@pytest.mark.parametrize("region", ["us-east1", "US-EAST-1", "us-east-9", "useast1", "", "Virginia"])
def test_what_is_no_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match=f"'regions' must have names of Regions, such as us-east-1, got '{region}'"):
        BatchModel.inference_profile(f"us.{NOVA}", regions=["us-west-2", region])


def test_regions_may_be_made_one_by_one(stack: Stack, make_job: MakeJob) -> None:
    make_job(model=BatchModel.inference_profile(f"us.{NOVA}", regions=(f"us-{side}-2" for side in ("east", "west"))))
    (invoke,) = Synthesized.of(stack).allowed("SummariesJobRole")["bedrock:InvokeModel"]
    assert invoke["Resource"] == [
        OWN,
        *(f"arn:{PARTITION}:bedrock:us-{s}-2::foundation-model/{NOVA}" for s in ("east", "west")),
    ]


def test_a_list_that_only_cloudformation_knows_is_refused(stack: Stack) -> None:
    listed = CfnParameter(stack, "Regions", type="CommaDelimitedList").value_as_list
    with pytest.raises(
        ValueError, match=r"'regions' must be a list whose items synth can count, .* give each item by it"
    ):
        BatchModel.inference_profile(f"us.{NOVA}", regions=listed)
    with pytest.raises(ValueError, match="'model_arns' must be a list whose items synth can count"):
        BatchModel.application_inference_profile(APPLICATION, model_arns=listed)


def test_a_region_that_the_geography_does_not_route_to_is_refused() -> None:
    with pytest.raises(ValueError, match=f"'regions' must be where the profile us.{NOVA} routes to, got 'eu-west-1'"):
        BatchModel.inference_profile(f"us.{NOVA}", regions=["us-west-2", "eu-west-1"])


@pytest.mark.parametrize(
    ("geography", "region"),
    [
        ("eu", "us-east-1"),
        ("us", "eu-west-1"),
        ("us", "us-gov-west-1"),
        ("us-gov", "us-east-1"),
        ("apac", "eu-central-1"),
        ("jp", "ap-southeast-2"),
        ("au", "ap-northeast-1"),
        ("ca", "us-east-1"),
        ("global", "us-gov-west-1"),
    ],
)
@pytest.mark.parametrize("form", ["id", "ARN"])
def test_a_profile_of_another_geography_is_refused_and_nothing_is_made(
    make_job: MakeJob, geography: str, region: str, form: str
) -> None:
    stack = stack_in(region)
    partition = "aws-us-gov" if "gov" in region else "aws"
    arn = f"arn:{partition}:bedrock:{region}:123456789012:inference-profile/{geography}.{NOVA}"
    given = arn if form == "ARN" else f"{geography}.{NOVA}"
    said = "an inference profile of its Region" if form == "ARN" else "there in the Region of the stack"
    with pytest.raises(ValueError, match=f"'model' must be {said}, {region}, got '{given}'"):
        make_job(scope=stack, model=BatchModel.inference_profile(given))
    assert not stack.node.children


@pytest.mark.parametrize(
    ("geography", "region"),
    [("eu", "eu-north-1"), ("us", "ca-central-1"), ("apac", "ap-south-1"), ("global", "sa-east-1"), ("jp", REGION)],
)
def test_a_profile_that_may_be_there_is_taken(make_job: MakeJob, geography: str, region: str) -> None:
    scope = Stack(App(), "Stack") if region == REGION else stack_in(region)
    assert make_job(scope=scope, model=BatchModel.inference_profile(f"{geography}.{NOVA}"))


@pytest.mark.parametrize("region", ["us-gov-west-1", "us-iso-east-1"])
def test_a_global_profile_stays_in_the_commercial_partition(region: str) -> None:
    with pytest.raises(
        ValueError, match=f"'regions' must be where the profile global.{NOVA} routes to, got '{region}'"
    ):
        BatchModel.inference_profile(f"global.{NOVA}", regions=[region])


def test_a_list_of_nothing_does_not_mean_everything() -> None:
    with pytest.raises(ValueError, match=r"'regions' must have at least one item, .* got none: leave it out for any"):
        BatchModel.inference_profile(f"us.{NOVA}", regions=[])
    with pytest.raises(ValueError, match="'model_arns' must have at least one item"):
        BatchModel.application_inference_profile(APPLICATION, model_arns=(each for each in ()))


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        ("arn:aws:bedrock:us-east1::foundation-model/", "must have names of Regions"),
        ("arn:aws:bedrock:us-gov-west-1::foundation-model/", "must be of the partition of its Region, aws-us-gov"),
    ],
)
def test_the_models_behind_are_in_regions(arn: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"'model_arns' {message}"):
        BatchModel.application_inference_profile(APPLICATION, model_arns=[f"{arn}{NOVA}"])


def test_the_models_behind_are_in_the_partition_of_the_stack(make_job: MakeJob) -> None:
    behind = f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}"
    model = BatchModel.application_inference_profile("abcdefghijkl", model_arns=[behind])
    with pytest.raises(ValueError, match="'model_arns' must be in the partition of its stack, aws-us-gov, got"):
        make_job(scope=stack_in("us-gov-west-1"), model=model)


def test_models_behind_may_be_anywhere_in_it(stack: Stack, make_job: MakeJob) -> None:
    arns = [f"arn:aws:bedrock:{region}::foundation-model/{NOVA}" for region in ("us-east-1", "*", "")]
    make_job(model=BatchModel.application_inference_profile(APPLICATION, model_arns=arns))
    (invoke,) = Synthesized.of(stack).allowed("SummariesJobRole")["bedrock:InvokeModel"]
    assert invoke["Resource"] == [APPLICATION, *arns]


@pytest.mark.parametrize("given", ["nova-lite", "abcdefghijkl", "my_model"])
@pytest.mark.parametrize("factory", ["foundation_model", "from_id"])
def test_what_names_no_provider_is_no_foundation_model(factory: str, given: str) -> None:
    with pytest.raises(ValueError, match=f"'model' must be the id of a foundation model, .* got '{given}': take it"):
        getattr(BatchModel, factory)(given)


def test_a_profile_in_the_arn_of_a_foundation_model_is_named_without_it() -> None:
    with pytest.raises(ValueError, match=rf"use BatchModel\.inference_profile\('us.{NOVA}'\)"):
        BatchModel.foundation_model(f"arn:aws:bedrock:us-east-1::foundation-model/us.{NOVA}")
