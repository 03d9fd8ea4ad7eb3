"""IAM: the roles and policies that a stack has left behind for the function to remove."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from .front import Call, Request, Response

#: Code, text and status of an error.
Problem = tuple[str, str, int]
_XML = {"Content-Type": "text/xml"}
_MISSING = ("NoSuchEntity", "The entity cannot be found.", 404)
_CONFLICT = ("DeleteConflict", "Cannot delete entity, must detach all policies first.", 409)


@dataclass
class Role:
    """What a role has: the names of its inline policies, the ARNs of its managed ones."""

    inline: set[str] = field(default_factory=set)
    managed: set[str] = field(default_factory=set)


class Iam:
    """`roles` by name; `policies` are the ARNs of the customer managed ones that there are."""

    def __init__(self) -> None:
        self.roles: dict[str, Role] = {}
        self.policies: set[str] = set()
        self._lock = threading.Lock()

    def call(self, request: Request) -> Call:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        return Call(form.pop("Action", "?"), form)

    def answer(self, request: Request, call: Call) -> Response:  # noqa: ARG002 (see `Service`)
        acts = {
            "DeleteRolePolicy": self._delete_role_policy,
            "DetachRolePolicy": self._detach_role_policy,
            "DeleteRole": self._delete_role,
            "DeletePolicy": self._delete_policy,
        }
        if call.operation == "ListRolePolicies":
            return self._listed(call.parameters)
        if call.operation not in acts:
            return self.error("InvalidAction", "no such operation", 400)
        with self._lock:
            problem = acts[call.operation](call.parameters)
        if problem:
            return self.error(*problem)
        body = f"<{call.operation}Response><ResponseMetadata/></{call.operation}Response>"
        return 200, _XML, body.encode()

    def error(self, code: str, text: str, status: int) -> Response:
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(text)}</Message></Error>"
        return status, _XML, f"<ErrorResponse>{error}<RequestId>0</RequestId></ErrorResponse>".encode()

    def _listed(self, parameters: Mapping[str, str]) -> Response:
        if parameters["RoleName"] not in self.roles:
            return self.error(*_MISSING)
        members = "".join(f"<member>{name}</member>" for name in sorted(self._role(parameters).inline))
        result = f"<PolicyNames>{members}</PolicyNames><IsTruncated>false</IsTruncated>"
        told = f"<ListRolePoliciesResult>{result}</ListRolePoliciesResult>"
        return 200, _XML, f"<ListRolePoliciesResponse>{told}</ListRolePoliciesResponse>".encode()

    def _delete_role_policy(self, parameters: Mapping[str, str]) -> Problem | None:
        return self._take(self._role(parameters).inline, parameters["PolicyName"])

    def _detach_role_policy(self, parameters: Mapping[str, str]) -> Problem | None:
        return self._take(self._role(parameters).managed, parameters["PolicyArn"])

    def _delete_policy(self, parameters: Mapping[str, str]) -> Problem | None:
        if any(parameters["PolicyArn"] in role.managed for role in self.roles.values()):
            return _CONFLICT
        return self._take(self.policies, parameters["PolicyArn"])

    def _delete_role(self, parameters: Mapping[str, str]) -> Problem | None:
        role = self._role(parameters)
        if role.inline or role.managed:
            return _CONFLICT
        return None if self.roles.pop(parameters["RoleName"], None) else _MISSING

    def _role(self, parameters: Mapping[str, str]) -> Role:
        return self.roles.get(parameters["RoleName"], Role())

    @staticmethod
    def _take(there: set[str], name: str) -> Problem | None:
        if name not in there:
            return _MISSING
        there.remove(name)
        return None
