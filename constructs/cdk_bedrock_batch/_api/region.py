"""Regions, by the endpoints of the installed botocore, and that of a stack as far as it is known at synth."""

from functools import cache
from typing import Any

from aws_cdk import Stack

from cdk_bedrock_batch._api.arn import arn_partition, region_of
from cdk_bedrock_batch._cdk.shared import told_by
from cdk_bedrock_batch._cdk.tokens import is_token

#: The partition of which "global" is said: "Supported Regions and models for inference profiles".
COMMERCIAL = "aws"


def check_region(stack: Stack) -> None:
    """Refuse a Region that cannot be one, or is in a partition that has no Bedrock.

    Which Regions of a partition have batch inference, and for which models, changes too often to be told here.

    Raises
    ------
    ValueError
        The text shows the Region, and its partition.
    """
    region = told_by(stack).region
    if is_token(region):
        return
    partition = partition_of(region)
    if not _endpoints().get_available_endpoints("bedrock", partition):
        raise ValueError(
            f"'region' must be one that has Bedrock, got {region!r} of {partition}: put the stack into another Region"
        )


@cache
def partition_of(region: str) -> str:
    """Return the partition of a Region.

    Raises
    ------
    ValueError
        There cannot be a Region of that name.
    """
    from botocore.exceptions import UnknownRegionError  # noqa: PLC0415 (slow to import)

    try:
        return str(_endpoints().get_partition_for_region(region))
    except UnknownRegionError:
        raise ValueError(f"'region' must be a Region of AWS, got {region!r}: write it as in us-east-1") from None


def check_known(prop: str, region: str) -> None:
    """Refuse the name of a Region that the installed botocore does not know.

    Raises
    ------
    ValueError
        The text shows it.
    """
    if not is_token(region) and region not in _known():
        raise ValueError(
            f"'{prop}' must have names of Regions, such as us-east-1, got {region!r}: correct it, or upgrade botocore, "
            "if the Region is newer"
        )


def check_arn(prop: str, arn: str) -> None:
    """Refuse an ARN whose Region is none, or is in another partition than the ARN says; patterns pass.

    Raises
    ------
    ValueError
        The text shows the ARN.
    """
    region, partition = region_of(arn), arn_partition(arn)
    if region in {"", "*"} or is_token(region):
        return
    check_known(prop, region)
    if not is_token(partition) and partition != partition_of(region):
        raise ValueError(
            f"'{prop}' must be of the partition of its Region, {partition_of(region)}, got {arn!r}: correct the ARN"
        )


def check_same(prop: str, what: str, region: str, stack: Stack) -> None:
    """Refuse what is known to be in another Region than its stack.

    Parameters
    ----------
    prop
        The name under which the user gave it.
    what
        What it is, in words.
    region
        Where it is, or a token.
    stack
        Of the job.

    Raises
    ------
    ValueError
        A job reaches what is in its own Region only.
    """
    own = told_by(stack).region
    if not is_token(region) and not is_token(own) and region != own:
        raise ValueError(
            f"'{prop}' must be in the Region of the stack, {own}, got {what} in {region}: use one in {own}, or put the "
            f"job into a stack of {region}"
        )


@cache
def _known() -> frozenset[str]:
    # STS is in each Region.
    partitions = _endpoints().get_available_partitions()
    return frozenset(region for name in partitions for region in _endpoints().get_available_endpoints("sts", name))


@cache
def _endpoints() -> Any:  # noqa: ANN401 (botocore has no types)
    from botocore.loaders import Loader  # noqa: PLC0415 (slow to import)
    from botocore.regions import EndpointResolver  # noqa: PLC0415 (as above)

    return EndpointResolver(Loader().load_data("endpoints"))
