"""Whether a request names its operation once: the emulator might ask a caller's policies for one, and serve another."""

from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import Request
from bedrock_local.services.protocols import takes_action

_FORM = "application/x-www-form-urlencoded"


def check_operation(request: Request) -> None:
    """Return if a request says in one place what it asks for, as AWS's clients do.

    Raises
    ------
    RefusedError
        If parts of it stand in the address and parts in the header or the body.
    """
    if request.only_s3:
        # S3 goes by the path alone.
        return
    in_address = [name for name in request.query if not name.lower().startswith("x-amz-")]
    in_form = request.headers.get("content-type", "").lower().startswith(_FORM)
    if in_address and (in_form or "x-amz-target" in request.headers):
        raise _twice(f"{in_address[0]} stands in the address, beside a body that says all")
    if "Action" in request.query and request.has_body:
        raise _twice("Action stands in the address of a request with a body")
    if takes_action(request.service) and request.has_body and not in_form and not _is_newer(request):
        raise _twice(f"the body of this service's is {_FORM}, and the Content-Type says something else")


def _is_newer(request: Request) -> bool:
    """Say whether it is in one of the forms that services with ``Action`` take besides."""
    return "x-amz-target" in request.headers or request.path.startswith(("/service/", "/v2/"))


def _twice(what: str) -> RefusedError:
    return RefusedError("InvalidRequest", f"Say in one place which operation it is: {what}.", 400)
