"""The gate itself: an ASGI application before another one, that hands on what may be answered."""

from collections.abc import Mapping

from bedrock_local.asgi import Application, Message, Receive, Scope, Send
from bedrock_local.environment import HOST
from bedrock_local.gate import origins, paths, permissions, public_objects
from bedrock_local.gate.bodies import Body, most_bytes
from bedrock_local.gate.operations import check_operation
from bedrock_local.gate.refusal import RefusedError, answer
from bedrock_local.gate.request import Request
from bedrock_local.gate.signatures import Signature, signature_of
from bedrock_local.services.s3 import only_s3

_CORS = b"access-control-"


def gate(inner: Application, owners: Mapping[str, int]) -> Application:
    """Put the gate before an application.

    Parameters
    ----------
    inner
        Answers what passes.
    owners
        Paths that only an account's root user may use, by what they begin with, and the most bytes of a body.

    Returns
    -------
    Application
        The one to serve.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _Passage(inner, owners, scope, receive, send).go()
        elif scope["type"] == "websocket":
            # Nothing that is emulated here is asked for through one, and its sender may be any page.
            await send({"type": "websocket.close", "code": 1008})
        else:
            await inner(scope, receive, send)

    return app


def _in_path_style(scope: Scope, request: Request) -> Scope:
    """Name a bucket in the path alone: what was judged is then what the emulator sees."""
    bucket = request.virtual_bucket
    if bucket is None:
        return scope
    path, raw_path = f"/{bucket}{request.path}", f"/{bucket}{request.raw_path}".encode("latin-1")
    others = [line for line in scope["headers"] if line[0].lower() != b"host"]
    return {**scope, "path": path, "raw_path": raw_path, "headers": [*others, (b"host", HOST.encode())]}


class _Passage:
    """The way of one request through the gate."""

    def __init__(
        self, inner: Application, owners: Mapping[str, int], scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._inner, self._owners, self._scope = inner, owners, scope
        self._receive, self._send = receive, send
        self._request: Request | None = None
        self._keeps_cors = self._is_call = self._has_begun = False

    async def go(self) -> None:
        try:
            request = self._request = Request.of(self._scope)
            body = await self._admit(request)
            # What is open below the emulator's own paths is not signed either, and is not S3's.
            only_s3.set(request.only_s3 and not paths.is_internal(request.path))
            await self._inner(self._scope, body.receive, self._send_on)
            if body.refused and not self._has_begun:
                raise body.refused
        except RefusedError as refused:
            await self._refuse(refused)

    async def _admit(self, request: Request) -> Body:
        origins.check_host(request)
        foreign = origins.is_foreign(request)
        self._keeps_cors = "origin" in request.headers and public_objects.lets_origin_in(request)
        if foreign and not self._keeps_cors:
            raise origins.refuse_origin(request)
        if (owned := self._owned(request.path)) is not None:
            return await self._admit_owner(request, owned)
        if paths.is_internal(request.path):
            return self._admit_internal(request)
        if request.method == "OPTIONS":
            return self._admit_preflight(request)
        return await self._admit_caller(request)

    def _owned(self, path: str) -> int | None:
        return next((most for prefix, most in self._owners.items() if path.startswith(prefix)), None)

    async def _admit_owner(self, request: Request, most: int) -> Body:
        signature = signature_of(request)
        # An object of a bucket that the host names may be called like it, and its address be anybody's.
        if signature is None or signature.credential.principal_type != "Root" or request.only_s3:
            raise RefusedError("AccessDenied", "Sign the request as an account's root user.")
        return await self._checked(signature, Body(request, self._receive, most))

    def _admit_internal(self, request: Request) -> Body:
        found = paths.open_path(request)
        if found is None:
            raise RefusedError("AccessDenied", f"{request.method} {request.path} is the emulator's own, and closed.")
        return Body(request, self._receive, found.most_bytes)

    def _admit_preflight(self, request: Request) -> Body:
        if not self._keeps_cors:
            raise RefusedError("AccessForbidden", "Only a bucket's CORS rules answer a preflight request.")
        return Body(request, self._receive, 0)

    async def _admit_caller(self, request: Request) -> Body:
        self._is_call = True
        signature = signature_of(request)
        if signature is None:
            self._admit_anybody(request)
        body = Body(request, self._receive, most_bytes(request))
        return await self._checked(signature, body) if signature else body

    def _admit_anybody(self, request: Request) -> None:
        if not public_objects.anybody_may(request):
            form = request.headers.get("content-type", "").startswith("multipart/form-data")
            advice = "use a presigned address, not a form" if form else "`bedrock-local env` prints what to sign with"
            raise RefusedError("MissingAuthenticationToken", f"The request is not signed; {advice}.")
        self._scope = _in_path_style(self._scope, request)

    async def _checked(self, signature: Signature, body: Body) -> Body:
        request = signature.request
        if request.is_in_chunks and not request.only_s3:
            raise RefusedError("InvalidRequest", "Only S3 takes a body in aws-chunked; send it as it is.", 400)
        if not signature.covers_body:
            signature.check()
            if content := signature.content:
                body.expect(content)
            permissions.check_put(signature)
        # S3 keeps what is compressed as it is, all others inflate it, before they ask whether the caller may.
        if signature.covers_body or request.is_inflated:
            sent = await body.whole()
            signature.check(sent)
            if request.is_inflated:
                body.check_inflated(sent)
        check_operation(request)
        return body

    async def _send_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._has_begun = True
            if not self._keeps_cors:
                kept = [line for line in message["headers"] if not line[0].lower().startswith(_CORS)]
                message = {**message, "headers": kept}
        await self._send(message)

    async def _refuse(self, refused: RefusedError) -> None:
        request = self._request
        # Who is not an AWS client is not answered as one.
        service = request.service if request and self._is_call else ""
        status, headers, content = answer(refused, self._scope["method"], service, request.headers if request else {})
        lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": lines})
        await self._send({"type": "http.response.body", "body": content})
