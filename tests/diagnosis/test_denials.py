"""One denial in each kind of policy beside the role's own, and what is wrong beside policies."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bedrock_batch import Finding
from cdk_bedrock_batch import BatchModel
from tests.diagnosis.world import World, denies, everything, untold, wrong
from tests.local_aws.conftest import ACCOUNT, MODEL, LocalAws, allow, policy, records, trust

OTHER = "111122223333"
OWNER = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
ALL_OF_KMS: Mapping[str, Any] = {"Effect": "Allow", "Principal": OWNER, "Action": "kms:*", "Resource": "*"}


@pytest.fixture
def world(aws: LocalAws) -> World:
    """One of its own, whose policies the test changes."""
    return World(aws, BatchModel.foundation_model(MODEL))


def first_of(world: World, status: str = "Failed", role: str | None = None, **changes: Any) -> Finding:
    """Run the job and diagnose it; it ends so, and something is wrong."""
    job = world.run(role or world.role(), **changes)
    end = world.aws.end(job.arn)
    assert end["status"] == status, end
    first = world.diagnose(job).findings[0]
    assert first.verdict == "wrong", first
    return first


def bucket_policy(world: World, *statements: Mapping[str, Any]) -> None:
    world.client("s3").put_bucket_policy(Bucket=world.things.bucket, Policy=policy(*statements))


def key_policy(world: World, key: str, *statements: Mapping[str, Any]) -> None:
    world.client("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=policy(*statements))


def test_trust_in_somebody_else(world: World) -> None:
    elsewhere = json.loads(policy({**trust(), "Principal": {"Service": "lambda.amazonaws.com"}}))
    first = first_of(world, role=world.role(elsewhere))
    assert first.check == "the role's trust policy"
    mended = json.loads(first.mends[first.mends.index("{") : first.mends.rindex("}") + 1])
    assert first_of_all_right(world, world.role({"Version": "2012-10-17", "Statement": [mended]}))


def first_of_all_right(world: World, role: str) -> bool:
    job = world.run(role)
    return world.aws.end(job.arn)["status"] == "Completed" and world.diagnose(job).ok


def test_trust_with_a_deny_of_the_job(world: World) -> None:
    deny = {**trust(ArnLike={"aws:SourceArn": "arn:aws:bedrock:*:*:model-invocation-job/*"}), "Effect": "Deny"}
    first = first_of(world, role=world.role(json.loads(policy(trust(), deny))))
    assert first.says.startswith("statement 2 denies sts:AssumeRole by bedrock.amazonaws.com")


@pytest.mark.parametrize(
    ("action", "at"), [("s3:ListBucket", ""), ("s3:GetObject", "/in/b.jsonl"), ("s3:PutObject", "/*/b.jsonl.out")]
)
def test_a_bucket_policy_that_denies(world: World, action: str, at: str) -> None:
    resource = f"arn:aws:s3:::{world.things.bucket}{at}"
    bucket_policy(world, {"Sid": "Shut", **denies(action, resource, Principal="*")})
    first = first_of(world)
    assert first.check == action
    assert f'the bucket policy of {world.things.bucket} denies it (statement "Shut")' in first.says
    assert "let that Deny not apply" in first.mends


def test_a_bucket_policy_that_wants_https_denies_nothing(world: World) -> None:
    plain = denies("s3:*", "*", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    bucket_policy(world, plain)
    assert first_of_all_right(world, world.role())


def test_a_bucket_policy_about_networks_or_organizations_cannot_be_told(world: World) -> None:
    for key in ("aws:SourceVpce", "aws:PrincipalOrgID", "aws:SourceIp"):
        bucket_policy(world, denies("s3:*", "*", Principal="*", Condition={"StringNotEquals": {key: "x"}}))
        diagnosis = world.diagnose(world.run(world.role()))
        asked = {finding.check for finding in untold(diagnosis)}
        assert {"s3:ListBucket", "s3:GetObject", "s3:PutObject"} <= asked
        assert all(key in finding.says for finding in untold(diagnosis) if finding.check.startswith("s3:"))


def test_a_bucket_policy_that_allows_is_enough_in_the_account(world: World) -> None:
    statements = [each for each in world.declared.policy["Statement"] if "s3:" not in str(each["Action"])]
    role = world.role(None, {**world.declared.policy, "Statement": statements})
    assert first_of(world, role=role).check.startswith("s3:")
    both = [f"arn:aws:s3:::{world.things.bucket}", f"arn:aws:s3:::{world.things.bucket}/*"]
    bucket_policy(world, {**allow("s3:*", *both), "Principal": {"AWS": role}})
    assert first_of_all_right(world, role)
    # Whom it names by the account only, needs policies of its own.
    bucket_policy(world, {**allow("s3:*", *both), "Principal": OWNER})
    assert first_of(world, role=role).check.startswith("s3:")


@pytest.mark.parametrize("used", ["input", "output"])
def test_a_key_policy_that_denies(world: World, used: str) -> None:
    key = world.things.input_key if used == "input" else world.things.output_key
    action = "kms:Decrypt" if used == "input" else "kms:GenerateDataKey"
    key_policy(world, key, ALL_OF_KMS, {"Sid": "Shut", **denies(action, Principal={"AWS": "*"})})
    first = first_of(world)
    assert (first.check, key in first.says) == (action, True)
    assert f'the key policy of {key} denies it (statement "Shut")' in first.says


def test_a_key_policy_that_does_not_let_the_account_in(world: World) -> None:
    admins = {**ALL_OF_KMS, "Action": ["kms:Put*", "kms:Describe*", "kms:Get*", "kms:List*"]}
    key_policy(world, world.things.input_key, admins)
    first = first_of(world)
    assert first.check == "kms:Decrypt"
    assert "does not allow it" in first.says
    statement = json.loads(first.mends[first.mends.index("{") :])
    role = statement["Principal"]["AWS"]
    key_policy(world, world.things.input_key, admins, statement)
    assert first_of_all_right(world, role)


def test_a_key_that_is_disabled(world: World) -> None:
    world.client("kms").disable_key(KeyId=world.things.output_key)
    first = first_of(world)
    assert (first.check, first.mends) == ("the key", "enable it")
    assert first.says == f"{world.things.output_key} is Disabled"


def test_a_boundary_that_leaves_something_out(world: World) -> None:
    boundary = everything(denies("bedrock:*"))
    first = first_of(world, role=world.role(boundary=boundary))
    assert first.check == "bedrock:InvokeModel"
    assert "the role's permissions boundary denies it" in first.says
    narrow = json.loads(policy(allow(["s3:*", "kms:*", "ec2:*"], "*")))
    first = first_of(world, role=world.role(boundary=narrow))
    assert "the role's permissions boundary does not allow it" in first.says
    assert first_of_all_right(world, world.role(boundary=everything()))


def test_an_endpoint_policy_that_denies_or_leaves_out(world: World) -> None:
    ec2 = world.client("ec2")

    def let(*statements: Mapping[str, Any]) -> None:
        ec2.modify_vpc_endpoint(VpcEndpointId=world.endpoint, PolicyDocument=policy(*statements))

    everybody = {**allow("*", "*"), "Principal": "*"}
    let(everybody, denies("s3:PutObject", Principal="*"))
    # No request goes through an endpoint in the local AWS.
    first = first_of(world, "Completed")
    assert first.check == "s3:PutObject"
    assert f"the policy of {world.endpoint} denies it" in first.says
    let({**allow("s3:Get*", "*"), "Principal": "*"})
    assert f"the policy of {world.endpoint} does not allow it" in first_of(world, "Completed").says
    let({**allow("*", "*"), "Principal": OWNER})
    assert untold(world.diagnose(world.run(world.role())))


def test_a_deny_of_the_role_itself(world: World) -> None:
    first = first_of(world, role=world.role(None, everything(denies("s3:PutObject", Sid="Shut"))))
    assert (first.check, 'a policy of the role denies it (statement "Shut" of p0)' in first.says) == (
        "s3:PutObject",
        True,
    )


def test_a_role_that_is_gone(world: World) -> None:
    first = first_of(world, role=f"arn:aws:iam::{ACCOUNT}:role/absent")
    assert first.says == f"arn:aws:iam::{ACCOUNT}:role/absent does not exist"


def test_a_role_with_another_path(world: World) -> None:
    role = world.role()
    first = first_of(world, role=role.replace(":role/", ":role/team/"))
    assert first.says.endswith(f"; there is {role}, whose path is another")


def test_a_bucket_that_is_gone_or_elsewhere_or_somebody_elses(world: World, aws: LocalAws) -> None:
    def reads(bucket: str, **more: str) -> dict[str, Any]:
        return {"inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{bucket}/in/", **more}}}

    everywhere = world.role(None, everything())
    gone = first_of(world, role=everywhere, **reads("no-such-bucket-at-all"))
    assert (gone.check, gone.says) == ("the bucket", "no-such-bucket-at-all does not exist")
    # Nobody is told to write a policy for what is not there.
    job = world.run(world.role(None, everything(denies("s3:List*"))), **reads("no-such-bucket-at-all"))
    assert [each.check for each in wrong(world.diagnose(job))] == ["the bucket", "s3:ListBucket"]
    away = f"{world.things.bucket}-eu"
    aws.client("s3", region="eu-west-1").create_bucket(
        Bucket=away, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    assert (
        first_of(world, role=everywhere, **reads(away)).says == f"{away} is in eu-west-1, and the job is in us-east-1"
    )
    foreign = first_of(world, role=everywhere, **reads(world.things.bucket, s3BucketOwner=OTHER))
    assert foreign.says == f"{world.things.bucket} does not belong to account {OTHER}"


def test_an_input_without_records(world: World) -> None:
    empty = {"inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{world.things.bucket}/nothing/"}}}
    first = first_of(world, role=world.role(None, everything()), **empty)
    assert first.says == f"s3://{world.things.bucket}/nothing/ has no object that ends in .jsonl"


def test_an_archived_file_is_not_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = world.run(world.role())
    s3 = world.client("s3")
    listed = s3.list_objects_v2
    status: dict[str, Any] = {"StorageClass": "DEEP_ARCHIVE"}

    def archived(**options: Any) -> Any:
        found = listed(**options)
        return {**found, "Contents": [{**each, **status} for each in found["Contents"]]}

    monkeypatch.setattr(s3, "list_objects_v2", archived)
    first = world.diagnose(job).findings[0]
    assert (first.check, first.says) == ("the input", "in/a.jsonl is archived in DEEP_ARCHIVE, and not restored")
    status["RestoreStatus"] = {"IsRestoreInProgress": True}
    assert wrong(world.diagnose(job))
    status["RestoreStatus"] = {"IsRestoreInProgress": False, "RestoreExpiryDate": "2099-01-01"}
    assert world.diagnose(job).ok


def test_what_mends_a_whole_bucket_is_about_no_other(world: World) -> None:
    whole = {"inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{world.things.bucket}/"}}}
    lacking = json.loads(policy(allow(["s3:ListBucket", "s3:PutObject", "kms:*", "bedrock:*", "ec2:*"], "*")))
    first = first_of(world, role=world.role(None, lacking), **whole)
    assert json.loads(first.mends[first.mends.index("{") :])["Resource"] == f"arn:aws:s3:::{world.things.bucket}/*"


def test_too_few_records_are_a_matter_for_check(world: World) -> None:
    world.client("s3").put_object(Bucket=world.things.bucket, Key="few/a.jsonl", Body=b'{"modelInput": {}}\n')
    few = {"inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{world.things.bucket}/few/"}}}
    found = wrong(world.diagnose(world.run(world.role(None, everything()), **few)))
    assert [(each.check, "bedrock-batch check s3://" in each.mends) for each in found] == [("the records", True)]


def test_a_job_that_was_mended_since_says_so(world: World) -> None:
    role = world.role(None, everything(denies("s3:PutObject")))
    job = world.run(role)
    name = role.rpartition("/")[2]
    world.iam.put_role_policy(RoleName=name, PolicyName="p0", PolicyDocument=json.dumps(everything()))
    diagnosis = world.diagnose(job)
    # Why it failed is not told: nobody should take that for a good end.
    assert (wrong(diagnosis), diagnosis.ok) == ([], False)
    assert [each.check for each in untold(diagnosis)] == ["the failure"]


def test_a_bucket_that_asks_for_the_header_of_encryption_is_the_likely_cause(world: World) -> None:
    header = "s3:x-amz-server-side-encryption"
    asks = {"StringNotEquals": {header: "aws:kms"}}
    objects = f"arn:aws:s3:::{world.things.bucket}/*"
    everybody = world.role(None, everything())
    whole = {"outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://{world.things.bucket}/out/"}}}
    bucket_policy(world, denies("s3:PutObject", objects, Principal="*", Condition=asks))
    job = world.run(everybody, **whole)
    assert world.aws.end(job.arn)["status"] == "Failed"
    diagnosis = world.diagnose(job)
    likely, failure, *_ = diagnosis.findings
    assert (likely.check, "(and the same of 2 other resources)" in likely.says) == ("s3:PutObject", True)
    assert failure.says.startswith("most likely s3:PutObject, above, explains")
    assert (diagnosis.ok, f'"Null": {{"{header}": "false"}}' in likely.mends) == (False, True)
    # What it says mends it.
    bucket_policy(world, denies("s3:PutObject", objects, Principal="*", Condition={**asks, "Null": {header: "false"}}))
    assert world.aws.end(world.run(everybody, **whole).arn)["status"] == "Completed"


def test_records_that_failed_are_told_of_a_job_that_completed(world: World) -> None:
    lines = records().splitlines(keepends=True)
    broken = b'{"recordId": "broken", "modelInput": {"messages": "none"}}\n'
    world.client("s3").put_object(Bucket=world.things.bucket, Key="some/a.jsonl", Body=b"".join([*lines[1:], broken]))
    some = {"inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{world.things.bucket}/some/"}}}
    diagnosis = world.diagnose(world.run(world.role(None, everything()), **some))
    (found,) = untold(diagnosis)
    assert (diagnosis.status, diagnosis.ok) == ("Completed", True)
    assert (found.check, found.says) == ("the records", "1 of 100 failed")
    assert f"bedrock-batch check s3://{world.things.bucket}/some/ --model" in found.mends


def test_a_subnet_without_a_way_to_s3(world: World) -> None:
    world.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[world.endpoint])
    first = first_of(world, "Completed")
    assert (first.check, first.says) == ("the way to S3", f"{world.things.subnet} has no route to S3")
    assert "add_gateway_endpoint" in first.mends


def test_only_large_results_need_decrypt_of_the_output(world: World) -> None:
    small = [
        {**each, "Action": "kms:GenerateDataKey"} if "kms:GenerateDataKey" in each["Action"] else each
        for each in world.declared.policy["Statement"]
    ]
    job = world.run(world.role(None, {**world.declared.policy, "Statement": small}))
    diagnosis = world.diagnose(job)
    assert (world.aws.end(job.arn)["status"], wrong(diagnosis)) == ("Completed", [])
    (finding,) = untold(diagnosis)
    assert (finding.check, "uploaded in parts" in finding.says) == ("kms:Decrypt", True)
