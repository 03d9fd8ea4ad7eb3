"""Stacks that live at random: deployed, changed, cancelled and destroyed while everything around them fails."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Timer
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, FlakyStrategyDefinition
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .elements import Element, Properties
from .elements import Template as Elements
from .invariants import check
from .random_faults import Weather, moments, weathers
from .resource import Resource
from .shown import EVERY, Shown
from .story import story
from .waiting import with_results

_DEPLOYABLE = ("", "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_FAILED", "UPDATE_FAILED")
_CAN_GO_BACK = ("UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED")
_ENDS = [Status.COMPLETED, Status.PARTIALLY_COMPLETED, Status.FAILED, Status.EXPIRED]

Template = Mapping[str, Mapping[str, Any]]


def _wish(model: str, hours: int, wait: str, team: str, *, own_role: bool) -> Mapping[str, Any]:
    job = {**properties(modelId=f"amazon.nova-{model}-v1:0", timeoutDurationInHours=hours), "RoleOfStack": own_role}
    return {**job, "WaitUntil": wait, "WaitTimeoutSeconds": 30, "Tags": [{"key": "team", "value": team}]}


wishes = st.builds(
    _wish,
    st.sampled_from(["lite", "pro"]),
    st.sampled_from([24, 48]),
    st.sampled_from(["VALIDATED", "SUBMITTED", "FINISHED"]),
    st.sampled_from(["blue", "red"]),
    own_role=st.booleans(),
)
templates = st.fixed_dictionaries({"Job": wishes}, optional={"Second": wishes})
either = st.integers(0, 1)


class RandomStacks(RuleBasedStateMachine):
    """Two stacks side by side; `steps` counts what all of them have been through."""

    steps = 0
    #: What went wrong and how it came to that, the first time first: real time does not repeat itself.
    failures: ClassVar[list[str]] = []

    def __init__(self, aws: Aws) -> None:
        super().__init__()
        aws.reset()
        aws.function.speed = 50
        # Somebody always answers, the other function if need be: so long is never waited.
        aws.cloudformation.service_timeout = 3000
        self.aws = aws
        aws.events.rule = True
        self.stacks = [aws.stack(), aws.stack()]
        self.asked: dict[str, Elements] = {}
        self.script: list[str] = []
        self.late: list[Timer] = []

    @initialize(shown=st.sampled_from(EVERY))
    def begin(self, shown: Shown) -> None:
        """Bedrock shows jobs in one of its ways."""
        self.aws.bedrock.shown = shown
        self.script.append(str(shown))

    @rule(which=either, template=templates, weather=weathers, cancelled=st.none() | moments, keep=st.booleans())
    def deploy(self, which: int, template: Template, weather: Weather, cancelled: float | None, *, keep: bool) -> None:
        """Deploy a stack, perhaps until another resource fails.

        With `keep` what fails is kept as it is; without, what was kept so is rolled back instead, and a roll back that
        failed is continued. A stack that is beyond deployment is destroyed.
        """
        stack = self.stacks[which]
        with self._step("deploy", stack.name, _told(template), weather, f"{cancelled=} {keep=}"):
            self._expose_to(weather)
            if stack.status in _CAN_GO_BACK and not keep:
                stack.roll_back()
                return
            if stack.status not in _DEPLOYABLE:
                self._destroy(which)
                return
            if stack.status != "CREATE_FAILED":
                # Without a roll back the same template is tried again.
                self.asked[stack.name] = _elements(template)
            stack.deploy(self.asked[stack.name], sibling_fails=_later(cancelled), rollback=not keep)

    @rule(which=either, weather=weathers)
    def destroy(self, which: int, weather: Weather) -> None:
        """Destroy a stack."""
        with self._step("destroy", self.stacks[which].name, weather):
            self._expose_to(weather)
            self._destroy(which)

    @rule(which=st.integers(0, 50), status=st.sampled_from(_ENDS))
    def job_ends(self, which: int, status: Status) -> None:
        """A job comes to its end by itself."""
        with self._step("job ends", which, status):
            if live := self.aws.bedrock.live:
                self.aws.bedrock.end(live[which % len(live)].arn, status)

    @invariant()
    def what_always_holds(self) -> None:
        """Everything has come to rest: the invariants of every row, and each resource has the job it asks for."""
        with self._recorded():
            self._rest()
            # A stack that has failed and is kept may own a job that only its Delete will find: checked in the end.
            if not any(stack.status.endswith("_FAILED") for stack in self.stacks):
                check(self.aws)
            for stack in self.stacks:
                for resource in stack.resources.values():
                    if stack.status.endswith("_COMPLETE") and resource.status.endswith("_COMPLETE") and resource.is_job:
                        self._has_its_job(resource)

    def teardown(self) -> None:
        """In good weather every stack can be destroyed; what still runs then, a failure has named."""
        with self._step("all are destroyed"):
            self._rest()
            self.aws.front.heal()
            self.aws.endpoint.heal()
            self.aws.function.timeout = 900
            for which, stack in enumerate(self.stacks):
                self._destroy(which)
                assert stack.status == "DELETE_COMPLETE", stack.reasons
            self._rest()
            check(self.aws)

    def _expose_to(self, weather: Weather) -> None:
        self.late += weather.come_over(self.aws)

    def _rest(self) -> None:
        while self.late:
            self.late.pop().join()
        self.aws.function.settle()

    def _destroy(self, which: int) -> None:
        """Destroy a stack; the next one takes its place."""
        if self.stacks[which].destroy() == "DELETE_COMPLETE":
            self.stacks[which] = self.aws.stack()

    def _has_its_job(self, resource: Resource) -> None:
        job, asked = self.aws.bedrock.job(resource.physical_id), resource.properties["Job"]
        assert job.request["modelId"] == asked["modelId"]
        # A completed one answers for every timeout: it has the results.
        assert job.status is Status.COMPLETED or str(job.timeout_hours) == asked["timeoutDurationInHours"]
        stopped = job.status in (Status.STOPPING, Status.STOPPED)
        assert not stopped, f"{job.arn} was stopped while {resource.logical_id} stands for it"

    @contextmanager
    def _step(self, *what: object) -> Iterator[None]:
        type(self).steps += 1
        self.script.append(" ".join(map(str, what)))
        with self._recorded():
            yield

    @contextmanager
    def _recorded(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.failures.append("\n".join([f"{type(error).__name__}: {error}", *self.script, story(self.aws)]))
            raise


def run(aws: Aws, profile: settings) -> None:
    """Live random lives; a failure tells the first story, since hypothesis repeats it and it may end another way."""
    RandomStacks.failures.clear()
    try:
        run_state_machine_as_test(lambda: RandomStacks(aws), settings=profile)
    except (Exception, Flaky, FlakyStrategyDefinition):
        if RandomStacks.failures:
            raise AssertionError(RandomStacks.failures[0]) from None
        raise


def _elements(template: Template) -> Elements:
    """Return the resources of a template, all that wait for the ends of its jobs among them."""
    elements: dict[str, Properties | Element] = {}
    for name, wish in template.items():
        elements |= with_results(name, wish) if wish["WaitUntil"] == "FINISHED" else {name: wish}
    return elements


def _told(template: Template) -> dict[str, str]:
    return {
        name: f"{wish['Job']['modelId']} {wish['Job']['timeoutDurationInHours']}h {wish['WaitUntil']} "
        f"{'own' if wish['RoleOfStack'] else 'given'} role"
        for name, wish in template.items()
    }


def _later(seconds: float | None) -> Event | None:
    if seconds is None:
        return None
    moment = Event()
    Timer(seconds, moment.set).start()
    return moment
