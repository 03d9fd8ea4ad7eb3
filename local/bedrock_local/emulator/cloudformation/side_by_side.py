"""The resources of a stack are made side by side, each as soon as all that it depends on is there.

ministack makes one after the other: what has nothing to do with a resource that waits, waits with it. Once one has
failed, the others are given up. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
"""

import ast
import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ministack.services import cloudformation
from ministack.services.cloudformation import changesets, engine, handlers, stacks

from bedrock_local.emulator.cloudformation import operations
from bedrock_local.emulator.needs import missing

NEEDS = (
    "services.cloudformation._stacks",
    "services.cloudformation.stacks._deploy_stack_async",
    "services.cloudformation.stacks._runs_on_worker_thread",
    "services.cloudformation.handlers._deploy_stack_async",
    "services.cloudformation.changesets._deploy_stack_async",
    "services.cloudformation.engine._extract_deps",
)

#: Beside ministack's own in what it knows of a stack: whether what runs of it is left as it is when it fails.
DISABLE_ROLLBACK = "_disable_rollback"

Stack = dict[str, Any]


class Outcome(NamedTuple):
    """What ministack's loop over the resources leaves behind, by its own names."""

    failed: bool
    fail_reason: str
    cancelled: bool
    failed_update: tuple[Any, ...] | None
    failed_logical_id: str | None


class _StackDeletedError(Exception):
    """A stack was deleted while its resources were made."""


_NONE_FAILED = Outcome(failed=False, fail_reason="", cancelled=False, failed_update=None, failed_logical_id=None)
_LOOP = "for logical_id in ordered:"
_LOCALS = ast.parse("failed, fail_reason, cancelled, failed_update, failed_logical_id = _none_failed").body
_RETURN = ast.parse("_outcome(failed, fail_reason, cancelled, failed_update, failed_logical_id)", mode="eval").body
_CALL = """
failed, fail_reason, cancelled, failed_update, failed_logical_id = await _side_by_side(
    stack, stack_id, ordered, resources_defs, _make, created_in_this_run)
"""


class _Leaves(ast.NodeTransformer):
    """Makes a function's end of the end of a turn of the loop, and of the end of the loop."""

    def visit_Continue(self, _: ast.Continue) -> ast.Return:
        return ast.Return(_RETURN)

    def visit_Break(self, _: ast.Break) -> ast.Return:
        return ast.Return(_RETURN)


def make_side_by_side() -> None:
    """Replace the loop over the resources, in the function that makes a stack, by tasks."""
    rewritten = _rewritten()

    async def deploy(name: str, stack_id: str, *about: Any, **more: Any) -> None:  # noqa: ANN401 -- ministack's
        _, _, disable_rollback, *_ = about
        # Its nested stacks are made or updated as it is.
        cloudformation._stacks[name][DISABLE_ROLLBACK] = disable_rollback  # noqa: SLF001 -- no public way in
        try:
            await rewritten(name, stack_id, *about, **more)
        except _StackDeletedError:
            # The deletion goes on from here.
            return

    stacks._deploy_stack_async = handlers._deploy_stack_async = changesets._deploy_stack_async = deploy  # noqa: SLF001 -- no public way in


def _rewritten() -> Callable[..., Awaitable[None]]:
    tree = ast.parse(inspect.getsource(stacks._deploy_stack_async))  # noqa: SLF001 -- no public way in
    body: list[ast.stmt] = vars(tree.body[0])["body"]
    loops = [each for each in body if isinstance(each, ast.For) and ast.unparse(each).startswith(_LOOP)]
    if len(loops) != 1:
        raise missing(f"{_LOOP!r} in services.cloudformation.stacks._deploy_stack_async", __name__)
    make = ast.parse("async def _make(logical_id): pass").body
    vars(make[0])["body"] = [*_LOCALS, *map(_Leaves().visit, loops[0].body), ast.Return(_RETURN)]
    at = body.index(loops[0])
    body[at : at + 1] = [*make, *ast.parse(_CALL).body]
    vars(stacks).update(_side_by_side=_side_by_side, _none_failed=_NONE_FAILED, _outcome=Outcome)
    exec(compile(ast.fix_missing_locations(tree), str(stacks.__file__), "exec"), vars(stacks))  # noqa: S102 -- the pinned ministack's own source
    deploy: Callable[..., Awaitable[None]] = stacks._deploy_stack_async  # noqa: SLF001 -- as rewritten
    return deploy


