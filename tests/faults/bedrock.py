"""The local Bedrock batch service, whose memory and whose jobs' lives a test can write."""

import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bedrock_local.bedrock.access.ports import Caller, Context
from bedrock_local.bedrock.api.api import Api
from bedrock_local.bedrock.api.service import BatchInference
from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.clock import utc_now
from bedrock_local.bedrock.jobs.failure import young_role
from bedrock_local.bedrock.jobs.job import Change, Counts, IllegalTransitionError, Job
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.jobs.store import JobStore
from bedrock_local.bedrock.service_model import routes
from bedrock_local.bedrock.service_model.errors import BedrockError
from bedrock_local.names.place import Place

from .front import Call, Request, Response
from .shown import Shown

ACCOUNT, REGION = "123456789012", "us-east-1"
PLACE = Place("aws", REGION, ACCOUNT)
_CALLER = Caller("", PLACE)
#: Of jobs that end so, where a row does not say.
_COUNTS = {Status.COMPLETED: Counts(3, 3, 3, 0), Status.PARTIALLY_COMPLETED: Counts(3, 2, 2, 0)}


@dataclass(frozen=True)
class Life:
    """What becomes of a new job.

    `path` is the states after Submitted, `message` the text of Failed, `pause` the real seconds in each state. `stops`
    is whether Stopping comes to an end.
    """

    path: tuple[Status, ...] = (Status.VALIDATING, Status.SCHEDULED, Status.IN_PROGRESS)
    message: str = ""
    pause: float = 0.01
    stops: bool = True


class Memory(JobStore):
    """The jobs; a forgetful memory knows neither tokens nor names again."""

    def __init__(self, behaviours: Behaviours) -> None:
        super().__init__(Quotas(jobs_per_model=1000), behaviours)
        self.forgetful = False

    def add(self, request: Mapping[str, Any], place: Place, create: Callable[[], Job]) -> tuple[Job, bool]:
        if self.forgetful:
            self._blank(place)
        return super().add(request, place, create)

    def remove(self, arn: str) -> None:
        with self._lock:
            job = self._by_arn.pop(arn)
            self._places[job.place].in_order.remove(job)
        self._blank(job.place)

    def behave(self, behaviours: Behaviours) -> None:
        self._behaviours = behaviours

    def _blank(self, place: Place) -> None:
        with self._lock:
            self._places[place].by_token.clear()
            self._places[place].by_name.clear()


class _AllowAll:
    def require(self, caller: Caller, action: str, resource: str, context: Context) -> None:
        """Let everybody do everything: refusals are scripted."""


class _AnyRole:
    """A role that is old, until somebody changes it."""

    def __init__(self) -> None:
        self._changed = -math.inf

    def change(self) -> None:
        self._changed = time.monotonic()

    def age(self, role_arn: str) -> float:  # noqa: ARG002 (see `ServiceRoles`)
        return math.inf

    def settled(self, role_arn: str) -> float:  # noqa: ARG002 (see `ServiceRoles`)
        return time.monotonic() - self._changed


