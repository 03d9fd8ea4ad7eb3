"""What a modelId may be, and what comes back."""

import pytest

from tests.local_aws.conftest import ACCOUNT, MODEL, MODEL_ARN, LocalAws, records


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        (MODEL_ARN, MODEL_ARN),
        ("us.amazon.nova-lite-v1:0", f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.amazon.nova-lite-v1:0"),
        *(
            (model, f"arn:aws:bedrock:us-east-1::foundation-model/{model}")
            for model in (
                "nobody.new-model",
                "anthropic.claude-sonnet-9",
                "anthropic.claude-3-haiku-20240307-v1:0",
                "anthropic.claude-v2:1",
                "amazon.nova-lite-v1:0:300k",
                "amazon.titan-text-new-v1",
                "cohere.rerank-v3-9:0",
                "meta.llama9-8b-instruct-v1:0",
                "zai.glm-4.7",
            )
        ),
    ],
)
def test_whatever_looks_like_a_model_may_be_one_and_comes_back_as_an_arn(aws: LocalAws, model: str, shown: str) -> None:
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
        "amazon.nova-lite",
        "us.amazon.nova-lite",
        "meta.llama3-8b-instruct",
        "anthropic.claude-3-haiku",
        f"eu.{MODEL}",
        f"us-gov.{MODEL}",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/eu.{MODEL}",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:custom-model/{MODEL}/absentabsent",
        f"arn:aws:bedrock:eu-west-1::foundation-model/{MODEL}",
        f"arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/absent",
    ],
)
def test_what_cannot_be_a_model_is_invalid(aws: LocalAws, model: str) -> None:
    with pytest.raises(aws.bedrock.exceptions.ValidationException, match=r"The provided model identifier is invalid$"):
        aws.bedrock.create_model_invocation_job(**aws.request(modelId=model))


def test_a_provisioned_model_has_no_batch_inference(aws: LocalAws) -> None:
    arn = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:provisioned-model/abcdefghijkl"
    with pytest.raises(aws.bedrock.exceptions.ValidationException):
        aws.bedrock.create_model_invocation_job(**aws.request(modelId=arn))


def test_a_custom_model_of_the_account_is_one(aws: LocalAws) -> None:
    source = {"s3DataSource": {"s3Uri": "s3://bucket/model/"}}
    # The emulator makes the ARN of the name; ARNs of the service have the base model and an id there.
    name = f"{MODEL}/abcdefghijkl"
    custom = aws.bedrock.create_custom_model(modelName=name, modelSourceConfig=source)["modelArn"]
    bucket = aws.bucket({"in.jsonl": records()})
    for resource, status in ((MODEL_ARN, "Failed"), (custom, "Completed")):
        role = aws.service_role(bucket, model=resource)
        job = aws.end(aws.start(bucket, roleArn=role, modelId=custom))
        assert (job["status"], job["modelId"]) == (status, custom)
