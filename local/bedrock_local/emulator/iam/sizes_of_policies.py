"""The policy of a function that grows beyond what Lambda takes; in ministack it has no end. Seen in ministack 1.5.33.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, and for the words
https://github.com/adobe/helix-deploy/issues/24
"""

import json
from http import HTTPStatus
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import lambda_svc

NEEDS = ("services.lambda_svc._add_permission", "services.lambda_svc._functions")

_MOST_BYTES = 20480

Response = tuple[int, dict[str, str], bytes]


def bound_policies_of_functions() -> None:
    """Refuse the permission with which a function's policy, or that of its version or alias, would be too long."""
    add = lambda_svc._add_permission  # noqa: SLF001 -- no public way in

    def add_permission(function: str, *about: Any, **more: Any) -> Response:  # noqa: ANN401 -- ministack's
        answer: Response = add(function, *about, **more)
        if answer[0] != HTTPStatus.CREATED:
            return answer
        statements = lambda_svc._functions[function]["policy"]["Statement"]  # noqa: SLF001 -- the same
        size = _size([each for each in statements if each["Resource"] == statements[-1]["Resource"]])
        if size <= _MOST_BYTES:
            return answer
        statements.pop()
        words = f"The final policy size ({size}) is bigger than the limit ({_MOST_BYTES})."
        refusal: Response = error_response_json("PolicyLengthExceededException", words, HTTPStatus.BAD_REQUEST)
        return refusal

    lambda_svc._add_permission = add_permission  # noqa: SLF001 -- the same


def _size(statements: list[dict[str, Any]]) -> int:
    policy = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
    return len(json.dumps(policy, separators=(",", ":"), ensure_ascii=False).encode())
