"""An execution of the product's definition in simulated time, with the children of its Maps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from batch_inference_pipeline.errors import BusyError
from scale.agenda import Agenda
from scale.assumptions import Assumptions
from scale.language import Data, State, filled, following, longest_pause, output, read
from scale.meter import Meter
from scale.product import memory


class Functions(Protocol):
    """What executions call, and what their Maps are over."""

    def seconds(self, payload: Data) -> float:
        """Return how long a call takes."""
        ...

    def answer(self, payload: Data) -> Data | None:
        """Do what is asked for, at the end of that time."""
        ...

    def items(self, label: str) -> Iterator[Data]:
        """Return the items of a Map, by its label."""
        ...


@dataclass(frozen=True)
class Surroundings:
    """What all executions share.

    Attributes
    ----------
    token
        Makes the token of a task, given what is to be done with what it is told.
    """

    assumptions: Assumptions
    agenda: Agenda
    meter: Meter
    chance: Random
    functions: Functions
    token: Callable[[Callable[[Data], None]], str]


class Execution:
    """An execution: one state after the other.

    Parameters
    ----------
    definition
        With ``StartAt`` and ``States``.
    data
        Its input.
    context
        What ``$$`` leads to.
    done
        What is to happen at the end.
    """

    def __init__(
        self, around: Surroundings, definition: State, data: Data, context: Data, done: Callable[[], None]
    ) -> None:
        self._around = around
        self._states = definition["States"]
        self._first = definition["StartAt"]
        self._data = data
        self._context = context
        self._done = done
        self._times = self._busy = 0

    def begin(self) -> None:
        """Enter the first state."""
        self._enter(self._first)

    def _enter(self, name: str) -> None:
        self._times = 0
        self._try(self._states[name])

    def _try(self, state: State) -> None:
        """Begin a state; each try is a transition of its own."""
        self._around.meter.transitions += 1
        act = {"Task": self._call, "Map": self._map, "Choice": self._choose, "Pass": self._pass}[state["Type"]]
        self._around.agenda.after(self._around.assumptions.state_seconds, lambda: act(state))

    def _leave(self, state: State, result: Data) -> None:
        self._data = output(state, self._data, result)
        if state.get("End"):
            self._done()
        else:
            self._enter(state["Next"])

    def _choose(self, state: State) -> None:
        self._enter(following(state, self._data))

    def _pass(self, state: State) -> None:
        self._leave(state, filled(state["Parameters"], self._data, self._context))

    def _call(self, state: State) -> None:
        around, context = self._around, self._context
        waits = state["Resource"].endswith(".waitForTaskToken")
        if waits:
            told = around.token(lambda told: self._leave(state, told))
            context = {**context, "Task": {"Token": told}}
        parameters = filled(state["Parameters"], self._data, context)
        seconds = around.functions.seconds(parameters["Payload"])
        around.meter.invoked(memory()[parameters["FunctionName"]], seconds)
        around.agenda.after(seconds, lambda: self._answer(state, parameters["Payload"], waits=waits))

    def _answer(self, state: State, payload: Data, *, waits: bool) -> None:
        try:
            answer = self._around.functions.answer(payload)
        except BusyError as error:
            self._try_again(state, error)
        else:
            if not waits:
                self._leave(state, {"Payload": answer})

    def _try_again(self, state: State, error: BusyError) -> None:
        pause = longest_pause(state, type(error).__name__, self._times)
        if pause is None:
            raise error
        self._times += 1
        self._busy += 1
        self._around.meter.busy += 1
        self._around.meter.most_busy = max(self._around.meter.most_busy, self._busy)
        self._around.agenda.after(self._around.chance.uniform(0, pause), lambda: self._try(state))

    def _map(self, state: State) -> None:
        most = state.get("MaxConcurrency") or read(state["MaxConcurrencyPath"], self._data, self._context)
        items = self._around.functions.items(state["Label"])

        def child(item: Data, done: Callable[[], None]) -> Execution:
            context = {**self._context, "Map": {"Item": {"Value": item}}}
            data = filled(state["ItemSelector"], self._data, context)
            return Execution(self._around, state["ItemProcessor"], data, self._context, done)

        Children(self._around, items, child, lambda: self._leave(state, {})).begin(most)


class Children:
    """The children of a Map: one for each item, some at a time, begun in the order of the items.

    Parameters
    ----------
    child
        Makes one, given its item and what is to happen at its end.
    done
        What is to happen when the last one is over.
    """

    def __init__(
        self,
        around: Surroundings,
        items: Iterator[Data],
        child: Callable[[Data, Callable[[], None]], Any],
        done: Callable[[], None],
    ) -> None:
        self._around = around
        self._items = items
        self._child = child
        self._done = done
        self._running = 0

    def begin(self, most: int) -> None:
        """Begin as many as may run at once."""
        self._running = most
        for _ in range(most):
            self._next()

    def _next(self) -> None:
        item = next(self._items, None)
        if item is not None:
            self._around.meter.transitions += 1
            self._around.agenda.after(self._around.assumptions.child_seconds, self._child(item, self._next).begin)
            return
        self._running -= 1
        if not self._running:
            self._done()