class Bedrock:
    """`bedrock_local`'s service. Each job lives the `life` that is set when it is made, and is `shown` in one way.

    `lives` are those of the next jobs, before that. `observe` is told each change of a job's status.
    """

    def __init__(self, shown: Shown | None = None) -> None:
        self.life = Life()
        self.role = _AnyRole()
        self.lives: list[Life] = []
        self.observe: Callable[[Job, Change], object] = lambda *_: None
        self.shown = shown or Shown()
        self.behaviours = Behaviours()
        self.memory = Memory(self.behaviours)
        self._foreign: set[str] = set()
        self._over = threading.Event()
        self._api = self._service()

    def behave(self, **behaviours: str | float) -> None:
        """From now on the service does otherwise where nobody knows what it does: see `Behaviours`."""
        self.behaviours = replace(self.behaviours, **behaviours)
        self.memory.behave(self.behaviours)
        self._api = self._service()

    def call(self, request: Request) -> Call:
        route = routes.find_route(request.method, request.path, request.body)
        if route is None:
            return Call(f"bedrock: {request.method} {request.path}", {})
        try:
            return Call(route.operation.name, routes.parameters(route, _sent(request)))
        except BedrockError:
            return Call(route.operation.name, {})

    def show_tokens(self) -> None:
        """From now on Get shows tokens in any case: where nothing else tells whose a job is."""
        self.shown = replace(self.shown, token=True)

    def answer(self, request: Request, call: Call) -> Response:
        route = routes.find_route(request.method, request.path, request.body)
        if route is None:
            return self.error("UnknownOperationException", "no such operation", 404)
        return self.shown.of(call.operation, self._api.answer(_CALLER, route, _sent(request)))

    def error(self, code: str, text: str, status: int) -> Response:
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
        return status, headers, json.dumps({"message": text}).encode()

    @property
    def jobs(self) -> list[Job]:
        """All jobs, oldest first."""
        return list(self.memory.all(PLACE))

    @property
    def live(self) -> list[Job]:
        return [job for job in self.jobs if not job.ended and job.status is not Status.STOPPING]

    @property
    def statuses(self) -> list[str]:
        """Of all jobs, oldest first."""
        return [str(job.status) for job in self.jobs]

    def job(self, arn: str) -> Job:
        found = self.memory.find(arn, PLACE)
        assert found, f"there is no job {arn}"
        return found

    def end(self, arn: str, status: Status, message: str = "", counts: Counts | None = None) -> None:
        """Give a job a state, whatever it was in, and record counts."""
        job = self.job(arn)
        job.status, job.message, job.counts = status, message, counts or _COUNTS.get(status, job.counts)
        self.observe(job, Change(status, utc_now(), message))

    def foreign_job(self, name: str, **changes: Any) -> Job:
        """Somebody else's job, in progress until a test says otherwise."""
        self._foreign.add(name)
        parameters = {"jobName": name, **job_parameters("somebody-else"), **changes}
        arn = self._api.service.create_model_invocation_job(_CALLER, parameters)["jobArn"]
        self.end(arn, Status.IN_PROGRESS)
        return self.job(arn)

    def lose(self, arn: str) -> None:
        """Let there be no job of that ARN any more."""
        self.memory.remove(arn)

    def forget(self) -> None:
        """From now on neither a token nor a name is known again."""
        self.memory.forgetful = True

    def close(self) -> None:
        """Let the threads of the jobs' lives end."""
        self._over.set()

    def _is_young(self, job: Job) -> bool:
        return self.role.settled(job.request["roleArn"]) < self.behaviours.young_role

    def _service(self) -> Api:
        roles: Any = self.role
        models: Any = None
        service = BatchInference(self.memory, _AllowAll(), roles, models, self._live, utc_now, self.behaviours)
        return Api(service)

    def _counted(self, job: Job, change: Change) -> None:
        job.counts = _COUNTS.get(change.status, job.counts)
        self.observe(job, change)

    def _life_of(self, job: Job) -> Life:
        if job.name in self._foreign:
            return Life(path=())
        return self.lives.pop(0) if self.lives else self.life

    def _live(self, job: Job) -> None:
        job.observe(self._counted)
        life, over = self._life_of(job), self._over
        try:
            for status in life.path:
                if job.stopping.wait(life.pause) or over.is_set():
                    break
                if job.status is Status.VALIDATING and self._is_young(job):
                    job.move(Status.FAILED, utc_now(), str(young_role(job.request["roleArn"])))
                    break
                job.move(status, utc_now(), life.message if status is Status.FAILED else "")
        except IllegalTransitionError:
            # A test, or a Stop, has written another life for it.
            pass
        while not (job.ended or over.is_set()):
            if job.stopping.wait(0.2) and life.stops:
                over.wait(life.pause)
                job.move(Status.STOPPED, utc_now())


def _sent(request: Request) -> routes.Sent:
    """What counts of a request; the operations on jobs look at no header."""
    return routes.Sent(request.query, {}, request.body)


def job_parameters(owner: str) -> dict[str, Any]:
    """A job's parameters; the places in S3 tell whose it is."""
    return {
        "modelId": "amazon.nova-lite-v1:0",
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/batch",
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://input/{owner}/prompts.jsonl"}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://output/{owner}/"}},
    }
