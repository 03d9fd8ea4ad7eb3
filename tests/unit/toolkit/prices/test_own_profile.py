"""Prices of an application's own inference profile: those of what it was made of, which AWS is asked for."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from bedrock_batch import ProfileError, find_prices
from tests.unit.toolkit.prices.recorded import LATER, MARKETPLACE, price_list

PROFILE = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdef123456"
MICRO, SONNET = "amazon.nova-micro-v1:0", "anthropic.claude-sonnet-4-6"


class Bedrock:
    """A client that knows one profile, by the Regions it routes to; or fails."""

    def __init__(self, model: str = "", *regions: str, fails: Exception | None = None) -> None:
        arns = [f"arn:aws:bedrock:{region}::foundation-model/{model}" for region in regions]
        self.models, self.fails = [{"modelArn": arn} for arn in arns], fails

    def get_inference_profile(self, inferenceProfileIdentifier: str) -> dict[str, Any]:  # noqa: N803 - the API's
        assert inferenceProfileIdentifier == PROFILE
        if self.fails:
            raise self.fails
        return {"models": self.models}


def price(tmp_path: Path, bedrock: Bedrock, model: str = PROFILE) -> float | None:
    file = price_list(tmp_path / "prices.json", (*LATER, *MARKETPLACE))
    found = find_prices(model, "us-east-1", file=file, bedrock=bedrock)  # type: ignore[arg-type] # as much as is asked
    return found.prices.input if found else None


def test_a_profile_costs_what_its_model_does_by_the_way_it_routes(tmp_path: Path) -> None:
    assert price(tmp_path, Bedrock(MICRO, "us-east-1")) == 0.0175
    assert price(tmp_path, Bedrock(SONNET, "us-east-1", "us-west-2")) == 1.65
    assert price(tmp_path, Bedrock(SONNET, "us-east-1", "")) == 1.5
    assert price(tmp_path, Bedrock("amazon.nova-ultra-v1:0", "us-east-1")) is None


def test_nothing_is_asked_of_what_names_its_model(tmp_path: Path) -> None:
    assert price(tmp_path, Bedrock(fails=AssertionError("asked")), f"us.{MICRO}") == 0.0175


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetInferenceProfile"),
        NoCredentialsError(),
    ],
)
def test_a_profile_that_is_not_told_is_one_sentence(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(ProfileError, match=r"AWS does not tell which model arn:aws:.*/abcdef123456 is of: "):
        price(tmp_path, Bedrock(fails=error))
    with pytest.raises(ProfileError, match="has no foundation model"):
        price(tmp_path, Bedrock())
