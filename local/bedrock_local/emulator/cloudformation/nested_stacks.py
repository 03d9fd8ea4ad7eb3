"""A nested stack is made, updated and deleted as any other stack, by the same operations.

ministack has a way of its own for it: no rollback, whatever had been made when a resource failed is left; no
``DeletionPolicy`` when it is deleted, and no failure of that either; one resource after the other, and on an update
none keeps its attributes. Seen in ministack 1.5.33. Two differences stay: what an update of it replaced or removed
goes at once, not when its parent is complete; and an update that succeeded is undone by another one, so that the status
is UPDATE_COMPLETE then. https://github.com/aws-ia/taskcat/issues/414 and
https://github.com/aws-quickstart/quickstart-hashicorp-consul/issues/69 have CloudFormation's words.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

import asyncio
import html
import json
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextvars import ContextVar
from http import HTTPStatus
from secrets import token_hex
from typing import Any, NoReturn

from ministack.services import cloudformation
from ministack.services.cloudformation import handlers, provisioners, stacks

from bedrock_local.emulator.cloudformation import failed_creates, operations
from bedrock_local.emulator.cloudformation.resource_progress import in_progress
from bedrock_local.emulator.cloudformation.side_by_side import DISABLE_ROLLBACK

NEEDS = (
    "services.cloudformation._stack_events",
    "services.cloudformation.handlers._ACTION_HANDLERS",
    "services.cloudformation.handlers._create_stack_task_in_region",
    "services.cloudformation.handlers._resolve_stack",
    "services.cloudformation.provisioners._RESOURCE_HANDLERS",
    "services.cloudformation.stacks._add_event",
    "services.cloudformation.stacks.run_reentrant",
)

_TYPE = "AWS::CloudFormation::Stack"
_NOTHING_TO_UPDATE = "No updates are to be performed."
# What its parent does that rolls back when an update of it has failed and it was not rolled back, or not wholly.
_GOING_BACK = {"UPDATE_FAILED": "RollbackStack", "UPDATE_ROLLBACK_FAILED": "ContinueUpdateRollback"}
# The rest of a name of 128 characters is what makes it this stack's.
_LONGEST_PARENT, _LONGEST_ID = 50, 60

Properties = dict[str, Any]
Stack = dict[str, Any]
Request = dict[str, list[str]]
Made = tuple[str, dict[str, str]]

# Stacks live on the server's loop; their resources that wait, nested stacks too, each on a thread.
_loop: ContextVar[asyncio.AbstractEventLoop] = ContextVar("loop")
_begun: ContextVar[list[Coroutine[Any, Any, None]] | None] = ContextVar("begun", default=None)


class _RefusedError(Exception):
    """CloudFormation refuses an operation on a nested stack."""


def run_as_stacks() -> None:
    """Let nested stacks go the way of all stacks."""
    run, create_task = stacks.run_reentrant, handlers._create_stack_task_in_region  # noqa: SLF001 -- no public way in

    async def run_reentrant(*about: Any, **more: Any) -> Any:  # noqa: ANN401 -- ministack's
        _loop.set(asyncio.get_running_loop())
        return await run(*about, **more)

    def create_stack_task(operation: Coroutine[Any, Any, None], *about: Any) -> None:  # noqa: ANN401 -- ministack's
        begun = _begun.get()
        if begun is None:
            create_task(operation, *about)
        else:
            begun.append(operation)

    stacks.run_reentrant, handlers._create_stack_task_in_region = run_reentrant, create_stack_task  # noqa: SLF001 -- the same
    handler = {"create": _create, "update": _update, "update_with_logical_id": True, "delete": _delete}
    provisioners._RESOURCE_HANDLERS[_TYPE] = handler  # noqa: SLF001 -- the same


def _create(logical_id: str, props: Properties, parent_name: str) -> Made:
    parent = _stack(parent_name)
    name = f"{parent_name[:_LONGEST_PARENT]}-{logical_id[:_LONGEST_ID]}-{token_hex(6).upper()}"

    def adopt() -> None:
        stack, parent_id = _stack(name), parent["StackId"]
        stack |= {"ParentId": parent_id, "RootId": parent.get("RootId", parent_id), "_parent_stack_name": parent_name}
        about = (parent_id, parent_name, logical_id, _TYPE, "CREATE_IN_PROGRESS", "Resource creation Initiated")
        stacks._add_event(*about, stack["StackId"])  # noqa: SLF001 -- no public way in
        parent["_resources"][logical_id]["PhysicalResourceId"] = stack["StackId"]

    with in_progress("Create", logical_id, parent_name, _TYPE):
        _run("CreateStack", _request(name, props, parent), adopt)
    stack = _stack(name)
    if stack["StackStatus"] != "CREATE_COMPLETE":
        failed_creates.remember(parent["StackId"], logical_id, _TYPE, stack["StackId"], props)
        _fail(parent, f"Embedded stack {stack['StackId']} was not successfully created: {_failed_creates(stack)}")
    return _made(stack)


def _update(stack_id: str, _: Properties, props: Properties, parent_name: str, logical_id: str) -> Made:
    parent, stack = _stack(parent_name), _stack(stack_id)
    if action := _GOING_BACK.get(stack["StackStatus"]):
        _run(action, {"StackName": [stack_id]})
        if stack["StackStatus"] != "UPDATE_ROLLBACK_COMPLETE":
            raise RuntimeError(f"Embedded stack {stack_id} was not rolled back: {stack['StackStatusReason']}")
        return _made(stack)
    try:
        with in_progress("Update", logical_id, parent_name, _TYPE):
            _run("UpdateStack", _request(stack_id, props, parent))
    except _RefusedError as refusal:
        if str(refusal) != _NOTHING_TO_UPDATE:
            raise
        return _made(stack)
    if stack["StackStatus"] != "UPDATE_COMPLETE":
        status, reason = _turn(stack)
        why = f"Embedded stack {stack_id} was not successfully updated. Currently in {status} with reason: {reason}"
        _fail(parent, why)
    return _made(stack)


def _delete(stack_id: str, _: Properties) -> None:
    _run("DeleteStack", {"StackName": [stack_id]})
    stack = _stack(stack_id)
    if stack.get("StackStatus") == "DELETE_FAILED":
        raise RuntimeError(f"Embedded stack {stack_id} was not successfully deleted: {stack['StackStatusReason']}")


def _stack(name: str) -> Stack:
    """Find a stack by its name or id."""
    found: Stack = handlers._resolve_stack(name) or {}  # noqa: SLF001 -- no public way in
    return found


def _request(name: str, props: Properties, parent: Stack) -> Request:
    """Say a nested stack as CreateStack and UpdateStack take one."""
    parameters = props.get("Parameters") or {}
    if not isinstance(parameters, dict) or any(isinstance(each, list | dict) for each in parameters.values()):
        why = "Value of property Parameters must be an object with String (or simple type) properties"
        raise ValueError(why)
    tags = {each["Key"]: each["Value"] for each in props.get("Tags", []) if not each["Key"].startswith("aws:")}
    return {
        "StackName": [name],
        "TemplateURL": [props.get("TemplateURL", "")],
        "DisableRollback": [json.dumps(parent.get(DISABLE_ROLLBACK, False))],
        # Whoever acknowledged for the parent did for what is in it.
        **{f"Capabilities.member.{n}": [each] for n, each in enumerate(parent.get("Capabilities", []), 1)},
        **dict(_members("Parameters.member.{}.Parameter", parameters)),
        # Also none are tags: without them an update would leave those of before.
        "Tags": [""],
        **dict(_members("Tags.member.{}.", tags)),
    }


def _members(name: str, values: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for number, (key, value) in enumerate(values.items(), 1):
        beginning = name.format(number)
        yield f"{beginning}Key", [key]
        yield f"{beginning}Value", [value if isinstance(value, str) else json.dumps(value)]


def _run(action: str, request: Request, then: Callable[[], None] = lambda: None) -> None:
    """Let the server's loop do what a request asks for, and return at the end of it."""
    asyncio.run_coroutine_threadsafe(_operate(action, request, then), _loop.get()).result()


