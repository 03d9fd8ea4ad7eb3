"""Jobs that are not the usual one: through a profile only, with an alias for a key, over another account's bucket."""

import pytest

from bedrock_batch import Diagnosis
from cdk_bedrock_batch import BatchModel
from tests.diagnosis.world import Job, World, everything, untold, wrong
from tests.end_to_end.accounts import OTHER
from tests.local_aws.conftest import ACCOUNT, MODEL, LocalAws, allow, policy, records

ACTIONS = ("s3:GetObject", "s3:ListBucket")
VIA_S3 = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}


def status(world: World, job: Job) -> str:
    return str(world.aws.end(job.arn)["status"])


def checks(diagnosis: Diagnosis) -> tuple[set[str], set[str]]:
    """What is wrong, and what cannot be told."""
    return {each.check for each in wrong(diagnosis)}, {each.check for each in untold(diagnosis)}


def test_a_condition_on_the_profile_is_left_open_for_nobody_documents_it(aws: LocalAws) -> None:
    profile = BatchModel.inference_profile(
        f"us.{MODEL}", regions=("us-east-1", "us-east-2", "us-west-2"), only_through_profile=True
    )
    world = World(aws, profile)
    job = world.run(world.role())
    assert status(world, job) == "Failed"
    diagnosis = world.diagnose(job)
    assert checks(diagnosis) == (set(), {"bedrock:InvokeModel", "the failure"})
    first = next(each for each in untold(diagnosis) if each.check == "bedrock:InvokeModel")
    assert "has StringEquals bedrock:InferenceProfileArn" in first.says


def test_an_alias_is_judged_as_what_its_key_is_called(world: World, aws: LocalAws) -> None:
    kms, name = aws.client("kms"), f"alias/{world.things.bucket}"
    kms.create_alias(AliasName=name, TargetKeyId=world.things.output_key)
    through = VIA_S3 | {"ForAnyValue:StringEquals": {"kms:ResourceAliases": name}}
    kept = [each for each in world.declared.policy["Statement"] if world.things.output_key not in str(each)]
    allowed = allow(["kms:Decrypt", "kms:GenerateDataKey"], f"arn:aws:kms:us-east-1:{ACCOUNT}:key/*", **through)
    role = world.role(None, {"Version": "2012-10-17", "Statement": [*kept, allowed]})
    output = {"s3Uri": f"s3://{world.things.bucket}/out/", "s3EncryptionKeyId": name}
    job = world.run(role, outputDataConfig={"s3OutputDataConfig": output})
    # The role may write where the construct has put the results only: what is about the key is asked here.
    found = {each.check: each.verdict.value for each in world.diagnose(job).findings if "the output" in each.says}
    assert found["kms:GenerateDataKey"] == "right"
    kms.delete_alias(AliasName=name)
    kms.create_alias(AliasName=f"{name}-2", TargetKeyId=world.things.output_key)
    output["s3EncryptionKeyId"] = f"{name}-2"
    other = world.run(role, outputDataConfig={"s3OutputDataConfig": output})
    assert status(world, other) == "Failed"
    assert "kms:GenerateDataKey" in checks(world.diagnose(other))[0]
    kms.delete_alias(AliasName=f"{name}-2")


@pytest.mark.parametrize("opened", [False, True])
def test_what_another_account_allows_only_that_account_can_be_asked(
    world: World, aws: LocalAws, *, opened: bool
) -> None:
    s3, bucket = aws.client("s3", aws.root(OTHER)), f"{world.things.bucket}-{opened}".lower()
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="in/a.jsonl", Body=records())
    if opened:
        both = (f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*")
        s3.put_bucket_policy(Bucket=bucket, Policy=policy({**allow(ACTIONS, *both), "Principal": {"AWS": ACCOUNT}}))
    source = {"s3InputDataConfig": {"s3Uri": f"s3://{bucket}/in/", "s3BucketOwner": OTHER}}
    job = world.run(world.role(None, everything()), inputDataConfig=source)
    assert status(world, job) == ("Completed" if opened else "Failed")
    diagnosis = world.diagnose(job)
    found_wrong, found_open = checks(diagnosis)
    assert found_wrong == set()
    assert "s3:ListBucket" in found_open
