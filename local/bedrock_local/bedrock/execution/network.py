"""The VPC of a job: network interfaces in its subnets, made with the service role's permissions.

https://docs.aws.amazon.com/bedrock/latest/userguide/batch-vpc.html
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bedrock_local.bedrock.access.ports import Context
from bedrock_local.bedrock.access.roles import RoleSession
from bedrock_local.bedrock.jobs.failure import JobFailedError
from bedrock_local.bedrock.jobs.job import Job

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client

_MANAGED, _JOB_ARN = "BedrockManaged", "BedrockModelInvocationJobArn"
# The guide wants all of these of the role; the describing ones are put to the test by describing.
_ON_AN_INTERFACE = (
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
)


def attach(job: Job, session: RoleSession) -> None:
    """Attach a job to the VPC that it names, if it names one.

    Parameters
    ----------
    job
        The job.
    session
        Its service role.

    Raises
    ------
    JobFailedError
        If the role lacks a permission of the guide, or subnets and security groups are not there or not of one VPC.
        The service's own words for it are not known: these messages are ours.
    """
    config = job.request.get("vpcConfig")
    if not config:
        return
    _check_places(session.ec2, config)
    for action, resource, context in _permissions(job, config):
        if not session.allows(action, resource, context):
            raise _no_permission(action, resource)
    for subnet in config["subnetIds"]:
        session.attach(subnet, config["securityGroupIds"], _tags(job))


def detach(job: Job, session: RoleSession) -> None:
    """Delete what a job has in its VPC, as far as its service role still may.

    Parameters
    ----------
    job
        One that has ended.
    session
        Its service role.
    """
    needed = _on_the_interfaces(job, job.request["vpcConfig"])
    if all(session.allows(*each) for each in needed if each[0] == "ec2:DeleteNetworkInterface"):
        session.detach(_tags(job))


def _tags(job: Job) -> dict[str, str]:
    return {_MANAGED: "true", _JOB_ARN: job.arn}


def _permissions(job: Job, config: Mapping[str, list[str]]) -> Iterator[tuple[str, str, Context]]:
    """Go through what the role needs beyond describing: action, resource, and the condition keys of the request."""
    tags = _tags(job)
    requested: Context = {f"aws:RequestTag/{key}": value for key, value in tags.items()} | {"aws:TagKeys": list(tags)}
    interface = job.place.arn("network-interface/*", "ec2")
    subnets = [job.place.arn(f"subnet/{each}", "ec2") for each in config["subnetIds"]]
    groups = [job.place.arn(f"security-group/{each}", "ec2") for each in config["securityGroupIds"]]
    for resource in (interface, *subnets, *groups):
        yield "ec2:CreateNetworkInterface", resource, requested
    yield "ec2:CreateTags", interface, {**requested, "ec2:CreateAction": "CreateNetworkInterface"}
    yield from _on_the_interfaces(job, config)


def _on_the_interfaces(job: Job, config: Mapping[str, list[str]]) -> Iterator[tuple[str, str, Context]]:
    """Go through what the role needs on what it has made."""
    interface = job.place.arn("network-interface/*", "ec2")
    of_the_job: Context = {f"ec2:ResourceTag/{key}": value for key, value in _tags(job).items()}
    for each in config["subnetIds"]:
        for action in _ON_AN_INTERFACE:
            yield action, interface, {**of_the_job, "ec2:Subnet": job.place.arn(f"subnet/{each}", "ec2")}


def _check_places(ec2: "EC2Client", config: Mapping[str, list[str]]) -> None:
    subnets = _described("DescribeSubnets", lambda: ec2.describe_subnets(SubnetIds=config["subnetIds"])["Subnets"])
    groups = _described(
        "DescribeSecurityGroups",
        lambda: ec2.describe_security_groups(GroupIds=config["securityGroupIds"])["SecurityGroups"],
    )
    vpcs = {each["VpcId"] for each in (*subnets, *groups)}
    if len(vpcs) > 1:
        raise JobFailedError(f"The subnets and security groups of vpcConfig belong to several VPCs: {sorted(vpcs)}")
    _described("DescribeVpcs", lambda: ec2.describe_vpcs(VpcIds=list(vpcs))["Vpcs"])
    _described("DescribeDhcpOptions", lambda: ec2.describe_dhcp_options()["DhcpOptions"])
    _described("DescribeNetworkInterfaces", lambda: ec2.describe_network_interfaces()["NetworkInterfaces"])


def _described(operation: str, describe: Callable[[], list[Any]]) -> list[Any]:
    try:
        return describe()
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        if code == "UnauthorizedOperation":
            raise _no_permission(f"ec2:{operation}", "*") from None
        raise JobFailedError(f"The vpcConfig of the job cannot be used: {message}") from None


def _no_permission(action: str, resource: str) -> JobFailedError:
    return JobFailedError(f"Could not validate {action} permissions on {resource}")