async def _operate(action: str, request: Request, then: Callable[[], None]) -> None:
    begun: list[Coroutine[Any, Any, None]] = []
    token = _begun.set(begun)
    try:
        status, _, body = handlers._ACTION_HANDLERS[action](request)  # noqa: SLF001 -- no public way in
    finally:
        _begun.reset(token)
    if status != HTTPStatus.OK:
        told = re.search("<Message>(.*)</Message>", body.decode(), re.DOTALL)
        raise _RefusedError(html.unescape(told[1]) if told else body.decode())
    then()
    for operation in begun:
        await operation


def _made(stack: Stack) -> Made:
    return stack["StackId"], {f"Outputs.{each['OutputKey']}": each["OutputValue"] for each in stack["Outputs"]}


def _fail(parent: Stack, why: str) -> NoReturn:
    operation = operations.running(parent["StackId"])
    raise RuntimeError(operation.reason if operation and operation.is_given_up else why)


def _failed_creates(stack: Stack) -> str:
    """Say which of its resources failed; where none did, why it failed itself."""
    failed = [each for each in _events(stack) if each["ResourceStatus"] == "CREATE_FAILED"]
    names = [each["LogicalResourceId"] for each in failed if each["LogicalResourceId"] != stack["StackName"]]
    if names:
        return f"The following resource(s) failed to create: [{', '.join(names)}]."
    return str(failed[-1]["ResourceStatusReason"]) if failed else str(stack["StackStatus"])


def _turn(stack: Stack) -> tuple[str, str]:
    """Find the status in which an update of it turned out to have failed, and why."""
    turns = ("UPDATE_FAILED", "UPDATE_ROLLBACK_IN_PROGRESS")
    events = [each for each in _events(stack) if each["LogicalResourceId"] == stack["StackName"]]
    last = next(each for each in reversed(events) if each["ResourceStatus"] in turns)
    return last["ResourceStatus"], last["ResourceStatusReason"].strip()


def _events(stack: Stack) -> list[dict[str, str]]:
    events: list[dict[str, str]] = cloudformation._stack_events.get(stack["StackId"], [])  # noqa: SLF001 -- no public way in
    return events
