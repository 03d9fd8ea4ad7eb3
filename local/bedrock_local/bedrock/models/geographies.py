"""Where system-defined inference profiles route to."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Geography:
    """The first part of the id of a system-defined inference profile.

    Parameters
    ----------
    sources
        How the names of the Regions begin in which such profiles exist.
    regions
        The Regions that they route to. The one that the job is made in comes on top.
    """

    sources: tuple[str, ...]
    regions: tuple[str, ...]


# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html lists the Regions of each
# profile; they differ between the models of a geography, and grow. Here: those of Amazon Nova, known for us, eu and
# apac from the list of its source Regions; au, ca, jp and us-gov are what their Regions leave open, not confirmed.
# Israel is a source of European profiles; Africa, Mexico and Brazil have global ones only.
# A global profile routes to Regions that nobody lists: policies name the model without a Region instead.
# `behaviours.Behaviours.profile_regions` replaces what is wrong for somebody's model.
GEOGRAPHIES: Mapping[str, Geography] = MappingProxyType(
    {
        "us": Geography(("us-east-", "us-west-", "ca-"), ("us-east-1", "us-east-2", "us-west-2")),
        "eu": Geography(
            ("eu-", "il-"), ("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3")
        ),
        "apac": Geography(
            ("ap-", "me-"),
            ("ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"),
        ),
        "au": Geography(("ap-southeast-",), ("ap-southeast-2", "ap-southeast-4")),
        "ca": Geography(("ca-",), ("ca-central-1", "ca-west-1")),
        "jp": Geography(("ap-northeast-",), ("ap-northeast-1", "ap-northeast-3")),
        "us-gov": Geography(("us-gov-",), ("us-gov-east-1", "us-gov-west-1")),
        "global": Geography(("",), ()),
    }
)
