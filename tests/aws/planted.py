"""What else is in an account: things of others that look like the suite's, and what a run of it has left."""

import json
from functools import partial
from typing import Any

from .bench import attempt
from .conftest import Suite
from .own import PREFIX, TAG
from .patience import until
from .template import trust


def plant(suite: Suite, name: str, region: str | None) -> None:
    """Put a job, a stack, a bucket and a role there, with the suite's tag for a Region or without one."""
    of, tags = suite.clients, [{"Key": TAG, "Value": region}] if region else []
    bucket = f"{PREFIX}{name}".lower()
    of["s3"].create_bucket(Bucket=bucket)
    if tags:
        of["s3"].put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
    of["s3"].put_object(Bucket=bucket, Key="kept", Body=b"")
    template = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})
    of["cloudformation"].create_stack(StackName=f"{PREFIX}{name}", TemplateBody=template, Tags=tags)
    document = json.dumps(trust())
    role = of["iam"].create_role(RoleName=f"{PREFIX}{name}", AssumeRolePolicyDocument=document, Tags=tags)["Role"][
        "Arn"
    ]
    of["iam"].put_role_policy(RoleName=f"{PREFIX}{name}", PolicyName="Trusted", PolicyDocument=_POLICY)
    _job(suite, f"{PREFIX}{name}", role, [{"key": tag["Key"], "value": tag["Value"]} for tag in tags])


_POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
)


def _job(suite: Suite, name: str, role: str, tags: list[dict[str, str]]) -> None:
    """A job that stays live, whoever else's is held or not."""
    place: dict[str, Any] = {"s3Uri": "s3://nothing-there/folder/"}
    suite.aws.faults.hold("Validating", job_name=name)
    request = {
        "jobName": name,
        "roleArn": role,
        "modelId": "amazon.nova-micro-v1:0",
        "inputDataConfig": {"s3InputDataConfig": place},
        "outputDataConfig": {"s3OutputDataConfig": place},
        "tags": tags,
        # Hours pass fast here, and a job that expires is nobody's to stop.
        "timeoutDurationInHours": 168,
    }
    create = partial(suite.clients["bedrock"].create_model_invocation_job, **request)
    until(lambda: attempt(create)[1], "a job with a role that is young", seconds=30)
