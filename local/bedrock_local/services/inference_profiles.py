"""The models behind inference profiles: those for which a job's role is asked.

ministack tells the model of the caller's Region only, of few models, and no profile by its ARN.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetInferenceProfile.html
"""

import json
from http import HTTPStatus

from ministack.core import responses
from ministack.services import bedrock

from bedrock_local.bedrock.models.model import Model, ModelCatalogue, resolve
from bedrock_local.bedrock.service_model.errors import ValidationException
from bedrock_local.environment import PARTITION
from bedrock_local.names.arn import Arn
from bedrock_local.names.place import Place

NEEDS = ("services.bedrock._get_inference_profile",)

Response = tuple[int, dict[str, str], bytes]


def tell_models(catalogue: ModelCatalogue) -> None:
    """Let GetInferenceProfile tell the models that a job with the profile calls.

    Parameters
    ----------
    catalogue
        Knows the models and profiles.
    """
    get = bedrock._get_inference_profile  # noqa: SLF001 -- no public way in

    def get_inference_profile(identifier: str) -> Response:
        answer: Response = get(identifier.rpartition("/")[2])
        place = Place(PARTITION, responses.get_region(), responses.get_account_id())
        try:
            model = resolve(identifier, place, catalogue)
        except ValidationException:
            return answer
        if not model.routed:
            return answer
        known = json.loads(answer[2]) if answer[0] == HTTPStatus.OK else _of_system(model)
        told = known | {"models": [{"modelArn": arn} for arn in model.routed]}
        return HTTPStatus.OK, answer[1], json.dumps(told).encode()

    bedrock._get_inference_profile = get_inference_profile  # noqa: SLF001 -- the same


def _of_system(model: Model) -> dict[str, str]:
    """Describe a profile of a model that ministack does not know."""
    name = Arn.parse(model.arn).name
    return {
        "inferenceProfileArn": model.arn,
        "inferenceProfileId": name,
        "inferenceProfileName": name,
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    }
