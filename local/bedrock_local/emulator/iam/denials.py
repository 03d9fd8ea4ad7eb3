"""What is denied is remembered, with the policy that is to be changed; ministack tells it who asked, and nobody else.

Seen in ministack 1.5.33.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator, responses
from ministack.core.iam_evaluator import EvalContext, EvalResult, PrincipalInfo

from bedrock_local.names.arn import Arn
from bedrock_local.services.denials import DENIALS, Denied, Where
from bedrock_local.services.iam import find_role

NEEDS = ("core.iam_evaluator.enforce",)

Context = Mapping[str, Any] | None


def remember_denials() -> None:
    """Note each denial of IAM's, whoever asked."""
    enforce = iam_evaluator.enforce

    def enforce_and_note(  # noqa: PLR0917 -- ministack's signature
        key: str, action: str, service: str, region: str, resource_arn: str = "*", service_context: Context = None
    ) -> Any:  # noqa: ANN401 -- ministack's
        denied = enforce(key, action, service, region, resource_arn, service_context)
        principal = isinstance(denied, EvalResult) and iam_evaluator.resolve_principal(key, responses.get_account_id())
        if isinstance(principal, PrincipalInfo):
            asked = EvalContext(principal.arn, principal.type, principal.account, action, resource_arn, region)
            asked.service_context = {name.lower(): value for name, value in (service_context or {}).items()}
            asked.principal_keys = principal.keys
            DENIALS.note(_denied(asked, principal, denied))
        return denied

    iam_evaluator.enforce = enforce_and_note


def _denied(asked: EvalContext, principal: PrincipalInfo, denied: EvalResult) -> Denied:
    own = iam_evaluator.evaluate(asked, principal.policies).decision
    limited = iam_evaluator.evaluate(asked, principal.policies, *principal.limits).decision
    # What the layers of a principal say is passed on; else it was the resource that had the last word.
    where = Where.OWN if own == denied.decision else Where.LIMIT if limited == denied.decision else Where.RESOURCE
    if denied.resource_policy_arn:
        where = Where.RESOURCE
    explicitly = denied.decision == "Deny"
    return Denied(principal.arn, _whom(principal), asked.action, asked.resource_arn, where, explicitly)


def _whom(principal: PrincipalInfo) -> str:
    """Name who asked as policies do: of a session its role."""
    arn = Arn.parse(principal.arn)
    kind, *names = arn.resource.split("/")
    role = find_role(arn.account, names[0]) if kind == "assumed-role" else None
    return str(role["Arn"]) if role else principal.arn
