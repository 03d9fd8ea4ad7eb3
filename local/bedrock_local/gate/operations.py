"""Whether a request names its operation once: the emulator might ask a caller's policies for one, and serve another."""

from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import Request
from bedrock_local.services.protocols import is_target, takes_action, takes_target

_FORM = "application/x-www-form-urlencoded"
_JSON = ("application/x-amz-json-1.0", "application/x-amz-json-1.1")
#: Of operations that are told by the path, of services that take ``Action`` besides.
_PATHS = ("/service/", "/v2/")
#: Of what a header says, in an answer.
_SHOWN = 100


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
    if "%" in request.path:
        raise _unclear("the path is encoded twice")
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    in_address = next((name for name in request.query if not name.lower().startswith("x-amz-")), None)
    if (target := request.headers.get("x-amz-target")) is not None:
        # Without a type there is only one way to read it, unless the service has several.
        typed = media in _JSON or not (media or takes_action(request.service))
        if not takes_target(request.service) or not typed:
            if media in _JSON and not is_target(target):
                raise RefusedError("UnknownOperationException", f"The local AWS has no {target[:_SHOWN]}.", 400)
            raise _unclear(f"X-Amz-Target belongs to a body of {_JSON[0]}, of a service that takes one")
    elif not takes_action(request.service) or request.path.startswith(_PATHS):
        return
    elif request.method == "POST" and media != _FORM:
        raise _unclear(f"the body of this service's requests is {_FORM}")
    if request.method == "POST" and in_address:
        raise _unclear(f"{in_address} stands in the address, beside a body that says all")


def _unclear(what: str) -> RefusedError:
    return RefusedError("InvalidRequest", f"Say in one place which operation it is: {what}.", 400)
