"""A model invocation job: what is known about it."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bedrock_local.bedrock.jobs.status import TRANSITIONS, Status
from bedrock_local.bedrock.models.model import Model
from bedrock_local.names.job_arn import job_arn
from bedrock_local.names.place import Place


class IllegalTransitionError(Exception):
    """A job cannot go from its status to the one asked for."""


@dataclass(frozen=True)
class Counts:
    """The four record counts of Get.

    Parameters
    ----------
    total, processed, success, error
        Records in the input, answered or refused, answered, refused.
    """

    total: int = 0
    processed: int = 0
    success: int = 0
    error: int = 0


@dataclass(frozen=True)
class Change:
    """A change of a job's status.

    Parameters
    ----------
    status
        What it is from then on.
    at
        When.
    message
        The ``message`` of Get with it; empty if there is none.
    """

    status: Status
    at: datetime
    message: str = ""


@dataclass
class Job:
    """One job.

    Parameters
    ----------
    job_id
        Twelve letters and digits.
    request
        The members of CreateModelInvocationJob, defaults filled in.
    model
        What its ``modelId`` stands for.
    place
        The account and Region that it belongs to.
    submit_time
        When it was created.
    """

    job_id: str
    request: Mapping[str, Any]
    model: Model
    place: Place
    submit_time: datetime
    status: Status = Status.SUBMITTED
    message: str = ""
    counts: Counts = field(default_factory=Counts)
    tags: dict[str, str] = field(default_factory=dict)
    ever_tagged: bool = field(init=False)
    last_modified_time: datetime = field(init=False)
    end_time: datetime | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    _history: list[Change] = field(init=False)
    _observe: Callable[["Job", Change], None] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.ever_tagged = bool(self.tags)
        self.last_modified_time = self.submit_time
        self._history = [Change(self.status, self.submit_time)]

    @property
    def arn(self) -> str:
        """The job's ARN."""
        return job_arn(self.place, self.job_id)

    @property
    def name(self) -> str:
        """The ``jobName`` of the request."""
        return str(self.request["jobName"])

    @property
    def timeout_hours(self) -> int:
        """The ``timeoutDurationInHours`` of the request."""
        return int(self.request["timeoutDurationInHours"])

    @property
    def expiration_time(self) -> datetime:
        """When it times out: the clock starts at submission."""
        return self.submit_time + timedelta(hours=self.timeout_hours)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status.ended

    @property
    def history(self) -> tuple[Change, ...]:
        """The changes of its status so far, the first being its submission."""
        return tuple(self._history)

    def move(self, status: Status, at: datetime, message: str = "", *, ended: datetime | None = None) -> None:
        """Change the status.

        Parameters
        ----------
        status
            The next one.
        at
            When.
        message
            The ``message`` of Get. Default: none.
        ended
            The ``endTime`` of a job that ends so. Default: that of the change.

        Raises
        ------
        IllegalTransitionError
            If there is no way from the present status to that one.
        """
        with self._lock:
            if status not in TRANSITIONS[self.status]:
                raise IllegalTransitionError(f"job {self.job_id} cannot go from {self.status} to {status}")
            self.status, self.message, self.last_modified_time = status, message, at
            # Recorded responses show no endTime on Stopped jobs.
            if self.ended and status is not Status.STOPPED:
                self.end_time = ended or at
            if status is Status.STOPPING:
                self.stopping.set()
            self._history.append(Change(status, at, message))
            if self._observe:
                self._observe(self, self._history[-1])

    def tag(self, added: Mapping[str, str], removed: Collection[str] = ()) -> None:
        """Change the tags.

        Parameters
        ----------
        added
            Tags that are new, or have another value from now on.
        removed
            Keys of those that go. Default: none.
        """
        with self._lock:
            self.tags = {key: value for key, value in (self.tags | dict(added)).items() if key not in removed}
            self.ever_tagged = self.ever_tagged or bool(self.tags)

    def observe(self, observer: Callable[["Job", Change], None]) -> None:
        """Tell an observer each change of the status in order: those so far, and each to come as it comes.

        Parameters
        ----------
        observer
            Must return soon: the job waits for it.
        """
        with self._lock:
            for change in self._history:
                observer(self, change)
            self._observe = observer
