"""What a user wrote before and after the upgrade: three stacks with a job of every kind.

What the construct made of it before is in ``named_by_path/``; what it makes of it today the tests deploy over that.
"""

from pathlib import Path
from typing import Any

from aws_cdk import App, CfnOutput, CfnResource, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm

from cdk_bedrock_batch import ModelInvocationJob

from .app_jobs import jobs_of
from .made_before import BEDROCK

BASIS, JOBS, READER = "Basis", "Jobs", "Reader"
#: How the outputs of `JOBS` end that tell a status.
STATUS = "Status"


def synthesize(folder: Path, *, broken: bool = False, **everywhere: Any) -> Path:
    """Write the cloud assembly.

    Parameters
    ----------
    folder
        Where.
    broken
        Whether the jobs have a sibling that cannot be, and comes after all of them.
    everywhere
        What every job is given on top, of what makes no job another one.
    """
    app = App(outdir=str(folder), analytics_reporting=False, tree_metadata=False)
    role = iam.Role(Stack(app, BASIS), "Role", assumed_by=iam.ServicePrincipal(BEDROCK))
    stack = Stack(app, JOBS)
    jobs = jobs_of(stack, role, everywhere)
    for name, job in jobs.items():
        CfnOutput(stack, f"{name}{STATUS}", value=job.job_status)
    _reader(Stack(app, READER), jobs)
    if broken:
        _break(stack, jobs)
    app.synth()
    return folder


def _reader(stack: Stack, jobs: dict[str, ModelInvocationJob]) -> None:
    """Import what the jobs of another stack tell of themselves, and let somebody read their results."""
    somebody = iam.Role(stack, "Somebody", assumed_by=iam.AccountRootPrincipal())
    for name, job in jobs.items():
        # Not the status: what another stack imports, CloudFormation lets nobody change.
        told = [job.job_arn, job.job_id, job.job_name, job.output_uri]
        ssm.StringListParameter(stack, name, string_list_value=told)
        job.grant_read_output(somebody)
        job.grant_describe(somebody)


def _break(stack: Stack, jobs: dict[str, ModelInvocationJob]) -> None:
    """Add what CloudFormation refuses, after it has updated the jobs."""
    secret = {"Type": "SecureString", "Value": "CloudFormation makes no such parameter"}
    parameter = CfnResource(stack, "Broken", type="AWS::SSM::Parameter", properties=secret)
    parameter.node.add_dependency(*jobs.values())
