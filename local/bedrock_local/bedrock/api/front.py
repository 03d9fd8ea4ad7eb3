"""What stands before the emulator: the admin path, and replies that never arrive."""

from bedrock_local.asgi import Application, Message, Receive, Scope, Send, answer, whole_body
from bedrock_local.bedrock.api.admin import Admin
from bedrock_local.bedrock.api.api import DROPPED
from bedrock_local.owner import FAULTS

_DROPPED = DROPPED.encode()


def front(emulated: Application, admin: Admin) -> Application:
    """Put the admin path before an application, and let it drop replies.

    Parameters
    ----------
    emulated
        An ASGI application.
    admin
        Answers the admin path.

    Returns
    -------
    Application
        The one to serve.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(FAULTS):
            body = await whole_body(receive)
            await answer(send, *admin.answer(scope["method"], scope["path"], body))
        else:
            await emulated(scope, receive, _Reply(send).send)

    return app


class _Reply:
    """A reply on its way; one that is marked as dropped ends after its headers, and the server ends the connection."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._dropped = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._dropped = any(name.lower() == _DROPPED for name, _ in message["headers"])
            if self._dropped:
                # One byte that never comes: whoever reads knows that it has not got all.
                message = {**message, "headers": [(b"content-length", b"1")]}
        elif self._dropped:
            return
        await self._send(message)
