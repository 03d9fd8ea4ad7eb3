"""The network interfaces of jobs in a VPC, and the only file that knows boto3's EC2 client.

Bedrock tags them with the ARN of their job, and deletes them with the job's service role.
https://docs.aws.amazon.com/bedrock/latest/userguide/batch-vpc.html
"""

from collections.abc import Callable
from typing import Any, Protocol

from model_invocation_job.jobs.refusals import sorted_out

_JOB_TAG = "BedrockModelInvocationJobArn"
#: Interfaces of a page, the most. An account with many is not told of them otherwise: tags are none of the filters
#: that would do instead. Source: Amazon EC2 API reference, DescribeNetworkInterfaces.
_PAGE = 1000


class Interfaces(Protocol):
    """The network interfaces of one account and Region."""

    def of(self, arn: str) -> list[str]:
        """Return the ids of those that a job has. Raises a `JobError` where EC2 refuses to tell."""
        ...


class Ec2Interfaces:
    """The network interfaces in Amazon EC2, through a boto3 client of the service ``ec2``.

    Its description is the largest of all services': the client is made when it is asked.
    """

    def __init__(self, client: Callable[[], Any]) -> None:
        self._client = client

    def of(self, arn: str) -> list[str]:
        """See `Interfaces.of`."""
        tagged = {"Name": f"tag:{_JOB_TAG}", "Values": [arn]}
        with sorted_out(f"the network interfaces of {arn} cannot be looked up"):
            paginator = self._client().get_paginator("describe_network_interfaces")
            pages = paginator.paginate(Filters=[tagged], PaginationConfig={"PageSize": _PAGE})
            return [each["NetworkInterfaceId"] for page in pages for each in page["NetworkInterfaces"]]
