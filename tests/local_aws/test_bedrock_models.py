"""What a modelId may be, and what comes back."""

import pytest

from tests.local_aws.conftest import ACCOUNT, MODEL, MODEL_ARN, LocalAws


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        (MODEL_ARN, MODEL_ARN),
        ("us.amazon.nova-lite-v1:0", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.amazon.nova-lite-v1:0"),
        ("nobody.new-model", "arn:aws:bedrock:us-east-1::foundation-model/nobody.new-model"),
    ],
)
def test_whatever_looks_like_a_model_is_one_and_comes_back_as_an_arn(aws: LocalAws, model: str, shown: str) -> None:
    arn = aws.bedrock.create_model_invocation_job(**aws.request(modelId=model))["jobArn"]
    assert aws.bedrock.get_model_invocation_job(jobIdentifier=arn)["modelId"] == shown


def test_an_application_inference_profile_stands_for_its_model(aws: LocalAws) -> None:
    profile = aws.bedrock.create_inference_profile(inferenceProfileName="team", modelSource={"copyFrom": MODEL_ARN})[
        "inferenceProfileArn"
    ]
    arn = aws.bedrock.create_model_invocation_job(**aws.request(modelId=profile))["jobArn"]
    assert aws.bedrock.get_model_invocation_job(jobIdentifier=arn)["modelId"] == profile


@pytest.mark.parametrize(
    "model",
    [
        "nonsense",
        f"arn:aws:bedrock:eu-west-1::foundation-model/{MODEL}",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/absent",
    ],
)
def test_what_cannot_be_a_model_is_invalid(aws: LocalAws, model: str) -> None:
    with pytest.raises(aws.bedrock.exceptions.ValidationException, match=r"The provided model identifier is invalid$"):
        aws.bedrock.create_model_invocation_job(**aws.request(modelId=model))
