"""A full disk: ministack answers with what the system said, or with nothing. Seen in ministack 1.5.33."""

from typing import Any

from ministack.services import s3

from bedrock_local.disk import no_room
from bedrock_local.services.s3 import refusal

NEEDS = ("services.s3.handle_request",)

# Of the 5xx the one that no SDK takes for a reason to try again, for a minute or longer.
_INSUFFICIENT_STORAGE = 507


def tell_clients() -> None:
    """Answer in S3's form if there is no room for a part of an object."""
    handle = s3.handle_request

    async def handle_or_refuse(*request: Any, **more: Any) -> Any:  # noqa: ANN401 -- ministack's
        try:
            return await handle(*request, **more)
        except OSError as error:
            return refusal("InternalError", no_room(error), _INSUFFICIENT_STORAGE)

    s3.handle_request = handle_or_refuse
