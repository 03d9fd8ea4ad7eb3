"""The VPC of a job: network interfaces in its subnets, made with the service role's permissions.

https://docs.aws.amazon.com/bedrock/latest/userguide/batch-vpc.html
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
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


@contextmanager
def attached(job: Job, session: RoleSession) -> Iterator[None]:
    """Attach a job to the VPC that it names, if it names one, for as long as the context lasts.

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
    with ExitStack() as interfaces:
        if config := job.request.get("vpcConfig"):
            _check_places(session.ec2, config)
            tags = {_MANAGED: "true", _JOB_ARN: job.arn}
            for action, resource, context in _permissions(job, config, tags):
                if not session.allows(action, resource, context):
                    raise _no_permission(action, resource)
            for subnet in config["subnetIds"]:
                interfaces.enter_context(session.network_interface(subnet, config["securityGroupIds"], tags))
        yield


def _permissions(
    job: Job, config: Mapping[str, list[str]], tags: Mapping[str, str]
) -> Iterator[tuple[str, str, Context]]:
    """Go through what the role needs beyond describing: action, resource, and the condition keys of the request."""
    requested: Context = {f"aws:RequestTag/{key}": value for key, value in tags.items()} | {"aws:TagKeys": list(tags)}
    interface = job.place.arn("network-interface/*", "ec2")
    subnets = [job.place.arn(f"subnet/{each}", "ec2") for each in config["subnetIds"]]
    groups = [job.place.arn(f"security-group/{each}", "ec2") for each in config["securityGroupIds"]]
    for resource in (interface, *subnets, *groups):
        yield "ec2:CreateNetworkInterface", resource, requested
    yield "ec2:CreateTags", interface, {**requested, "ec2:CreateAction": "CreateNetworkInterface"}
    for subnet in subnets:
        of_the_interface: Context = {f"ec2:ResourceTag/{key}": value for key, value in tags.items()}
        for action in _ON_AN_INTERFACE:
            yield action, interface, {**of_the_interface, "ec2:Subnet": subnet}


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
