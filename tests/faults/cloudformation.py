"""CloudFormation's contract with a custom resource: stacks that send requests and believe the first answer."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .bedrock import ACCOUNT, REGION
from .clock import Clock
from .descriptions import RESOURCE_TYPE
from .endpoint import Endpoint, Mailbox
from .function import Function

_SERVICE_TOKEN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:function"


@dataclass(frozen=True)
class Answer:
    """What CloudFormation understood: an answer, or that there was none."""

    status: str
    physical_id: str
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        return self.status == "SUCCESS"


@dataclass
class CloudFormation:
    """All stacks, the function behind their custom resources, and the endpoint for the answers.

    `service_timeout` is the resource's ServiceTimeout, in seconds of the function's time; `stacks` is the status of
    each stack, by its id; `signaled` are the signals that were of use: stack, resource and unique id.
    """

    function: Function
    endpoint: Endpoint
    clock: Clock
    service_timeout: float = 3600
    requests: list[dict[str, Any]] = field(default_factory=list)
    stacks: dict[str, str] = field(default_factory=dict)
    _views: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    signaled: list[tuple[str, str, str]] = field(default_factory=list)
    _signals: dict[tuple[str, str], list[str | None]] = field(default_factory=dict)
    _open: dict[tuple[str, str], Mailbox] = field(default_factory=dict)

    def view(self, stack_id: str, logical_id: str) -> tuple[str, str] | None:
        """Return what DescribeStackResource tells of a resource: its status and its physical id."""
        return self._views.get((stack_id, logical_id))

    def event(self, request_type: str, stack_id: str, logical_id: str, **fields: Any) -> dict[str, Any]:
        """Make the event of one request."""
        request_id = fields.pop("RequestId", None) or str(uuid.uuid4())
        for name in {"ResourceProperties", "OldResourceProperties"} & set(fields):
            fields[name] = {"ServiceToken": _SERVICE_TOKEN, "ServiceTimeout": self.service_timeout, **fields[name]}
        return {
            "RequestType": request_type,
            "ServiceToken": _SERVICE_TOKEN,
            "ResponseURL": self.endpoint.open(request_id).url,
            "StackId": stack_id,
            "RequestId": request_id,
            "LogicalResourceId": logical_id,
            "ResourceType": RESOURCE_TYPE,
            **{name: stringified(value) for name, value in fields.items()},
        }

    def send(self, event: dict[str, Any]) -> Answer:
        """Send a request and wait for its answer, ServiceTimeout, or `give_up`."""
        key = (event["StackId"], event["LogicalResourceId"])
        mailbox = self._open[key] = self.endpoint.mailbox(event["ResponseURL"])
        self.requests.append(event)
        self.function.deliver(event)
        answer = mailbox.wait(self.service_timeout, self.clock)
        if answer is None:
            mailbox.abandon()
        return _understood(answer, event)

    def await_signal(self, stack_id: str, logical_id: str, timeout: float) -> bool:
        """Wait for the one signal to a WaitCondition, or for `give_up`."""
        key = (stack_id, logical_id)
        self._signals[key] = []
        self.clock.sleep(timeout, unless=lambda: bool(self._signals[key]))
        return self._signals.pop(key) not in ([], [None])

    def signal(self, stack_id: str, logical_id: str, unique_id: str) -> str | None:
        """Take a signal; what is wrong with it, if anything. It is of use only while it is waited for."""
        status = self.stacks.get(stack_id, "DELETE_COMPLETE")
        if status.startswith("DELETE"):
            return f"Stack:{stack_id} is in {status} state and cannot be signaled"
        view, waiting = self.view(stack_id, logical_id), self._signals.get((stack_id, logical_id))
        if waiting is None:
            state = f"is in {view[0]} state and cannot be signaled" if view else "does not exist"
            return f"Resource {logical_id} {state} for stack {stack_id}"
        waiting.append(unique_id)
        self.signaled.append((stack_id, logical_id, unique_id))
        self.clock.wake()
        return None

    def note(self, stack_id: str, logical_id: str, status: str, physical_id: str) -> None:
        """Set what DescribeStackResource tells."""
        self._views[stack_id, logical_id] = status, physical_id

    def give_up(self, stack_id: str) -> None:
        """Stop waiting for a stack's requests, as when another resource has failed or ServiceTimeout has passed."""
        for (stack, _), mailbox in list(self._open.items()):
            if stack == stack_id:
                mailbox.abandon()
        for (stack, _), signals in list(self._signals.items()):
            if stack == stack_id:
                signals.append(None)
        self.clock.wake()


def new_stack_id(name: str) -> str:
    return f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/{uuid.uuid4()}"


def stringified(value: Any) -> Any:
    """Turn every scalar into text, as CloudFormation does."""
    if isinstance(value, Mapping):
        return {name: stringified(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [stringified(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _understood(answer: Mapping[str, Any] | None, event: Mapping[str, Any]) -> Answer:
    known = event.get("PhysicalResourceId", "")
    invented = f"{event['StackId'].split('/')[1]}-{event['LogicalResourceId']}-{uuid.uuid4().hex[:12].upper()}"
    if answer is None:
        return Answer("FAILED", known or invented, "no answer was received")
    if not answer.get("PhysicalResourceId"):
        return Answer("FAILED", known or invented, "Invalid PhysicalResourceId")
    return Answer(answer["Status"], answer["PhysicalResourceId"], answer.get("Reason", ""), answer.get("Data", {}))
