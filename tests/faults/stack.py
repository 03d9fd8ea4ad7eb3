"""One stack: what CloudFormation does with custom resources when things go well, and when they do not."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from .cloudformation import Answer, CloudFormation, new_stack_id, stringified
from .elements import Attribute, Condition, Custom, Element, Properties, Template, element_of, in_order
from .resource import Resource

#: Real seconds after which a sibling that never fails is a mistake of the test.
_PATIENCE = 60
#: The type of a resource that waits for a signal.
CONDITION = "AWS::CloudFormation::WaitCondition"


@dataclass
class Stack:
    """A stack whose template holds custom resources, WaitConditions and, if need be, another resource that fails.

    Attributes
    ----------
    resources
        What the stack knows, by logical id.
    status
        As DescribeStacks tells it.
    reasons
        The reason of every request that failed, as a user reads them in the stack's events.
    remembers_failures
        What is not documented: whether an update after one that failed and was kept so has the properties of that one
        for its old ones, or those of the last success.
    """

    cloudformation: CloudFormation
    name: str = "Stack"
    id: str = ""
    status: str = ""
    resources: dict[str, Resource] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    remembers_failures: bool = True
    _elements: dict[str, Element] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _canceled: bool = False

    def __post_init__(self) -> None:
        self.id = self.id or new_stack_id(self.name)

    def deploy(
        self,
        template: Template,
        *,
        sibling_fails: Event | None = None,
        sibling_fails_last: bool = False,
        rollback: bool = True,
    ) -> str:
        """Create or update the stack and return its status.

        `sibling_fails`: another resource fails when this is set, whatever is under way then. `sibling_fails_last`: it
        fails after all else is done. Without `rollback` a stack that failed stays as it is and can be deployed again,
        or rolled back.
        """
        kind = "UPDATE" if self.status.startswith(("CREATE_COMPLETE", "UPDATE")) else "CREATE"
        if not self.status.endswith("_FAILED"):
            self._known = set(self.resources)
        self._elements |= {name: element_of(value) for name, value in template.items()}
        self._canceled = False
        self._enter(f"{kind}_IN_PROGRESS")
        sibling = Thread(target=self._give_up_when, args=(sibling_fails,))
        sibling.start()
        done = in_order(template, lambda name: self._elements[name].after, self._put)
        sibling.join()
        if done and not sibling_fails and not sibling_fails_last:
            self._enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            self._complete(removed=set(self.resources) - set(template))
            self._enter(f"{kind}_COMPLETE")
        elif rollback:
            self._roll_back(kind)
        else:
            self._enter(f"{kind}_FAILED")
        return self.status

    def roll_back(self) -> str:
        """Take back what failed and was kept so, as `cdk rollback` does, or what was not rolled back to its end."""
        self._roll_back("CREATE" if self.status == "CREATE_FAILED" else "UPDATE")
        return self.status

    def destroy(self) -> str:
        """Delete the stack and return its status."""
        self._enter("DELETE_IN_PROGRESS")
        self._clean_up()
        done = self._delete_all(self.resources)
        self._enter("DELETE_COMPLETE" if done else "DELETE_FAILED")
        return self.status

    def event(self, request_type: str, properties: Properties, name: str = "Job", **fields: Any) -> dict[str, Any]:
        """Make the event of a request about one of the stack's resources, to be delivered by hand."""
        event = self.cloudformation.event(request_type, self.id, name, ResourceProperties=properties, **fields)
        self.cloudformation.requests.append(event)
        return event

    def cancel(self) -> None:
        """Stop waiting for whatever is under way, and begin nothing more, as when another resource has failed."""
        self._canceled = True
        self.cloudformation.give_up(self.id)

    def _put(self, name: str) -> bool:
        element = self._elements[name]
        if self._canceled:
            return False
        done = self._await(name, element) if isinstance(element, Condition) else self._provide(name, element)
        if not done and any(isinstance(each, Condition) for each in self._elements.values()):
            # Nobody waits twelve hours for a stack that has failed.
            self.cancel()
        return done

    def _await(self, name: str, condition: Condition) -> bool:
        resource = self.resources.setdefault(name, Resource(name, {}, CONDITION))
        if resource.status == "CREATE_COMPLETE":
            return True
        resource.physical_id = f"{self.name}-{name}"
        self._note(resource, "CREATE_IN_PROGRESS")
        signaled = self.cloudformation.await_signal(self.id, name, condition.timeout)
        self._note(resource, "CREATE_COMPLETE" if signaled else "CREATE_FAILED")
        if not signaled:
            self.reasons.append("Failed to receive 1 resource signal(s) within the specified duration")
        return signaled

    def _provide(self, name: str, element: Custom) -> bool:
        properties = stringified(self._resolved(element.properties))
        resource = self.resources.setdefault(name, Resource(name, properties, element.type))
        if resource.status in ("", "CREATE_FAILED"):
            return self._create(resource, properties)
        unchanged = resource.properties == properties and resource.status != "UPDATE_FAILED"
        return unchanged or self._update(resource, properties)

    def _resolved(self, properties: Properties) -> Properties:
        return {
            name: self.resources[value.of].data[value.name] if isinstance(value, Attribute) else value
            for name, value in properties.items()
        }

    def _create(self, resource: Resource, properties: Properties) -> bool:
        resource.properties = properties
        return self._send("Create", resource, RequestId=resource.request_id or None).succeeded

    def _update(self, resource: Resource, properties: Properties) -> bool:
        """Update a resource; one with `previous` is being rolled back."""
        old_id, settled = resource.physical_id, resource.settled
        if properties is resource.previous:
            # However often a roll-back is tried, it leads from the properties given up to those before.
            old = resource.attempted
        else:
            old = resource.properties if self.remembers_failures else settled
            resource.previous = resource.properties if resource.previous is None else resource.previous
            resource.attempted = properties
        resource.properties = properties
        answer = self._send("Update", resource, PhysicalResourceId=old_id, OldResourceProperties=old)
        if answer.succeeded and answer.physical_id != old_id:
            resource.superseded.append((old_id, settled))
        return answer.succeeded

    def _delete_all(self, names: Iterable[str]) -> bool:
        """Delete resources, those first that came last."""
        return in_order(
            names, lambda name: [each for each, it in self._elements.items() if name in it.after], self._delete
        )

    def _delete(self, name: str) -> bool:
        resource = self.resources[name]
        if resource.type == CONDITION:
            self._note(self.resources.pop(name), "DELETE_COMPLETE")
            return True
        answer = self._send("Delete", resource, PhysicalResourceId=resource.physical_id)
        if answer.succeeded:
            del self.resources[name]
        return answer.succeeded

    def _complete(self, removed: Iterable[str]) -> None:
        """Delete what is not needed any more. A failure here does not fail the stack."""
        self._clean_up()
        self._delete_all(removed)

    def _clean_up(self) -> None:
        for resource in self.resources.values():
            resource.previous = None
            for physical_id, properties in resource.superseded:
                if physical_id != resource.physical_id:
                    self._request("Delete", resource.logical_id, properties, PhysicalResourceId=physical_id)
            resource.superseded.clear()

    def _roll_back(self, kind: str) -> None:
        prefix = "" if kind == "CREATE" else "UPDATE_"
        self._enter(f"{prefix}ROLLBACK_IN_PROGRESS")
        new = [name for name in self.resources if name not in self._known or kind == "CREATE"]
        changed = [each for each in self.resources.values() if each.previous not in (None, each.settled)]
        changed += [each for each in self.resources.values() if each.previous and each.status == "UPDATE_FAILED"]
        restored = in_order(
            {each.logical_id for each in changed}, lambda name: self._elements[name].after, self._restore
        )
        deleted = self._delete_all(new)
        if restored:
            self._complete(removed=())
        self._enter(f"{prefix}ROLLBACK_COMPLETE" if restored and deleted else f"{prefix}ROLLBACK_FAILED")

    def _restore(self, name: str) -> bool:
        return self._update(resource := self.resources[name], resource.previous or {})

    def _send(self, request_type: str, resource: Resource, **fields: Any) -> Answer:
        self._note(resource, f"{request_type.upper()}_IN_PROGRESS")
        answer = self._request(request_type, resource.logical_id, resource.properties, **fields)
        resource.data = answer.data
        if request_type == "Create" or answer.succeeded:
            # Also after a Create that failed: the Delete that follows has this id.
            resource.physical_id = answer.physical_id
        if answer.succeeded:
            resource.settled = resource.properties
        self._note(resource, f"{request_type.upper()}_{'COMPLETE' if answer.succeeded else 'FAILED'}")
        return answer

    def _request(self, request_type: str, name: str, properties: Properties, **fields: Any) -> Answer:
        request_id = fields.pop("RequestId", None) or str(uuid.uuid4())
        self.resources[name].request_id = request_id
        event = self.cloudformation.event(
            request_type,
            self.id,
            name,
            RequestId=request_id,
            ResourceProperties=properties,
            ResourceType=self.resources[name].type,
            **fields,
        )
        answer = self.cloudformation.send(event)
        if not answer.succeeded:
            self.reasons.append(answer.reason)
        return answer

    def _note(self, resource: Resource, status: str) -> None:
        resource.status = status
        self.cloudformation.note(self.id, resource.logical_id, status, resource.physical_id)

    def _enter(self, status: str) -> None:
        self.status = self.cloudformation.stacks[self.id] = status

    def _give_up_when(self, sibling_fails: Event | None) -> None:
        if sibling_fails:
            assert sibling_fails.wait(_PATIENCE), "the sibling never failed"
            self.cancel()
