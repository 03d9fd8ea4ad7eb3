"""Somebody with the permissions of a role."""

import json
from dataclasses import dataclass
from typing import Any

import boto3

from bedrock_local.environment import REGION

from .stacks import Stacks


@dataclass(frozen=True)
class Holder:
    """Somebody who may do what a role may: a user with the role's policies."""

    stacks: Stacks
    role: str

    def client(self, service: str) -> Any:
        iam, name = self.stacks.iam, f"holder-of-{self.role}"[:64]
        try:
            iam.create_user(UserName=name)
            for each in iam.list_role_policies(RoleName=self.role)["PolicyNames"]:
                document = json.dumps(iam.get_role_policy(RoleName=self.role, PolicyName=each)["PolicyDocument"])
                iam.put_user_policy(UserName=name, PolicyName=each, PolicyDocument=document)
            for policy in iam.list_attached_role_policies(RoleName=self.role)["AttachedPolicies"]:
                iam.attach_user_policy(UserName=name, PolicyArn=policy["PolicyArn"])
        except iam.exceptions.EntityAlreadyExistsException:
            pass
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return boto3.client(
            service,
            REGION,
            endpoint_url=self.stacks.aws.endpoint_url,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )
