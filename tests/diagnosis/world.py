"""Jobs in the local AWS that are alike but for one thing, and what the diagnosis says of each."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bedrock_batch import Diagnosis, Finding, Verdict, diagnose, get_job
from cdk_bedrock_batch import BatchModel
from tests.diagnosis.declared import Declared, Document, Things, declare
from tests.local_aws.conftest import ACCOUNT, LocalAws, policy, records

#: Lets every file in and out.
_KMS = {"SSEAlgorithm": "aws:kms"}


@dataclass(frozen=True)
class Job:
    """A job with a role of its own."""

    arn: str
    role: str


class World:
    """One bucket, a key for the input and one for the output, a subnet with an endpoint, and the job over these."""

    def __init__(self, aws: LocalAws, model: BatchModel) -> None:
        self.aws, self.iam = aws, aws.client("iam")
        self.things = self._make()
        self.declared: Declared = declare(self.things, model)

    def client(self, service: str) -> Any:
        return self.aws.client(service)

    def role(self, trust: Document | None = None, *documents: Document, boundary: Document | None = None) -> str:
        """Make a role with the declared trust and policy, or with others."""
        name = f"role-{uuid.uuid4().hex}"
        trust_policy = json.dumps(trust or self.declared.trust)
        arn = str(self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_policy)["Role"]["Arn"])
        for number, document in enumerate(documents or [self.declared.policy]):
            self.iam.put_role_policy(RoleName=name, PolicyName=f"p{number}", PolicyDocument=json.dumps(document))
        if boundary:
            bounds = self.iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(boundary))["Policy"]["Arn"]
            self.iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=bounds)
        return arn

    def start(self, role: str, **changes: Any) -> Job:
        """Start the declared job, with a role."""
        request = {**self.declared.parameters["Job"], "jobName": f"j-{uuid.uuid4().hex}", "roleArn": role, **changes}
        made = self.aws.bedrock.create_model_invocation_job(**request)
        return Job(str(made["jobArn"]), role)

    def run(self, role: str, **changes: Any) -> Job:
        """Start it, and see it through."""
        job = self.start(role, **changes)
        self.aws.end(job.arn)
        return job

    def diagnose(self, job: Job) -> Diagnosis:
        return diagnose(get_job(self.aws.bedrock, job.arn), self.client)

    def _make(self) -> Things:
        ec2, bucket = self.aws.client("ec2"), self.aws.bucket()
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        group = ec2.create_security_group(VpcId=vpc, GroupName=bucket, Description="of a job")["GroupId"]
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table])
        keys = [str(self.aws.client("kms").create_key()["KeyMetadata"]["Arn"]) for _ in range(2)]
        for name in ("a", "b"):
            self.aws.client("s3").put_object(
                Bucket=bucket,
                Key=f"in/{name}.jsonl",
                Body=records(60),
                ServerSideEncryption="aws:kms",
                SSEKMSKeyId=keys[0],
            )
        return Things(bucket, keys[0], keys[1], vpc, subnet, group)

    @cached_property
    def endpoint(self) -> str:
        found = self.aws.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
        return str(next(each["VpcEndpointId"] for each in found if each["VpcId"] == self.things.vpc))


def wrong(diagnosis: Diagnosis) -> list[Finding]:
    return [finding for finding in diagnosis.findings if finding.verdict is Verdict.WRONG]


def untold(diagnosis: Diagnosis) -> list[Finding]:
    return [finding for finding in diagnosis.findings if finding.verdict is Verdict.CANNOT_TELL]


def denies(action: str, resource: str = "*", **principal: Any) -> Mapping[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **principal}


def everything(*more: Mapping[str, Any]) -> Document:
    allowed = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document: Document = json.loads(policy(allowed, *more))
    return document


__all__ = ["ACCOUNT", "Job", "World", "denies", "everything", "untold", "wrong"]
