"""What the console answers: who may see it, what is seen, and what its buttons do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs

from bedrock_local.bedrock.api.responses import Response
from bedrock_local.console import answers
from bedrock_local.console.addresses import PATH
from bedrock_local.console.entrance import Entrance
from bedrock_local.console.orders import Orders, RefusedOrderError
from bedrock_local.console.views.view import View
from bedrock_local.owner import CONSOLE_TOKENS

#: In each request that changes something: no form and no link of another page can send it.
HEADER = "x-bedrock-local-console"
_FRESH = "Run “bedrock-local console” for a fresh address, and open that."


@dataclass(frozen=True)
class Asked:
    """A request to the console.

    Parameters
    ----------
    method, path
        Of HTTP; the path decoded.
    query
        As it was sent.
    headers
        By name in lower case.
    body
        What is sent.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def parameter(self, name: str) -> str:
        """Return a parameter of the query; empty without one."""
        return parse_qs(self.query).get(name, [""])[0]


@dataclass(frozen=True)
class Console:
    """The console.

    Parameters
    ----------
    view
        What is seen.
    orders
        What its buttons do.
    """

    view: View
    orders: Orders
    entrance: Entrance = field(default_factory=Entrance)

    def answer(self, asked: Asked) -> Response:
        """Answer a request that the gate has let in.

        Parameters
        ----------
        asked
            The request.

        Returns
        -------
        Response
            Status, headers and body.
        """
        if (asked.method, asked.path) == ("POST", CONSOLE_TOKENS):
            return answers.data({"path": f"{PATH}?token={self.entrance.mint()}"})
        if asked.path == PATH and asked.method == "GET":
            return self._enter(asked.parameter("token"))
        own = self.entrance.path_of(asked.path, asked.headers)
        if own is None:
            return answers.said(HTTPStatus.FORBIDDEN, "This browser is not let in", f"It has no cookie here. {_FRESH}")
        name = asked.path.removeprefix(own)
        return self._do(name, asked) if asked.method == "POST" else self._show(name, own, asked)

    def _enter(self, token: str) -> Response:
        entered = self.entrance.spend(token)
        if entered is None:
            title = "This address is good for nothing any more"
            return answers.said(HTTPStatus.FORBIDDEN, title, f"It lets one browser in, once. {_FRESH}")
        return answers.moved(*entered)

    def _show(self, name: str, own: str, asked: Asked) -> Response:
        views: Mapping[str, Callable[[], object | None]] = {
            "state": self.view.state,
            "job": lambda: self.view.job(asked.parameter("id")),
            "stack": lambda: self.view.stack(asked.parameter("id")),
        }
        if name in views:
            seen = views[name]()
            return answers.data(seen, asked.headers.get("if-none-match", "")) if seen is not None else _nothing(name)
        return answers.file(name or "page.html", f"http://{asked.headers['host']}{own}") or _nothing(name)

    def _do(self, name: str, asked: Asked) -> Response:
        if HEADER not in asked.headers:
            return _refused(HTTPStatus.FORBIDDEN, f"a change has the header {HEADER}")
        order = self.orders.named(name)
        if order is None:
            return _nothing(name)
        try:
            return answers.data(order(asked.body))
        except RefusedOrderError as refused:
            return _refused(HTTPStatus.BAD_REQUEST, str(refused))


def _nothing(name: str) -> Response:
    return _refused(HTTPStatus.NOT_FOUND, f"there is no {name} here")


def _refused(status: HTTPStatus, message: str) -> Response:
    return answers.data({"message": message}, status=status)
