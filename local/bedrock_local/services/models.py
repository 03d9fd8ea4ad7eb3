"""The models and inference profiles of the emulator's own Bedrock."""

from collections.abc import Mapping
from dataclasses import dataclass

from ministack.services import bedrock

from bedrock_local.bedrock.models.geographies import GEOGRAPHIES


@dataclass(frozen=True)
class EmulatedModels:
    """The `ModelCatalogue` of the emulator.

    Parameters
    ----------
    regions
        Where the system-defined profiles of a geography route to, if not as `GEOGRAPHIES` has it.
    """

    regions: Mapping[str, tuple[str, ...]]

    def profile_regions(self, geography: str) -> tuple[str, ...]:
        """Return the Regions that a geography's profiles route to; see `ModelCatalogue`."""
        return self.regions.get(geography, GEOGRAPHIES[geography].regions)

    def profile_models(self, profile_id: str) -> tuple[str, ...]:
        """Return what an application inference profile was made from; see `ModelCatalogue`."""
        profile = bedrock.get_state()["inference_profiles_apps"].get(profile_id, {})
        return tuple(model["ModelArn"] for model in profile.get("Models", ()))

    def has_custom_model(self, arn: str) -> bool:
        """Say whether there is a custom model of an ARN; see `ModelCatalogue`."""
        return arn in bedrock.get_state()["custom_models"]
