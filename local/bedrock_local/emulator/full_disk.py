"""A full disk: ministack answers with what the system said, or with nothing. Seen in ministack 1.5.33."""

from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc, s3

from bedrock_local.disk import is_full, no_room
from bedrock_local.services.s3 import refusal

NEEDS = (
    "services.s3.handle_request",
    "core.lambda_runtime.Worker._spawn",
    "services.lambda_svc._provided_runtime_code_dir",
)

# Of the 5xx the one that no SDK takes for a reason to try again, for a minute or longer.
_INSUFFICIENT_STORAGE = 507


def tell_clients() -> None:
    """Answer in S3's and in Lambda's form if there is no room for a part of an object, or for a function's code."""
    handle = s3.handle_request

    async def handle_or_refuse(*request: Any, **more: Any) -> Any:  # noqa: ANN401 -- ministack's
        try:
            return await handle(*request, **more)
        except OSError as error:
            return refusal("InternalError", no_room(error), _INSUFFICIENT_STORAGE)

    s3.handle_request = handle_or_refuse
    lambda_runtime.Worker._spawn = _naming(lambda_runtime.Worker._spawn)  # noqa: SLF001 -- no public way in
    unpack = lambda_svc._provided_runtime_code_dir  # noqa: SLF001 -- the same
    lambda_svc._provided_runtime_code_dir = _naming(unpack)  # noqa: SLF001 -- the same


def _naming(unpack: Callable[..., Any]) -> Callable[..., Any]:
    def unpack_or_say_why(*about: Any) -> Any:  # noqa: ANN401 -- ministack's
        try:
            return unpack(*about)
        except (OSError, RuntimeError) as error:
            # A layer's error is the cause of ministack's.
            for refused in (error, error.__cause__):
                if is_full(refused):
                    raise RuntimeError(no_room(refused)) from None
            raise

    return unpack_or_say_why
