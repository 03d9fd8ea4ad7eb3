"""Roles that this app must not change: nothing of it is a policy of theirs, and what they need is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations, Match
from constructs import IConstruct

from cdk_bedrock_batch import BatchModel, InputData, OutputData, WaitUntil

from ..conftest import NOVA, MakeJob
from ..template import Synthesized, plain

ARN = "arn:aws:iam::123456789012:role/Mine"
DATA = {
    "input_data": InputData.from_uri("s3://records/in/"),
    "output_data": OutputData.to_uri("s3://results/out/"),
}
MANY = BatchModel.application_inference_profile(
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl",
    model_arns=[f"arn:aws:bedrock:us-east-1::foundation-model/vendor.a-model-with-a-long-name-{n}" for n in range(99)],
)
Choose = Callable[[Stack, Stack], iam.IRole]


def bedrock_role(stack: Stack) -> iam.Role:
    return iam.Role(stack, "Mine", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))


ROLES: dict[str, Choose] = {
    "imported": lambda stack, _: iam.Role.from_role_arn(stack, "Mine", ARN, mutable=False),
    "imported into another stack": lambda _, other: iam.Role.from_role_arn(other, "Mine", ARN, mutable=False),
    "by its name": lambda _, other: iam.Role.from_role_name(other, "Mine", "Mine", mutable=False),
    "of the stack": lambda stack, _: bedrock_role(stack).without_policy_updates(),
    "of another stack": lambda _, other: bedrock_role(other).without_policy_updates(),
}


def told(stack: Stack) -> list[list[dict[str, Any]]]:
    """What each job says that its role must be allowed."""
    found = Annotations.from_stack(stack).find_info("*", Match.string_like_regexp("'role' is one that"))
    # After the statements comes the name by which it is acknowledged.
    texts = [str(each.entry.data).partition("is allowed ")[2] for each in found]
    return [json.JSONDecoder().raw_decode(text)[0] for text in texts]


def policies_below(construct: IConstruct) -> list[str]:
    """The paths of policies in the tree, of which aspects see those too that the template does not have."""
    policies = (each for each in construct.node.find_all() if isinstance(each, iam.Policy | iam.ManagedPolicy))
    return [each.node.path for each in policies if "BedrockBatch" not in each.node.path]


@pytest.mark.parametrize("model", [BatchModel.foundation_model(NOVA), MANY], ids=["short", "long"])
@pytest.mark.parametrize("jobs", [1, 6])
@pytest.mark.parametrize("kind", ROLES)
def test_it_gets_no_policy(make_job: MakeJob, kind: str, jobs: int, model: BatchModel) -> None:
    app = App()
    stack, other = Stack(app, "Stack"), Stack(app, "Other")
    role = ROLES[kind](stack, other)
    for number in range(jobs):
        make_job(f"Job{number}", scope=stack, role=role, **DATA, model=model, wait_until=WaitUntil.FINISHED)
    assert policies_below(app) == []
    templates = json.dumps([Synthesized.of(each).template for each in (stack, other)])
    assert "bedrock:InvokeModel" not in templates
    assert "iam:DeleteRolePolicy" not in templates
    assert len(told(stack)) == jobs


def test_the_user_is_told_what_it_needs_as_cdk_reports_it(stack: Stack, make_job: MakeJob) -> None:
    results, key = s3.Bucket(stack, "Results"), kms.Key(stack, "Key")
    output = OutputData.to_bucket(results, "out", encryption_key=key)
    make_job(role=bedrock_role(stack).without_policy_updates(), output_data=output)
    ((*_, read, write, listing, encrypt, invoke),) = [sorted(each, key=_order) for each in told(stack)]
    ours = {"StringEquals": {"aws:ResourceAccount": "(ACCOUNT)"}}
    assert (read["Resource"], read["Condition"]) == (["arn:(PARTITION):s3:::records/prompts.jsonl"], ours)
    assert write["Resource"] == ["arn:(PARTITION):s3:::(Stack/Results/Resource.Ref)/out/*"]
    assert listing["Resource"] == ["arn:(PARTITION):s3:::records", "(Stack/Results/Resource.Arn)"]
    assert encrypt["Resource"] == ["(Stack/Key/Resource.Arn)"]
    assert encrypt["Condition"] == {"StringEquals": {"kms:ViaService": "s3.(REGION).(URL_SUFFIX)"}}
    assert invoke["Resource"] == [f"arn:(PARTITION):bedrock:(REGION)::foundation-model/{NOVA}"]


def _order(statement: dict[str, Any]) -> int:
    actions = ["s3:GetObject", "s3:PutObject", "s3:ListBucket", ["kms:Decrypt", "kms:GenerateDataKey"]]
    return [*actions, "bedrock:InvokeModel"].index(statement["Action"])


def test_what_is_changed_is_told_nothing(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    make_job("Given", role=bedrock_role(stack))
    make_job("Imported", role=iam.Role.from_role_arn(stack, "Theirs", ARN), **DATA)
    assert told(stack) == []


def test_where_cdk_grants_on_resources_bucket_and_key_let_it(stack: Stack, make_job: MakeJob) -> None:
    role = iam.Role.from_role_arn(stack, "Mine", ARN, mutable=False, add_grants_to_resources=True)
    records, results, key = s3.Bucket(stack, "Records"), s3.Bucket(stack, "Results"), kms.Key(stack, "Key")
    output = OutputData.to_bucket(results, "out", encryption_key=key)
    make_job(role=role, input_data=InputData.from_bucket(records, "in/"), output_data=output)
    template = Synthesized.of(stack)

    def let(kind: str, document: str) -> dict[str, Any]:
        policies = plain([properties[document]["Statement"] for properties in template.properties(kind)])
        said = [statement for policy in policies for statement in policy]
        return {str(each["Action"]): each["Resource"] for each in said if each["Principal"] == {"AWS": ARN}}

    assert let("AWS::S3::BucketPolicy", "PolicyDocument") == {
        "s3:GetObject": "arn:${AWS::Partition}:s3:::${Records}/in/*",
        "s3:ListBucket": "${Results.Arn}",
        "s3:PutObject": "arn:${AWS::Partition}:s3:::${Results}/out/*",
    }
    assert let("AWS::KMS::Key", "KeyPolicy") == {"['kms:Decrypt', 'kms:GenerateDataKey']": "*"}
    (needed,) = told(stack)
    assert [each["Action"] for each in needed] == ["bedrock:InvokeModel"]
    policies = template.all("AWS::S3::BucketPolicy").keys()
    assert policies <= template.needed(template.job_id)
