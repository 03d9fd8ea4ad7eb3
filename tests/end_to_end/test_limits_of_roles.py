"""What the roles cannot do, although it lies beside what they can."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError

from bedrock_local.environment import ACCOUNT
from cdk_bedrock_batch import BatchModel, WaitUntil

from .accounts import OTHER, client_of
from .assets import ASSETS
from .gallery import FOUNDATION, MODEL, job, jsonl, records
from .holder import Holder
from .jobs import ENDED, Jobs
from .stacks import Deployed, Stacks

MICRO = "amazon.nova-micro-v1:0"
FIELDS = ("modelId", "inputDataConfig", "outputDataConfig")


def denied(call: Callable[..., Any], **arguments: Any) -> bool:
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
    return False


def place(uri: str) -> dict[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": key}


def source(job: Any) -> dict[str, str]:
    return place(job["inputDataConfig"]["s3InputDataConfig"]["s3Uri"])


def target(job: Any) -> dict[str, str]:
    folder = place(job["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"])
    return {**folder, "Key": f"{folder['Key']}some/results.out"}


@pytest.fixture(scope="module")
def own(gallery: dict[str, Deployed], jobs: Jobs) -> Any:
    return jobs.ended(gallery["Inputs"].jobs["Records"])


@pytest.fixture(scope="module")
def neighbour(gallery: dict[str, Deployed], jobs: Jobs) -> Any:
    """A job of the same stack, whose data are in the same buckets."""
    return jobs.ended(gallery["Inputs"].jobs["File"])


def role_of(job: Any) -> str:
    return str(job["roleArn"].rpartition("/")[2])


def test_the_service_role_reaches_the_data_of_its_job_only(stacks: Stacks, own: Any, neighbour: Any) -> None:
    s3 = Holder(stacks, role_of(own)).client("s3")
    assert s3.get_object(**source(own))["Body"].read() == jsonl(records())
    s3.put_object(**target(own), Body=b"")
    assert denied(s3.get_object, **source(neighbour))
    assert denied(s3.put_object, **target(neighbour), Body=b"")
    # Nor does it change what it reads, or read and remove what it has written.
    assert denied(s3.put_object, **source(own), Body=b"")
    assert denied(s3.get_object, **target(own))
    assert denied(s3.delete_object, **target(own))
    assert denied(s3.delete_object, **source(own))


def test_the_service_role_uses_a_key_through_s3_only(stacks: Stacks, gallery: dict[str, Deployed], jobs: Jobs) -> None:
    encrypted = jobs.ended(gallery["Keys"].jobs["OfTheJob"])
    key = encrypted["outputDataConfig"]["s3OutputDataConfig"]["s3EncryptionKeyId"]
    holder = Holder(stacks, role_of(encrypted))
    holder.client("s3").put_object(**target(encrypted), Body=b"", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    assert denied(holder.client("kms").generate_data_key, KeyId=key, KeySpec="AES_256")
    secret = stacks.aws.client("kms").encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    assert denied(holder.client("kms").decrypt, CiphertextBlob=secret, KeyId=key)


@pytest.mark.parametrize(
    ("name", "model"),
    [("Foundation", MICRO), ("Foundation", f"us.{MODEL}"), ("ThroughProfile", MODEL)],
    ids=["another-model", "its-model-by-a-profile", "the-model-behind-its-profile"],
)
def test_the_service_role_uses_its_model_only(
    stacks: Stacks, gallery: dict[str, Deployed], jobs: Jobs, name: str, model: str
) -> None:
    deployed = jobs.ended(gallery["Models"].jobs[name])
    fields = {field: deployed[field] for field in FIELDS} | {
        "modelId": model,
        "jobName": f"Beside-{model.split(':', maxsplit=1)[0]}",
    }
    made = stacks.bedrock.create_model_invocation_job(roleArn=deployed["roleArn"], **fields)
    assert jobs.ended(made["jobArn"])["message"] == "Customer doesn't have permissions to invokeModel"


def test_the_service_role_is_for_jobs_of_this_account_and_region_only(stacks: Stacks, own: Any, jobs: Jobs) -> None:
    refusal = "Could not assume provided IAM role"
    fields = {field: own[field] for field in FIELDS} | {"modelId": f"us.{MODEL}", "jobName": "Elsewhere"}
    trust = stacks.iam.get_role(RoleName=role_of(own))["Role"]["AssumeRolePolicyDocument"]
    copied = client_of(stacks.aws, "iam", OTHER).create_role(
        RoleName="same-trust", AssumeRolePolicyDocument=json.dumps(trust)
    )
    elsewhere = [
        (client_of(stacks.aws, "bedrock", ACCOUNT, region="us-west-2"), own["roleArn"]),
        (client_of(stacks.aws, "bedrock", OTHER), copied["Role"]["Arn"]),
    ]
    for client, role in elsewhere:
        arn = client.create_model_invocation_job(roleArn=role, **fields)["jobArn"]
        assert refusal in jobs.ended(arn, client)["message"]


def test_nobody_but_bedrock_takes_the_service_role(stacks: Stacks, own: Any) -> None:
    for account in (ACCOUNT, OTHER):
        assert denied(
            client_of(stacks.aws, "sts", account).assume_role, RoleArn=own["roleArn"], RoleSessionName="somebody"
        )


def test_only_who_is_granted_a_model_makes_jobs_and_only_with_that(stacks: Stacks, own: Any, jobs: Jobs) -> None:
    def build(stack: Stack) -> None:
        service = iam.Role.from_role_arn(stack, "Service", own["roleArn"])
        for name, model in (("Granted", FOUNDATION), ("Beside", BatchModel.foundation_model(MICRO))):
            somebody = iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal())
            service.grant_pass_role(somebody)
            model.grant_batch_inference(somebody)

    deployed, fields = stacks.deploy(build, "GrantedModels"), {field: own[field] for field in FIELDS}
    wanted = {"jobName": "BySomebody", "roleArn": own["roleArn"], **fields, "modelId": MODEL}
    granted, beside = (
        Holder(stacks, deployed.of_type("AWS::IAM::Role", name)).client("bedrock").create_model_invocation_job
        for name in ("Granted", "Beside")
    )
    assert jobs.ended(granted(**wanted)["jobArn"])["status"] == "Completed"
    assert denied(granted, **{**wanted, "modelId": MICRO})
    assert denied(beside, **wanted)


@pytest.fixture(scope="module")
def function(stacks: Stacks, gallery: dict[str, Deployed]) -> Holder:
    return Holder(stacks, gallery["Inputs"].of_type("AWS::IAM::Role", "BedrockBatchProviderRole"))


def test_the_function_passes_the_roles_of_its_stack_for_its_models_only(
    function: Holder, stacks: Stacks, own: Any, gallery: dict[str, Deployed], jobs: Jobs
) -> None:
    create = function.client("bedrock").create_model_invocation_job
    fields = {field: own[field] for field in FIELDS} | {"modelId": MODEL, "jobName": "ByTheFunction"}
    assert jobs.ended(create(roleArn=own["roleArn"], **fields)["jobArn"])["status"] == "Completed"
    other = jobs.ended(gallery["Outputs"].jobs["Own"])["roleArn"]
    assert denied(create, roleArn=other, **fields)
    assert denied(create, roleArn=own["roleArn"], **{**fields, "modelId": MICRO})
    to_somebody_else = stacks.iam.get_role(RoleName=role_of(own))["Role"]["Arn"]
    arguments = {"FunctionName": "f", "Runtime": "python3.13", "Handler": "f.f", "Code": {"ZipFile": b""}}
    assert denied(function.client("lambda").create_function, Role=to_somebody_else, **arguments)


def test_the_function_puts_its_assets_in_place_and_reaches_no_other_data(
    function: Holder, stacks: Stacks, own: Any, neighbour: Any
) -> None:
    s3 = function.client("s3")
    for each in (own, neighbour):
        beside = {**source(each), "Key": f"{source(each)['Key']}-beside"}
        s3.put_object(**beside, Body=b"")
        assert denied(s3.get_object, **beside)
        assert denied(s3.put_object, **target(each), Body=b"")
        assert denied(s3.get_object, **target(each))
        # What it has put in place it may take back; results are nobody's but the user's.
        assert denied(s3.delete_object, **target(each))
    stacks.s3.put_object(Bucket=ASSETS, Key="somebody-elses", Body=b"")
    assert denied(s3.get_object, Bucket=ASSETS, Key="somebody-elses")
    assert denied(s3.put_object, Bucket=ASSETS, Key="somebody-elses", Body=b"")


def test_the_function_sees_its_own_stack_only(function: Holder, gallery: dict[str, Deployed]) -> None:
    describe = function.client("cloudformation").describe_stacks
    assert describe(StackName=gallery["Inputs"].stack_id)["Stacks"]
    assert denied(describe, StackName=gallery["Models"].stack_id)


def test_the_function_of_a_stack_stops_no_job_of_another_stack(stacks: Stacks, jobs: Jobs) -> None:
    """Its role may stop any job of the account, for their ids are not known before; its code stops its own only."""

    def build(stack: Stack) -> None:
        job(stack, "Job", wait_until=WaitUntil.VALIDATED)

    with stacks.aws.faults.hold("InProgress", job_name="Apart"):
        ours, theirs = (stacks.deploy(build, f"Apart{name}") for name in ("Ours", "Theirs"))
        assert ours.ask("Delete", "Job", PhysicalResourceId=theirs.jobs["Job"])["Status"] == "SUCCESS"
        assert jobs.in_status(theirs.jobs["Job"], "InProgress", *ENDED)["status"] == "InProgress"
        assert ours.ask("Delete", "Job", PhysicalResourceId=ours.jobs["Job"])["Status"] == "SUCCESS"
        assert jobs.ended(ours.jobs["Job"])["status"] == "Stopped"
