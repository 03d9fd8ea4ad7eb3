"""Inference profiles: a role needs the profile, and the model in each Region that it routes to, through the profile."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from bedrock_local.bedrock.jobs.behaviours import Behaviours
from tests.local_aws.conftest import (
    ACCOUNT,
    JOBS_ARN,
    MODEL,
    MODEL_ARN,
    LocalAws,
    Statement,
    allow,
    policy,
    records,
    serve,
)

CREATE, INVOKE = "bedrock:CreateModelInvocationJob", "bedrock:InvokeModel"
US = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.{MODEL}"
WORLDWIDE = "amazon.nova-2-lite-v1:0"
GLOBAL = US.replace(f"/us.{MODEL}", f"/global.{WORLDWIDE}")
# Where the "us" profiles of Nova route to: "Supported Regions and models for inference profiles".
US_REGIONS = ("us-east-1", "us-east-2", "us-west-2")


def model_in(region: str) -> str:
    return MODEL_ARN.replace("us-east-1", region)


def through(profile: str) -> dict[str, dict[str, str]]:
    return {"StringEquals": {"bedrock:InferenceProfileArn": profile}}


def end(aws: LocalAws, model: str, *statements: Statement) -> str:
    bucket = aws.bucket({"in.jsonl": records()})
    role = aws.service_role(bucket, without=INVOKE)
    document = policy(*statements)
    aws.client("iam").put_role_policy(RoleName=role.rpartition("/")[2], PolicyName="model", PolicyDocument=document)
    job = aws.end(aws.start(bucket, roleArn=role, modelId=model))
    if job["status"] == "Failed":
        assert job["message"] == "Customer doesn't have permissions to invokeModel"
    return str(job["status"])


@pytest.mark.parametrize("name", [f"us.{MODEL}", US])
def test_the_profile_and_its_model_in_every_region_are_enough(aws: LocalAws, name: str) -> None:
    assert end(aws, name, allow(INVOKE, US, *map(model_in, US_REGIONS))) == "Completed"


@pytest.fixture(scope="module")
def telling() -> Iterator[LocalAws]:
    """Where the calls of a model tell through which profile they come."""
    with serve(behaviours='Behaviours(role_propagation=0, inference_profile_key="present")') as aws:
        yield aws


def test_a_condition_on_the_profile_allows_nothing_unless_batch_inference_tells_it(
    aws: LocalAws, telling: LocalAws
) -> None:
    models = allow(INVOKE, *map(model_in, US_REGIONS), **through(US))
    assert end(aws, f"us.{MODEL}", allow(INVOKE, US), models) == "Failed"
    assert end(telling, f"us.{MODEL}", allow(INVOKE, US), models) == "Completed"


@pytest.mark.parametrize("missing", [US, *map(model_in, US_REGIONS)])
def test_none_of_them_may_be_missing(aws: LocalAws, missing: str) -> None:
    needed = {US, *map(model_in, US_REGIONS)} - {missing}
    assert end(aws, f"us.{MODEL}", allow(INVOKE, *needed)) == "Failed"


def test_where_a_geography_routes_to_can_be_said() -> None:
    with serve(behaviours='Behaviours(role_propagation=0, profile_regions={"us": ("us-west-1",)})') as aws:
        needed = [US, model_in("us-east-1"), model_in("us-west-1")]
        assert end(aws, f"us.{MODEL}", allow(INVOKE, *needed)) == "Completed"
        assert end(aws, f"us.{MODEL}", allow(INVOKE, *needed[:2])) == "Failed"


def test_on_the_command_line_several_geographies_can() -> None:
    read = Behaviours.parse(["profile-regions=us:us-east-1,us-west-2;us-gov:us-gov-west-1"]).profile_regions
    assert read == {"us": ("us-east-1", "us-west-2"), "us-gov": ("us-gov-west-1",)}


def test_a_policy_for_another_profile_does_not_count(telling: LocalAws) -> None:
    models = allow(INVOKE, *map(model_in, US_REGIONS), **through(GLOBAL))
    assert end(telling, f"us.{MODEL}", allow(INVOKE, US), models) == "Failed"


def test_who_makes_a_job_never_tells_it(telling: LocalAws) -> None:
    """CreateModelInvocationJob has no such condition key in the service authorization reference."""
    arns = allow(CREATE, JOBS_ARN, US), allow(CREATE, *map(model_in, US_REGIONS), **through(US))
    bedrock = telling.client("bedrock", telling.user(*arns, allow("iam:PassRole", "*")))
    with pytest.raises(ClientError, match=f"{CREATE} on resource: "):
        bedrock.create_model_invocation_job(**telling.request(modelId=f"us.{MODEL}"))


HERE, ANYWHERE = (model_in(region).replace(MODEL, WORLDWIDE) for region in ("us-east-1", ""))


@pytest.mark.parametrize("missing", ["", GLOBAL, HERE, ANYWHERE])
def test_a_global_profile_needs_the_model_here_and_without_a_region(aws: LocalAws, missing: str) -> None:
    needed = {GLOBAL, HERE, ANYWHERE} - {missing}
    assert end(aws, f"global.{WORLDWIDE}", allow(INVOKE, *needed)) == ("Failed" if missing else "Completed")


@pytest.mark.parametrize("source", [MODEL_ARN, US])
def test_an_application_profile_stands_for_the_models_of_its_source(aws: LocalAws, source: str) -> None:
    made = aws.bedrock.create_inference_profile(inferenceProfileName="team", modelSource={"copyFrom": source})
    profile = made["inferenceProfileArn"]
    regions = US_REGIONS if source == US else ("us-east-1",)
    models = allow(INVOKE, *map(model_in, regions))
    assert end(aws, profile, models) == "Failed"
    assert end(aws, profile, allow(INVOKE, profile)) == "Failed"
    assert end(aws, profile, allow(INVOKE, profile), models) == "Completed"


def test_a_caller_needs_to_create_on_the_profile_and_its_models(aws: LocalAws) -> None:
    needed = [US, *map(model_in, US_REGIONS)]
    for missing in (*needed, None):
        allowed = allow(CREATE, JOBS_ARN, *(arn for arn in needed if arn != missing))
        bedrock = aws.client("bedrock", aws.user(allowed, allow("iam:PassRole", "*")))
        if missing:
            with pytest.raises(ClientError, match=f"{CREATE} on resource: {missing} because"):
                bedrock.create_model_invocation_job(**aws.request(modelId=f"us.{MODEL}"))
        else:
            assert bedrock.create_model_invocation_job(**aws.request(modelId=f"us.{MODEL}"))["jobArn"]
