"""S3's requests, which ministack gives to other services by what their path, query or body looks like.

A bucket or key may be called as another service's path is (``tasks-of-may``, ``v2/x``), an address that is signed for
S3 may be sent with ``Action=CreateUser``, and an unsigned request is S3's or nobody's. What is S3's is known before
ministack looks, so it is not asked. Seen in ministack 1.5.33.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from ministack import app as ministack
from ministack.services import s3

from bedrock_local.services.s3 import only_s3

NEEDS = (
    "app.detect_service",
    "app._handle_pre_body_request",
    "app._handle_post_body_shortcuts",
    "app._handle_special_data_plane_request",
    "app._handle_s3_vhost_request",
    "app._extract_s3_vhost_bucket",
    "app._dispatch_service_request",
)

Answer = tuple[int, dict[str, str], Any]
_Handler = Callable[..., Awaitable[Answer | None]]


def keep_to_s3() -> None:
    """Let the requests for which `only_s3` is set pass by all that is not S3."""
    detect = ministack.detect_service

    def detect_service(*request: Any) -> str:  # noqa: ANN401 -- ministack's
        return "s3" if only_s3.get() else str(detect(*request))

    ministack.detect_service = detect_service
    # What ministack answers before it looks for the service.
    ministack._handle_pre_body_request = _unless_s3(ministack._handle_pre_body_request, _nothing)  # noqa: SLF001
    ministack._handle_post_body_shortcuts = _unless_s3(ministack._handle_post_body_shortcuts, _nothing)  # noqa: SLF001
    special = ministack._handle_special_data_plane_request  # noqa: SLF001 -- no public way in
    ministack._handle_special_data_plane_request = _unless_s3(special, _virtual_bucket)  # noqa: SLF001 -- the same


def _unless_s3(handle: _Handler, instead: _Handler) -> _Handler:
    async def handler(method: str, *request: Any, **more: Any) -> Answer | None:  # noqa: ANN401 -- ministack's
        # A browser's question before a request is answered by the first of them, also for S3.
        passes = only_s3.get() and method != "OPTIONS"
        return await (instead if passes else handle)(method, *request, **more)

    return handler


async def _nothing(*_: Any, **__: Any) -> None:  # noqa: ANN401 -- ministack's
    pass


async def _virtual_bucket(  # noqa: PLR0917 -- ministack's signature
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    query: dict[str, list[str]],
    request_id: str,
    **_: Any,  # noqa: ANN401 -- ministack's
) -> Answer | None:
    """Do what ministack does for a bucket that the host names, also if that, or the key, is called like a service."""
    host = headers.get("host", "")
    bucket = ministack._extract_s3_vhost_bucket(host)  # noqa: SLF001 -- no public way in
    answer: Answer | None = await ministack._handle_s3_vhost_request(host, path, method, headers, body, query)  # noqa: SLF001 -- the same
    if answer is None and bucket:
        path = f"/{bucket}{path}"
        answer = await ministack._dispatch_service_request(method, path, headers, body, query, request_id)  # noqa: SLF001 -- the same
    if answer is None:
        return None
    answer[1].update(s3.cors_response_headers(bucket, method, headers))
    for name in ("x-amz-request-id", "x-amzn-requestid"):
        answer[1].setdefault(name, request_id)
    return answer
