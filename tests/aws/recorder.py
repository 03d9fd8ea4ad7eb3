"""What the service was asked and what it answered, as it stood on the wire."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Recorder:
    """Listens to clients of Bedrock.

    Attributes
    ----------
    exchanges
        What was asked, and answered. An answer that says the same as the one before to the same question is left out.
    """

    exchanges: list[dict[str, Any]] = field(default_factory=list)

    def listen(self, client: Any) -> Any:
        """Return the client, listened to."""
        client.meta.events.register("before-parameter-build.bedrock", self._asked)
        client.meta.events.register("after-call.bedrock", self._answered)
        return client

    def _asked(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["asked"] = dict(params)

    def _answered(self, http_response: Any, model: Any, context: Mapping[str, Any], **_: Any) -> None:
        exchange = {
            "operation": model.name,
            "request": json.loads(json.dumps(context["asked"], default=str)),
            "status": http_response.status_code,
            "error": http_response.headers.get("x-amzn-ErrorType"),
            "answer": json.loads(http_response.content or b"null"),
        }
        earlier = [each for each in self.exchanges if each["operation"] == model.name]
        if not earlier or earlier[-1] != exchange:
            self.exchanges.append(exchange)
