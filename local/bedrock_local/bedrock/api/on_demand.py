"""On-demand inference: a model asked one body at a time. Methods are the API's operations in snake case."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from bedrock_local.bedrock.access.ports import Authorizer, Caller
from bedrock_local.bedrock.models.backends.backend import Backend
from bedrock_local.bedrock.models.families import Family, family_of
from bedrock_local.bedrock.models.families.converse import converse
from bedrock_local.bedrock.models.invocation import Answer, RefusedError
from bedrock_local.bedrock.models.model import Model, ModelCatalogue, resolve
from bedrock_local.bedrock.service_model.errors import (
    AccessDeniedException,
    BedrockError,
    ModelErrorException,
    ResourceNotFoundException,
    ThrottlingException,
    ValidationException,
)
from bedrock_local.names.arn import Arn

_LOG = logging.getLogger(__name__)
#: Of Converse, too: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
_INVOKE = "bedrock:InvokeModel"
_JSON = ("application/json", "*/*")
#: How a model's refusal is told, by its code; any other is the model's own error.
_REFUSALS: Mapping[int, type[BedrockError]] = {
    400: ValidationException,
    403: AccessDeniedException,
    429: ThrottlingException,
}

Params = Mapping[str, Any]


@dataclass(frozen=True)
class OnDemandInference:
    """Bedrock's on-demand inference, by the models that answer the records of jobs.

    Parameters
    ----------
    authorizer
        Says who may ask what.
    models
        Knows the account's own models and inference profiles.
    backend
        The model that answers.
    """

    authorizer: Authorizer
    models: ModelCatalogue
    backend: Backend

    def invoke_model(self, caller: Caller, params: Params) -> Answer:
        """Answer a body of the model's own shape."""
        model = self._model(caller, params)
        for name, what in (("contentType", "Content Type"), ("accept", "Accept Type")):
            if params.get(name, _JSON[0]).partition(";")[0].strip().lower() not in _JSON:
                raise ValidationException(f"The provided {what} is invalid or not supported for this model")
        return self._ask(family_of(model.foundation_id, "InvokeModel"), _decoded(params["body"]), model)

    def converse(self, caller: Caller, params: Params) -> dict[str, Any]:
        """Answer a body of the one shape that is common to all models."""
        model, began = self._model(caller, params), time.monotonic()
        answer = self._ask(converse, params, model)
        return {**answer.body, "metrics": {"latencyMs": round((time.monotonic() - began) * 1000)}}

    def invoke_model_with_response_stream(self, _caller: Caller, _params: Params) -> NoReturn:
        """Refuse: nothing here answers bit by bit."""
        raise _no_stream("InvokeModel")

    def converse_stream(self, _caller: Caller, _params: Params) -> NoReturn:
        """Refuse, likewise."""
        raise _no_stream("Converse")

    def _model(self, caller: Caller, params: Params) -> Model:
        """Return the model that is asked, if the caller may: a profile, and what is behind it through the profile."""
        model_id = params["modelId"]
        try:
            model = resolve(model_id, caller.place, self.models)
        except ValidationException:
            if Arn.find(model_id):
                raise ResourceNotFoundException(f"The resource {model_id} was not found") from None
            raise ValidationException("The provided model identifier is invalid.") from None
        for arn, context in model.invocations(through_profile=True):
            self.authorizer.require(caller, _INVOKE, arn, context)
        return model

    def _ask(self, family: Family, body: Params, model: Model) -> Answer:
        try:
            return family(body, self.backend, model.foundation_id)
        except RefusedError as refusal:
            raise _REFUSALS.get(refusal.code, ModelErrorException)(refusal.message) from None
        except Exception as error:  # noqa: BLE001 -- a model may break in any way
            # The type only: its text may quote the prompt.
            _LOG.warning("on demand: the model failed with %s", type(error).__name__)
            raise ModelErrorException("The model failed to answer. Try again.") from None


def _decoded(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ValidationException("Malformed input request, please reformat your input and try again.")
    return value


def _no_stream(operation: str) -> ValidationException:
    return ValidationException(f"The local AWS has no streams of answers; use {operation}, which answers at once.")
