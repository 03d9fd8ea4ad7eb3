"""What an account says of its models and quotas in a Region; what it refuses to say is not known, and no error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError

from bedrock_batch.models.quotas import are_complete

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient

Items = Sequence[Mapping[str, Any]]
_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized")
#: Of Service Quotas where it does not have Bedrock.
_ABSENT = "NoSuchResourceException"
_SERVICE = "bedrock"


@dataclass(frozen=True)
class Account:
    """What an account says.

    Attributes
    ----------
    models
        The `modelSummaries` of ListFoundationModels; None if that is not known.
    profiles
        The `inferenceProfileSummaries` of ListInferenceProfiles; None if that is not known.
    quotas
        The `Quotas` of ListServiceQuotas, which leaves out those of which the account has no value of its own; before
        them, if some are left out, those of ListAWSDefaultServiceQuotas. None if neither is known.
    unknown
        Why what is not known is not, a sentence each.
    """

    models: Items | None
    profiles: Items | None
    quotas: Items | None
    unknown: tuple[str, ...]


def ask_account(bedrock: BedrockClient, quotas: Any) -> Account:  # noqa: ANN401 - boto3 makes its clients at run time
    """Ask for models, inference profiles and quotas, all pages of each.

    Raises
    ------
    botocore.exceptions.ClientError
        If a call fails for another reason than a permission, or than Service Quotas that are not there.
    botocore.exceptions.BotoCoreError
        If Bedrock cannot be reached.
    """
    unknown: list[str] = []

    def asked(permission: str, answer: Callable[[], Iterator[Mapping[str, Any]]]) -> Items | None:
        try:
            return list(answer())
        except ClientError as error:
            if error.response["Error"]["Code"] not in (*_DENIED, _ABSENT):
                raise
            absent = error.response["Error"]["Code"] == _ABSENT
            unknown.append(f"not known: {permission} {'has no Bedrock in this Region' if absent else 'is denied'}")
        except (EndpointConnectionError, ConnectTimeoutError):
            # A private network may have an endpoint of Bedrock only.
            if not permission.startswith("servicequotas:"):
                raise
            unknown.append(f"not known: {permission} cannot be reached from here")
        return None

    models = asked("bedrock:ListFoundationModels", lambda: iter(bedrock.list_foundation_models()["modelSummaries"]))
    profiles = asked("bedrock:ListInferenceProfiles", lambda: _profiles(bedrock))
    own = asked("servicequotas:ListServiceQuotas", lambda: _quotas(quotas, "list_service_quotas"))
    common: Items | None = ()
    if not are_complete(own or ()):
        defaults = "list_aws_default_service_quotas"
        common = asked("servicequotas:ListAWSDefaultServiceQuotas", lambda: _quotas(quotas, defaults))
    known = None if own is None and common is None else [*(common or ()), *(own or ())]
    return Account(models, profiles, known, tuple(unknown))


def _profiles(bedrock: BedrockClient) -> Iterator[Mapping[str, Any]]:
    for kind in ("SYSTEM_DEFINED", "APPLICATION"):
        for page in bedrock.get_paginator("list_inference_profiles").paginate(typeEquals=kind):
            yield from page["inferenceProfileSummaries"]


def _quotas(client: Any, operation: str) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - boto3 makes its clients at run time
    for page in client.get_paginator(operation).paginate(ServiceCode=_SERVICE):
        yield from page["Quotas"]
