"""The values of condition keys.

``aws:ResourceAccount`` is the owner of the bucket, and of a foundation model never the caller's account, which is why
conditions on it break access to models; ``aws:PrincipalArn`` of a session is its role's ARN. ministack answers the
caller's account and the session's ARN. Of who asks in whose name every signed request tells something, and in ministack
none does, so a policy that denies by it denies nobody. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import json
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext

from bedrock_local.names.arn import Arn
from bedrock_local.names.s3_uri import S3Uri
from bedrock_local.services.iam import find_role
from bedrock_local.services.s3 import bucket_owner

_NOBODY, _SERVICE = "Anonymous", "Service"

NEEDS = ("core.iam_evaluator._resolve_condition_key",)


def know_accounts_and_roles() -> None:
    """Give condition keys the values that IAM documents."""
    resolve = iam_evaluator._resolve_condition_key  # noqa: SLF001 -- no public way in

    def resolve_condition_key(key: str, request: EvalContext) -> Any:  # noqa: ANN401 -- ministack's
        place = S3Uri.of_arn(request.resource_arn)
        match key.lower():
            case "aws:resourceaccount" | "s3:resourceaccount" if place and (owner := bucket_owner(place.bucket)):
                return owner
            case "aws:resourceaccount" if "::foundation-model/" in request.resource_arn:
                return None
            case "aws:principalarn" if request.principal_type == "AssumedRole":
                return _role_arn(request.principal_arn)
            case "aws:principalisawsservice" if request.principal_type != _NOBODY:
                return json.dumps(request.principal_type == _SERVICE)
            case "aws:viaawsservice":
                # S3 asks KMS in the name of its own caller.
                return json.dumps(resolve("kms:ViaService", request) is not None)
        return resolve(key, request)

    iam_evaluator._resolve_condition_key = resolve_condition_key  # noqa: SLF001 -- no public way in


def _role_arn(session_arn: str) -> str:
    session = Arn.parse(session_arn)
    role = find_role(session.account, session.resource.split("/")[1]) or {}
    return str(role.get("Arn", session_arn))
