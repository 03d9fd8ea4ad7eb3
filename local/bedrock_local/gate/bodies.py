"""How much may be sent, and whether it is what was signed."""

import asyncio
import re
import zlib

from bedrock_local.asgi import Message, Receive
from bedrock_local.gate.contents import Content
from bedrock_local.gate.refusal import RefusedError
from bedrock_local.gate.request import Request
from bedrock_local.services.protocols import takes_action

_MIB = 1024**2
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html: in a single operation.
_S3_OBJECT = 5 * 1024**3
#: The most that a service takes at once, in bytes, where that is more than `_OTHERS`.
_MOST = {
    # A zip file of 50 MiB, in base64 and in JSON: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    "lambda": 68 * _MIB,
    # https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
    "bedrock-runtime": 25_000_000,
}
#: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html: BatchWriteItem takes most.
_OTHERS = 16 * _MIB
#: As long as S3 waits for more: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: RequestTimeout.
_IDLE_SECONDS = 20
_GZIP = 16 + zlib.MAX_WBITS


def most_bytes(request: Request) -> int:
    """Return how much a request may send, in bytes."""
    if request.only_s3 and request.method == "PUT" and request.is_for_object:
        return _S3_OBJECT
    if request.method != "POST" and takes_action(request.service):
        # All that it says stands in the address.
        return 0
    return _MOST.get(request.service, _OTHERS)


class Body:
    """A body on its way in, bounded.

    Parameters
    ----------
    request
        Whose body it is. What it says of the length is believed only if it is too much.
    receive
        Of ASGI.
    most
        In bytes.

    Raises
    ------
    RefusedError
        If the request announces more than that.
    """

    def __init__(self, request: Request, receive: Receive, most: int) -> None:
        self._receive, self._most, self._read = receive, most, 0
        self._again: bytes | None = None
        self._complete = False
        self._expected: Content | None = None
        #: Why what was sent cannot be taken, once that is known.
        self.refused: RefusedError | None = None
        announced = request.headers.get("content-length", "0")
        if not re.fullmatch(r"[0-9]{1,15}", announced) or int(announced) > most:
            raise self._too_large()

    def expect(self, content: Content) -> None:
        """Refuse, as it comes, what is not what was signed."""
        self._expected = content

    async def receive(self) -> Message:
        """Hand on the next message; instead of what cannot be taken, that its sender has gone."""
        if self._again is not None:
            content, self._again = self._again, None
            return {"type": "http.request", "body": content, "more_body": False}
        message = await self._next()
        if message["type"] != "http.request":
            return message
        self._complete = not message.get("more_body")
        try:
            self._take(message.get("body", b""))
        except RefusedError as refused:
            self.refused = refused
            return {"type": "http.disconnect"}
        return message

    def _take(self, part: bytes) -> None:
        self._read += len(part)
        if self._read > self._most:
            raise self._too_large()
        if self._expected:
            self._expected.update(part)
            if self._complete:
                self._expected.end()

    async def whole(self) -> bytes:
        """Read all of it; `receive` then hands it on at once.

        Raises
        ------
        RefusedError
            If it cannot be taken, or its sender goes away.
        """
        # Not a list of parts: however small they come, they take no more room than they have bytes.
        whole = bytearray()
        while True:
            message = await self.receive()
            if message["type"] != "http.request":
                raise self.refused or RefusedError("IncompleteBody", "The connection ended within the body.", 400)
            whole += message.get("body", b"")
            if not message.get("more_body"):
                self._again = bytes(whole)
                return self._again

    def check_inflated(self, content: bytes) -> None:
        """Return if a compressed body is in bounds when it is not.

        Parameters
        ----------
        content
            All of it.

        Raises
        ------
        RefusedError
            If it is not, or is no single gzip file to its last byte: whoever reads it otherwise may find more in it.
        """
        member = zlib.decompressobj(_GZIP)
        try:
            inflated = len(member.decompress(content, self._most + 1))
        except zlib.error:
            inflated = 0
        if inflated > self._most:
            raise self._too_large()
        if not member.eof or member.unused_data:
            message = "The body is not one gzip file, as its Content-Encoding says; send one, or send it as it is."
            raise RefusedError("InvalidRequest", message, 400)

    async def _next(self) -> Message:
        # When all is there, what comes next is that its sender has gone, in its own time.
        try:
            async with asyncio.timeout(None if self._complete else _IDLE_SECONDS):
                return await self._receive()
        except TimeoutError:
            message = f"Nothing more of the body came in {_IDLE_SECONDS} seconds; send it again."
            self.refused = RefusedError("RequestTimeout", message, 400)
            return {"type": "http.disconnect"}

    def _too_large(self) -> RefusedError:
        message = f"A body may have {self._most:,} bytes here; send less, or in parts."
        return RefusedError("RequestEntityTooLarge", message, 413)
