"""Print, for each service that the installed emulator routes, a request that gets there: method, path, headers, scope.

A program of its own: the emulator reads its settings when it is imported.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from ministack.app import SERVICE_HANDLERS
from ministack.core.router import SERVICE_PATTERNS, detect_service

Candidate = tuple[str, str, dict[str, str], str]


def candidates(service: str) -> Iterator[Candidate]:
    patterns: dict[str, Any] = SERVICE_PATTERNS.get(service, {})
    scope = patterns.get("credential_scope", service)
    yield from (
        ("POST", "/", {"X-Amz-Target": f"{each.rstrip('.')}.Some"}, scope)
        for each in patterns.get("target_prefixes", ())
    )
    paths = ["/", *patterns.get("path_prefixes", ()), *MORE_PATHS.get(service, ())]
    yield from (("GET", path, {}, each) for each in (scope, service) for path in paths)


# What the emulator's table does not say: these give credentials to whatever asks.
MORE_PATHS = {"imds": ("/latest/meta-data/",), "ecs-metadata": ("/v4/any-task/task",)}


def routed(service: str) -> Candidate | None:
    for method, path, headers, scope in candidates(service):
        authorization = (
            f"AWS4-HMAC-SHA256 Credential=0/20260101/us-east-1/{scope}/aws4_request, SignedHeaders=host, Signature=0"
        )
        seen = {name.lower(): value for name, value in headers.items()}
        if detect_service(method, path, {"authorization": authorization, "host": "127.0.0.1", **seen}, {}) == service:
            return method, path, headers, scope
    return None


json.dump({service: routed(service) for service in SERVICE_HANDLERS}, sys.stdout)
