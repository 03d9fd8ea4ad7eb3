"""System-defined inference profiles: how their ids begin, and in which part of the world such a profile is."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from aws_cdk import Stack

from cdk_bedrock_batch._api.arn import is_arn, region_of
from cdk_bedrock_batch._api.model_id import id_in, tells_beginning
from cdk_bedrock_batch._api.region import COMMERCIAL, check_known, partition_of
from cdk_bedrock_batch._api.validation import checked_list
from cdk_bedrock_batch._cdk.tokens import is_token

#: How the names of the Regions begin that a geography may have, as sources and as destinations. Wider than
#: "Supported Regions and models for inference profiles" in the Bedrock user guide, which differs by model and grows:
#: what is left out here is in another part of the world.
GEOGRAPHIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "us": ("us-east-", "us-west-", "ca-", "mx-", "sa-"),
        "us-gov": ("us-gov-",),
        "ca": ("ca-",),
        "eu": ("eu-", "il-", "me-", "af-"),
        "apac": ("ap-", "il-", "me-"),
        "au": ("ap-southeast-",),
        "jp": ("ap-northeast-",),
        # All commercial Regions, whatever their names.
        "global": (),
    }
)


def geography_of(profile: str) -> str:
    """Return the geography that a profile's id, or the id in its ARN, begins with; empty if none that is known."""
    found = id_in(profile)
    geography, dot, _ = found.partition(".")
    return geography if dot and tells_beginning(found) and geography in GEOGRAPHIES else ""


def check_profile_id(id_or_arn: str) -> None:
    """Refuse what is of no profile, as far as it is known; of a newer geography there may be an ARN.

    Raises
    ------
    ValueError
        It does not begin with a geography, has nothing of a model behind it, or is an ARN in another part of the world.
    """
    found = id_in(id_or_arn)
    if not tells_beginning(found):
        return
    provider, _, model = found.partition(".")[2].partition(".")
    if not is_arn(id_or_arn) and not geography_of(id_or_arn):
        raise ValueError(
            f"'model' must be the id of an inference profile, which begins with one of {', '.join(GEOGRAPHIES)} and a "
            f"dot, got {id_or_arn!r}: use BatchModel.foundation_model, or for a newer geography the profile's ARN"
        )
    if not (provider and model):
        raise ValueError(
            "'model' must be the id of an inference profile, such as us.amazon.nova-lite-v1:0, got "
            f"{id_or_arn!r}: name the provider and the model after the geography"
        )
    region = region_of(id_or_arn)
    if region and not is_token(region) and not _is_near(id_or_arn, region):
        raise ValueError(
            f"'model' must be an inference profile of its Region, {region}, got {id_or_arn!r}: use a profile of that "
            "geography, or correct the Region"
        )


def checked_routes(profile: str, given: Iterable[str]) -> list[str]:
    """Check the Regions that a profile is said to route to, and return them.

    Raises
    ------
    ValueError
        They are no list of Regions, or one is in another part of the world.
    """
    regions = checked_list("regions", given, '["us-east-1", "us-west-2"]')
    for region in regions:
        check_known("regions", region)
        if not is_token(region) and not _is_near(profile, region):
            raise ValueError(
                f"'regions' must be where the profile {profile} routes to, got {region!r}: "
                "aws bedrock get-inference-profile lists them"
            )
    return regions


def check_source(profile: str, stack: Stack) -> None:
    """Check that a profile can be there in the Region of a stack.

    Raises
    ------
    ValueError
        It is of another part of the world.
    """
    if not is_token(stack.region) and not _is_near(profile, stack.region):
        raise ValueError(
            f"'model' must be there in the Region of the stack, {stack.region}, got {profile!r}: use a profile of "
            "that geography, or put the job into a stack of another Region"
        )


def _is_near(profile: str, region: str) -> bool:
    geography = geography_of(profile)
    if geography == "global":
        return partition_of(region) == COMMERCIAL
    return not geography or region.startswith(GEOGRAPHIES[geography])


def may_be_global(profile: str) -> bool:
    """Whether a profile routes to all of the partition, or only CloudFormation will know."""
    return geography_of(profile) == "global" or not tells_beginning(id_in(profile))
