"""The condition keys of KMS: who asks, what the request says, and what the key is.

ministack knows none of them, so a policy that asks for one lets nobody in, and one that denies by one denies nobody.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.core.iam_evaluator import EvalContext

from bedrock_local.services.kms import encryption_context, key_arn, key_facts

NEEDS = (
    "core.iam_evaluator._resolve_condition_key",
    "core.iam_actions.request_tag_context",
    "core.iam_actions.extract_resource_arn",
)

_ALIAS = re.compile(r"(?:(?<=:)|^)alias/.+")
#: Operations that are on no key of a caller's: they have no ``kms:CallerAccount``.
_WITHOUT_KEY = {"CreateKey", "GenerateRandom", "ListAliases", "ListKeys", "ListRetirableGrants", "RetireGrant"}
#: Members of a request that are condition keys, where they are not called the same.
_MEMBERS = {
    "KeyPairSpec": "DataKeyPairSpec",
    "Operations": "GrantOperations",
    "Origin": "KeyOrigin",
    "PendingWindowInDays": "ScheduleKeyDeletionPendingWindowInDays",
    **{
        name: name
        for name in (
            "BypassPolicyLockoutSafetyCheck",
            "EncryptionAlgorithm",
            "ExpirationModel",
            "GranteePrincipal",
            "KeyAgreementAlgorithm",
            "KeySpec",
            "KeyUsage",
            "MacAlgorithm",
            "MessageType",
            "MultiRegion",
            "ReplicaRegion",
            "RetiringPrincipal",
            "RotationPeriodInDays",
            "SigningAlgorithm",
            "ValidTo",
            "WrappingAlgorithm",
            "WrappingKeySpec",
        )
    },
}
_OF_KEY_PAIRS = ("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext")
#: What counts where the request does not say it.
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "CreateKey": {
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "Origin": "AWS_KMS",
        "MultiRegion": False,
    },
    "ScheduleKeyDeletion": {"PendingWindowInDays": 30},
    "Sign": {"MessageType": "RAW"},
    "Verify": {"MessageType": "RAW"},
    **{
        operation: {"EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
        for operation in ("Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", *_OF_KEY_PAIRS)
    },
}
#: A direct call has it, too: who lets services in, or keeps all others out, by its value, means those.
_OF_GRANTS = {"CreateGrant", "ListGrants", "RevokeGrant"}


def know_keys() -> None:
    """Give the condition keys of KMS the values that it documents, and judge an alias as the key that it names."""
    resolve, tags = iam_evaluator._resolve_condition_key, iam_actions.request_tag_context  # noqa: SLF001 -- no public way in
    extract = iam_actions.extract_resource_arn

    def resolve_condition_key(key: str, request: EvalContext) -> Any:  # noqa: ANN401 -- ministack's
        service, _, name = key.lower().partition(":")
        if service != "kms":
            return resolve(key, request)
        if name == "calleraccount":
            asked, _, operation = request.action.partition(":")
            return request.principal_account if asked == "kms" and operation not in _WITHOUT_KEY else None
        # What the request says comes first: CreateKey and its like are on no key yet.
        said = resolve(key, request)
        return key_facts(request.resource_arn).get(name) if said is None else said

    def request_context(service: str, action: str, body: bytes, query: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = tags(service, action, body, query)
        return context | (_said(action.partition(":")[2], body) if service == "kms" else {})

    def extract_resource_arn(service: str, *request: Any) -> str:  # noqa: ANN401 -- ministack's
        resource: str = extract(service, *request)
        return key_arn(resource) if service == "kms" else resource

    iam_actions.extract_resource_arn = extract_resource_arn
    iam_evaluator._resolve_condition_key = resolve_condition_key  # noqa: SLF001 -- no public way in
    iam_actions.request_tag_context = request_context


def _said(operation: str, body: bytes) -> dict[str, Any]:
    """Return the condition keys that are about what is asked of KMS directly, without a service in between."""
    try:
        request = json.loads(body)
    except ValueError:
        request = None
    if not isinstance(request, dict):
        return {}
    request = {**_DEFAULTS.get(operation, {}), **request}
    context = {f"kms:{_MEMBERS[name]}": _text(value) for name, value in request.items() if name in _MEMBERS}
    if alias := _ALIAS.search(str(request.get("KeyId", ""))):
        context["kms:RequestAlias"] = alias[0]
    if operation in _OF_GRANTS:
        context["kms:GrantIsForAWSResource"] = "false"
    constraints = request.get("Constraints")
    if operation == "CreateGrant" and isinstance(constraints, dict) and constraints:
        context["kms:GrantConstraintType"] = next(iter(constraints))
    pairs = request.get("EncryptionContext")
    return context | encryption_context(pairs if isinstance(pairs, dict) else {})


def _text(value: Any) -> str | list[str]:  # noqa: ANN401 -- any JSON
    if isinstance(value, list):
        return [str(each) for each in value]
    return json.dumps(value) if isinstance(value, bool) else str(value)
