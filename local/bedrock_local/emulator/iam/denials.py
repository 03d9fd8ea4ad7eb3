"""What is denied is remembered, for whoever looks for the permission that is missing; ministack only answers.

Seen in ministack 1.5.33.
"""

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalResult

from bedrock_local.services.denials import DENIALS

NEEDS = ("core.iam_evaluator.enforce",)

Context = Mapping[str, Any] | None


def remember_denials() -> None:
    """Note each denial of IAM's, whoever asked."""
    enforce = iam_evaluator.enforce

    def enforce_and_note(  # noqa: PLR0917 -- ministack's signature
        key: str, action: str, service: str, region: str, resource_arn: str = "*", service_context: Context = None
    ) -> Any:  # noqa: ANN401 -- ministack's
        denied = enforce(key, action, service, region, resource_arn, service_context)
        if isinstance(denied, EvalResult):
            explicit = denied.decision == "Deny" and (denied.resource_policy_arn or "a policy of its own")
            DENIALS.note(denied.principal_arn, action, resource_arn, explicit or "")
        return denied

    iam_evaluator.enforce = enforce_and_note
