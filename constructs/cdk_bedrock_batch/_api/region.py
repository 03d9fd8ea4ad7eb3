"""The Region of a stack, as far as it is known at synth."""

from aws_cdk import Stack

from cdk_bedrock_batch._cdk.tokens import is_token


def check_region(stack: Stack) -> None:
    """Refuse a Region in a partition that has no Bedrock, by the endpoints of the installed botocore.

    Which Regions of a partition have batch inference, and for which models, changes too often to be told here.

    Raises
    ------
    ValueError
        The text shows the Region and its partition.
    """
    region = stack.region
    if is_token(region):
        return
    from botocore.exceptions import UnknownRegionError  # noqa: PLC0415 (slow to import)
    from botocore.loaders import Loader  # noqa: PLC0415 (as above)
    from botocore.regions import EndpointResolver  # noqa: PLC0415 (as above)

    endpoints = EndpointResolver(Loader().load_data("endpoints"))
    try:
        partition = endpoints.get_partition_for_region(region)
    except UnknownRegionError:
        return
    if not endpoints.get_available_endpoints("bedrock", partition):
        raise ValueError(
            f"'region' must be one that has Bedrock, got {region!r} of {partition}: put the stack into another Region"
        )
