"""The service role has exactly what its job needs: without any one permission the job fails, and says of which kind."""

import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from .gallery import GALLERY
from .jobs import Jobs
from .permissions import Permission, permissions, without
from .stacks import Deployed, Stacks

#: What a job says; of a key it says what S3 would not do without it. Other permissions are named as they are.
MESSAGES = {
    "bedrock:InvokeModel": "Customer doesn't have permissions to invokeModel",
    "kms:Decrypt": "Could not validate ",
    "kms:GenerateDataKey": "Could not validate PutObject permissions to access S3 bucket",
    "s3:GetObject": "Could not validate GetObject permissions to access S3 bucket",
    "s3:ListBucket": "Could not validate ListBucket permissions for S3URI",
    "s3:PutObject": "Could not validate PutObject permissions to access S3 bucket",
}
#: A job's name ends in two digests; what is before them is its folder's name, too.
_DIGESTS = 26
#: What Create takes of what Get tells.
FIELDS = (
    "modelId",
    "inputDataConfig",
    "outputDataConfig",
    "vpcConfig",
    "timeoutDurationInHours",
    "modelInvocationType",
)


class Understudies:
    """Roles like a job's own that lack one permission, and jobs like it with these roles."""

    def __init__(self, stacks: Stacks, arn: str) -> None:
        self.iam, self.bedrock = stacks.iam, stacks.bedrock
        self.job = self.bedrock.get_model_invocation_job(jobIdentifier=arn)
        name = self.job["roleArn"].rpartition("/")[2]
        self.trust = self.iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
        names = self.iam.list_role_policies(RoleName=name)["PolicyNames"]
        self.documents = [self.iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in names]

    def start(self, seen: set[str]) -> dict[Permission, str]:
        """Start a job for each permission that has not been seen, and return their ARNs."""
        started = {}
        for missing in permissions(self.documents):
            # Most permissions of the jobs of a stack differ by the job's own folder only.
            kind = f"{missing}{missing.condition}".replace(self.job["jobName"][:-_DIGESTS], "JOB")
            if kind not in seen:
                seen.add(kind)
                started[missing] = self._start(missing)
        return started

    def _start(self, missing: Permission) -> str:
        name = f"understudy-{uuid.uuid4()}"
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(self.trust))["Role"]["Arn"]
        for index, document in enumerate(self.documents):
            lacking = without(document, missing)
            if lacking["Statement"]:
                policy = {"PolicyName": f"p{index}", "PolicyDocument": json.dumps(lacking)}
                self.iam.put_role_policy(RoleName=name, **policy)
        fields = {field: self.job[field] for field in FIELDS if field in self.job}
        made = self.bedrock.create_model_invocation_job(jobName=name, roleArn=role, **fields)
        return str(made["jobArn"])


@pytest.mark.parametrize("name", GALLERY)
def test_each_permission_of_the_service_role_is_needed(
    gallery: dict[str, Deployed], stacks: Stacks, jobs: Jobs, name: str
) -> None:
    assert _all_problems(stacks, jobs, gallery[name].jobs) == []


def test_a_superfluous_permission_is_found(gallery: dict[str, Deployed], stacks: Stacks, jobs: Jobs) -> None:
    generous = {"Without": gallery["Network"].jobs["Without"]}
    name = jobs.get(generous["Without"])["roleArn"].rpartition("/")[2]
    statement = {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    stacks.iam.put_role_policy(RoleName=name, PolicyName="generous", PolicyDocument=document)
    problems = _all_problems(stacks, jobs, generous)
    assert problems == ["Without has a superfluous permission: s3:DeleteObject on *"]


def _all_problems(stacks: Stacks, jobs: Jobs, deployed: Mapping[str, str]) -> list[str]:
    seen: set[str] = set()
    started = [
        (job, missing, understudy)
        for job, arn in deployed.items()
        for missing, understudy in Understudies(stacks, arn).start(seen).items()
    ]
    ended = [(job, missing, jobs.ended(understudy)) for job, missing, understudy in started]
    return [problem for job, missing, end in ended for problem in _problems(job, missing, end)]


def _problems(job: str, missing: Permission, end: Mapping[str, Any]) -> Iterator[str]:
    if end["status"] == "Completed":
        yield f"{job} has a superfluous permission: {missing}"
    elif MESSAGES.get(missing.action, missing.action) not in end.get("message", ""):
        yield f"{job} without {missing} ended as {end['status']}: {end.get('message')}"
