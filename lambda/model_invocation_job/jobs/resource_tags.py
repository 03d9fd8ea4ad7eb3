"""Tags as AWS's own index of them has them, and the only file that knows boto3's Resource Groups Tagging API client.

Recorded of the service: it lists the tags of jobs that have ended. Whether Bedrock itself does is not known.
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

from typing import Any, Protocol

from model_invocation_job.jobs.refusals import sorted_out


class ResourceTags(Protocol):
    """The tags of the resources of one account and Region."""

    def of(self, arn: str) -> dict[str, str]:
        """Read the tags of a resource; none where it is not known."""
        ...


class TaggingApi:
    """The tags in the index, through a boto3 client of the service ``resourcegroupstaggingapi``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def of(self, arn: str) -> dict[str, str]:
        """See `ResourceTags.of`."""
        with sorted_out(f"the tags of {arn} cannot be looked up"):
            found = self._client.get_resources(ResourceARNList=[arn])["ResourceTagMappingList"]
        return {tag["Key"]: tag["Value"] for mapping in found for tag in mapping.get("Tags", ())}
