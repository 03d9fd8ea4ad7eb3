"""The console before the emulator: its paths are answered here, all others there."""

from bedrock_local.asgi import Application, Receive, Scope, Send, answer, whole_body
from bedrock_local.console.addresses import PATH
from bedrock_local.console.console import Asked, Console
from bedrock_local.owner import CONSOLE_TOKENS


def with_console(inner: Application, console: Console) -> Application:
    """Put the console before an application.

    Parameters
    ----------
    inner
        Answers all other paths.
    console
        The console.

    Returns
    -------
    Application
        To be served behind the gate, which says who may ask for these paths.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith((PATH, CONSOLE_TOKENS)):
            await inner(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query, body = scope["query_string"].decode("latin-1"), await whole_body(receive)
        await answer(send, *console.answer(Asked(scope["method"], scope["path"], query, headers, body)))

    return app
