"""The roles of a pipeline: what each may do by its template, and one that is deployed without one thing of it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3
from aws_cdk import RemovalPolicy, Stack, Tags
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from bedrock_local.environment import ACCOUNT
from cdk_bedrock_batch import BatchInferencePipeline, InputData, OutputData

from .gallery import FOUNDATION, isolated
from .permissions import Document, Permission, permissions, without
from .pipelines import SMALL, Pipeline
from .stacks import Template

MARK = "incoming/_SUCCESS"
#: By how the logical ids begin.
ROLES = {
    "NightlyFunctionsDataRole": "data",
    "NightlyFunctionsDemandRole": "demand",
    "NightlyFunctionsJobsRole": "jobs",
    "NightlyJobRole": "job",
    "NightlyStateMachineRole": "machine",
    "NightlyTriggersRole": "triggers",
    "BedrockBatchProviderRole": "looks",
}
#: The provider's other one, and that of CDK's own function for the events of buckets.
_OTHERS = ("BedrockBatchProvider", "BucketNotificationsHandler")
_TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}


def everything(stack: Stack) -> None:
    """Whatever adds to what a pipeline's roles may do: keys, a network, the account's quota, a trigger, tags."""
    source, target = (
        s3.Bucket(stack, name, encryption_key=kms.Key(stack, f"{name}Key"), removal_policy=RemovalPolicy.DESTROY)
        for name in ("Articles", "Summaries")
    )
    vpc, subnets = isolated(stack)
    pipeline = BatchInferencePipeline(
        stack,
        "Nightly",
        model=FOUNDATION,
        input_data=InputData.from_bucket(source, "incoming/"),
        output_data=OutputData.to_bucket(target, "nightly"),
        limits=SMALL,
        vpc=vpc,
        vpc_subnets=subnets,
    )
    pipeline.on_upload("Uploaded", MARK)
    Tags.of(pipeline).add("team", "search")


def actions_of(template: Template) -> set[tuple[str, str]]:
    """Each role and each action that it is allowed, by the template; of the one that looks, what is the pipeline's."""
    found = (
        (_role_of(resource), permission)
        for resource in template["Resources"].values()
        if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
        for permission in permissions([resource["Properties"]["PolicyDocument"]])
    )
    return {
        (role, permission.action)
        for role, permission in found
        if not role.startswith(_OTHERS) and (role != "looks" or "Nightly" in permission.resource)
    }


def _role_of(policy: Mapping[str, Any]) -> str:
    (role,) = policy["Properties"]["Roles"]
    # Without the hash.
    return ROLES.get(role["Ref"][:-8], role["Ref"])


@dataclass(frozen=True)
class Role:
    """A deployed role, by its name in `ROLES`."""

    pipeline: Pipeline
    role: str

    @cached_property
    def name(self) -> str:
        beginning = next(each for each, role in ROLES.items() if role == self.role)
        return self.pipeline.deployed.of_type("AWS::IAM::Role", beginning)

    @property
    def documents(self) -> dict[str, Document]:
        """Its inline policies, by their names."""
        iam, name = self._iam, self.name
        policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
        return {each: iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in policies}

    @property
    def attached(self) -> list[Document]:
        """Its others."""
        arns = [
            each["PolicyArn"] for each in self._iam.list_attached_role_policies(RoleName=self.name)["AttachedPolicies"]
        ]
        read = self._iam.get_policy_version
        return [read(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"] for arn in arns]

    @property
    def permissions(self) -> list[Permission]:
        """What it may do; of the one that looks, what is the pipeline's."""
        found = permissions([*self.documents.values(), *self.attached])
        return [each for each in found if self.role != "looks" or "Nightly" in each.resource]

    @contextmanager
    def lacking(self, missing: Permission) -> Iterator[None]:
        """Take a permission away, and give it back."""
        had = self.documents
        assert not self.attached
        self._put(self.name, {name: without(document, missing) for name, document in had.items()})
        try:
            yield
        finally:
            self._put(self.name, had)

    def client(self, service: str) -> Any:
        """A client of somebody who may do the same at this moment."""
        name = f"as-{self.role}"
        names = [
            each["RoleName"] for page in self._iam.get_paginator("list_roles").paginate() for each in page["Roles"]
        ]
        if name not in names:
            trust = {"Version": "2012-10-17", "Statement": [_TRUST]}
            self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        self._put(name, self.documents)
        aws = self.pipeline.aws
        role = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        keys = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="trial")["Credentials"]
        return boto3.client(
            service,
            aws.region,
            endpoint_url=aws.endpoint_url,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    def _put(self, name: str, documents: Mapping[str, Document]) -> None:
        for policy, document in documents.items():
            self._iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))

    @cached_property
    def _iam(self) -> Any:
        return self.pipeline.aws.client("iam")


@contextmanager
def without_right(pipeline: Pipeline, rule: str) -> Iterator[None]:
    """Take from a rule, by the beginning of its logical id, the right to call the function for jobs; give it back."""
    functions = pipeline.aws.client("lambda")
    function = {"FunctionName": pipeline.deployed.of_type("AWS::Lambda::Function", "NightlyFunctionsResourcesJobs")}
    name = pipeline.deployed.of_type("AWS::Events::Rule", rule)
    rights = json.loads(functions.get_policy(**function)["Policy"])["Statement"]
    (right,) = (each for each in rights if f"rule/{name}" in json.dumps(each["Condition"]))
    source = next(arn for condition in right["Condition"].values() for arn in condition.values())
    functions.remove_permission(**function, StatementId=right["Sid"])
    try:
        yield
    finally:
        more = {"Action": right["Action"], "Principal": right["Principal"]["Service"], "SourceArn": source}
        functions.add_permission(**function, StatementId=right["Sid"], **more)
