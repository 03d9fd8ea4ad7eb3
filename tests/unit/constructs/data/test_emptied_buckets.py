"""Buckets that CDK's function empties: it may see that it shall not any more, when they come to be retained."""

import pytest
from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam

from cdk_bedrock_batch import InputData

from ..conftest import MakeJob, RecordFile
from ..template import Synthesized, plain

EMPTIES, POLICY = "Custom::S3AutoDeleteObjects", "AWS::IAM::Policy"


def test_it_may_ask_for_the_tags_until_it_has_nothing_more_to_do(
    stack: Stack, make_job: MakeJob, record_file: RecordFile
) -> None:
    make_job(input_data=InputData.from_file(record_file()), removal_policy=RemovalPolicy.DESTROY)
    template = Synthesized.of(stack)
    names = set()
    for emptying in template.all(EMPTIES).values():
        (policy,) = (name for name in emptying["DependsOn"] if name in template.all(POLICY))
        properties = plain(template.resources[policy]["Properties"])
        (statement,) = properties["PolicyDocument"]["Statement"]
        bucket = emptying["Properties"]["BucketName"]["Ref"]
        assert plain(statement["Resource"]) == f"${{{bucket[:-8]}.Arn}}"
        assert (statement["Action"], statement["Effect"]) == ("s3:GetBucketTagging", "Allow")
        assert "S3AutoDeleteObjects" in properties["Roles"][0]
        names.add(properties["PolicyName"])
    assert len(names) == 2, "of one name there is one in a role"


def test_a_role_that_is_made_beforehand_is_left_alone(stack: Stack, make_job: MakeJob) -> None:
    iam.Role.customize_roles(stack)
    make_job(removal_policy=RemovalPolicy.DESTROY)
    assert not any("GetBucketTagging" in str(each) for each in Synthesized.of(stack).properties(POLICY))


@pytest.mark.parametrize("policy", [RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE])
def test_of_a_bucket_that_stays_there_is_nothing_to_ask(stack: Stack, make_job: MakeJob, policy: RemovalPolicy) -> None:
    make_job(removal_policy=policy)
    assert not Synthesized.of(stack).all(EMPTIES)
