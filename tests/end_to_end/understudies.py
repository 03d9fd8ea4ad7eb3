"""Roles that are like that of a deployed job but for one thing, and jobs like it with these roles."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from .permissions import Document
from .stacks import Stacks

#: What a job says; of a key it says what S3 would not do without it. Other permissions are named as they are.
_MESSAGES = {
    "bedrock:InvokeModel": "Customer doesn't have permissions to invokeModel",
    "kms:Decrypt": "Could not validate ",
    "kms:GenerateDataKey": "Could not validate PutObject permissions to access S3 bucket",
    "s3:GetObject": "Could not validate GetObject permissions to access S3 bucket",
    "s3:ListBucket": "Could not validate ListBucket permissions for S3URI",
    "s3:PutObject": "Could not validate PutObject permissions to access S3 bucket",
    "sts:AssumeRole": "Could not assume provided IAM role",
}
#: A job's name ends in two digests; what is before them is its folder's name, too.
_DIGESTS = 26
#: What Create takes of what Get tells.
_FIELDS = (
    "modelId",
    "inputDataConfig",
    "outputDataConfig",
    "vpcConfig",
    "timeoutDurationInHours",
    "modelInvocationType",
)


class Understudies:
    """The understudies of one job. `trust` and `documents` are the policies of its own role."""

    def __init__(self, stacks: Stacks, arn: str) -> None:
        self._iam, self._bedrock = stacks.iam, stacks.bedrock
        self._job = self._bedrock.get_model_invocation_job(jobIdentifier=arn)
        name = self._job["roleArn"].rpartition("/")[2]
        self.trust: Document = self._iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
        names = self._iam.list_role_policies(RoleName=name)["PolicyNames"]
        self.documents: list[Document] = [
            self._iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in names
        ]

    def kind(self, *parts: object) -> str:
        """Name what most jobs of a stack have, each for its own folder."""
        return " ".join(map(str, parts)).replace(self._job["jobName"][:-_DIGESTS], "JOB")

    def start(self, trust: Document, documents: Sequence[Document]) -> str:
        """Start a job whose role has these policies; return its ARN."""
        name = f"understudy-{uuid.uuid4()}"
        role = self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        for index, document in enumerate(documents):
            if document["Statement"]:
                policy = {"PolicyName": f"p{index}", "PolicyDocument": json.dumps(document)}
                self._iam.put_role_policy(RoleName=name, **policy)
        fields = {field: self._job[field] for field in _FIELDS if field in self._job}
        made: Any = self._bedrock.create_model_invocation_job(jobName=name, roleArn=role, **fields)
        return str(made["jobArn"])


def refusal(action: str) -> str:
    """What a job says whose role lacks a permission."""
    return _MESSAGES.get(action, action)