async def _side_by_side(  # noqa: PLR0917 -- called by what is rewritten
    stack: Stack,
    stack_id: str,
    ordered: Sequence[str],
    definitions: Mapping[str, Any],
    make: Callable[[str], Awaitable[Outcome]],
    made: list[str],
) -> Outcome:
    """Make the resources of a stack; say how that ended."""
    operation = operations.begin(stack_id, stack["StackStatus"].partition("_")[0], stack.get("ParentId"))
    try:
        outcomes = await _Tasks(operation, ordered, definitions, make).run()
    finally:
        operations.end(stack_id)
    if operation.is_deleted:
        raise _StackDeletedError
    cancelled = stack.pop("_cancel_requested", False)
    if cancelled:
        # What rolls back carries the token of the request that cancelled.
        stacks.CLIENT_REQUEST_TOKEN.set(stack.pop("_cancel_token", ""))
    first = next((each for each in outcomes if each.failed), _NONE_FAILED)
    if not first.failed and len(outcomes) < len(ordered):
        # Its parent was given up while none of its own resources waited.
        first = _NONE_FAILED._replace(failed=True, fail_reason=operation.reason)
    if cancelled:
        first = _NONE_FAILED._replace(failed=True, fail_reason="User Initiated", cancelled=True)
    for each in outcomes:
        if each.failed_update and each is not first:
            _send_back(stack, each.failed_update, made)
    return first


def _send_back(stack: Stack, update: tuple[Any, ...], made: list[str]) -> None:
    """Let an update that was given up be rolled back like one that was complete."""
    logical_id, _, _, applied, previous, _ = update
    if applied is not None and applied != previous:
        stack["_resources"][logical_id] = {**stack["_resources"][logical_id], "Properties": applied}
        made.append(logical_id)


class _Tasks:
    """The resources that are being made, those that are, and those that are still to be."""

    def __init__(
        self,
        operation: operations.Operation,
        ordered: Sequence[str],
        definitions: Mapping[str, Any],
        make: Callable[[str], Awaitable[Outcome]],
    ) -> None:
        self._operation, self._definitions, self._make = operation, definitions, make
        everyone = set(ordered)
        self._needs = {each: engine._extract_deps(definitions[each], everyone) - {each} for each in ordered}  # noqa: SLF001 -- no public way in
        self._open = list(ordered)
        self._made: set[str] = set()
        self._tasks: dict[asyncio.Task[Outcome], str] = {}
        self._outcomes: list[Outcome] = []

    async def run(self) -> list[Outcome]:
        """Make them; return what came of each that ended, in that order."""
        await self._begin()
        while self._tasks:
            ended, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            for each in ended:
                self._settle(each)
            await self._begin()
        return self._outcomes

    async def _begin(self) -> None:
        """Begin what has all that it depends on."""
        for each in [*self._open]:
            if self._operation.is_given_up:
                return
            if self._needs[each] <= self._made:
                self._open.remove(each)
                task = asyncio.ensure_future(self._make(each))
                self._tasks[task] = each
                if not stacks._runs_on_worker_thread(self._definitions[each].get("Type", "")):  # noqa: SLF001 -- no public way in
                    # It is there at once, and the next one may need it.
                    await asyncio.wait([task])
                    self._settle(task)

    def _settle(self, task: asyncio.Task[Outcome]) -> None:
        logical_id = self._tasks.pop(task)
        outcome = task.result()
        self._outcomes.append(outcome)
        if outcome.failed:
            self._operation.give_up()
        else:
            self._made.add(logical_id)
