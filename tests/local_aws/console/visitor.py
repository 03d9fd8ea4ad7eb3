"""Somebody who opens the console without a browser, and may leave out or change whatever a browser sends."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any

from bedrock_local.running import RunningAws

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.local_aws.conftest import LocalAws

HEADER = "X-Bedrock-Local-Console"


def port_of(aws: LocalAws) -> int:
    return int(aws.url.rpartition(":")[2])


def fresh_address(aws: LocalAws) -> str:
    return RunningAws(0, port_of(aws), "echo", aws.secret).console_url()


def ask(
    aws: LocalAws, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> tuple[int, Mapping[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(aws))
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()
    finally:
        connection.close()


class Visitor:
    """One who was let in."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws
        status, headers, _ = ask(aws, "GET", fresh_address(aws).removeprefix(aws.url))
        assert status == 303
        self.path, self.set_cookie = headers["location"], headers["set-cookie"]
        self.cookie = self.set_cookie.partition(";")[0]

    def get(self, name: str, headers: Mapping[str, str] | None = None) -> tuple[int, Mapping[str, str], str]:
        return ask(self.aws, "GET", self.path + name, {"Cookie": self.cookie, **(headers or {})})

    def seen(self, name: str = "state") -> dict[str, Any]:
        status, _, body = self.get(name)
        assert status == 200, body
        found: dict[str, Any] = json.loads(body)
        return found

    def post(self, name: str, body: object, **headers: str | None) -> tuple[int, str]:
        """Send what the page would; a header that is None is left out."""
        sent = {"Cookie": self.cookie, HEADER: "1", "Origin": self.aws.url, "Sec-Fetch-Site": "same-origin"}
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        kept = {key: value for key, value in {**sent, **named}.items() if value is not None}
        status, _, said = ask(self.aws, "POST", self.path + name, kept, json.dumps(body).encode())
        return status, said

    def switch_on(self, **fault: object) -> str:
        status, said = self.post("faults/add", fault)
        assert status == 200, said
        return str(json.loads(said)["id"])

    def switch_off(self, fault_id: str) -> None:
        assert self.post("faults/remove", {"id": fault_id})[0] == 200
