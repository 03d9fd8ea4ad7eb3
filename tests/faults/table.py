"""DynamoDB: the one of the local AWS, in this process, so that a test can read the function's table."""

import asyncio
import json
import threading
from collections.abc import Mapping
from typing import Any

from ministack.services import dynamodb

from .front import Call, Request, Response

TABLE = "waits"
_JSON = {"Content-Type": "application/x-amz-json-1.0"}
_PREFIX = "DynamoDB_20120810."
_KEYS = {"Job": "HASH", "Wait": "RANGE"}

Item = Mapping[str, str]


class Table:
    """The function's table, which begins empty."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        dynamodb.reset()
        self._ask(
            "CreateTable",
            {
                "TableName": TABLE,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in _KEYS],
                "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in _KEYS.items()],
            },
        )

    @property
    def items(self) -> list[Item]:
        """All that is in it, each value as text."""
        found = self._ask("Scan", {"TableName": TABLE})["Items"]
        return [{name: str(next(iter(value.values()))) for name, value in item.items()} for item in found]

    @property
    def waits(self) -> list[Item]:
        """The requests and conditions that still have to be seen to."""
        return [item for item in self.items if item["Wait"] not in ("until", "policies")]

    def call(self, request: Request) -> Call:
        operation = header(request, "x-amz-target").removeprefix(_PREFIX)
        return Call(operation, json.loads(request.body or b"{}"))

    def answer(self, request: Request, call: Call) -> Response:
        with self._lock:
            return self._handled(call.operation, request.body)

    def error(self, code: str, text: str, status: int) -> Response:
        return (
            status,
            _JSON,
            json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": text}).encode(),
        )

    def _ask(self, operation: str, parameters: Mapping[str, Any]) -> Any:
        with self._lock:
            status, _, content = self._handled(operation, json.dumps(parameters).encode())
        assert status == 200, content
        return json.loads(content)

    @staticmethod
    def _handled(operation: str, body: bytes) -> Response:
        headers = {"x-amz-target": f"{_PREFIX}{operation}"}
        status, answered, content = asyncio.run(dynamodb.handle_request("POST", "/", headers, body, {}))
        return status, answered, content


def header(request: Request, name: str) -> str:
    return next((value for key, value in request.headers.items() if key.lower() == name), "")
