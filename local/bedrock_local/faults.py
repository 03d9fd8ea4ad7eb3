"""Faults on demand: what goes wrong in a running local AWS because a test, or a rehearsal, asks for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bedrock_local.owner import FAULTS, Owner

if TYPE_CHECKING:
    from collections.abc import Mapping

_CREATE = "CreateModelInvocationJob"


@dataclass(frozen=True)
class AddedFault:
    """A fault that was asked for. As a context manager it is there until the context ends.

    Attributes
    ----------
    faults : Faults
        Where it was added.
    fault_id : str
        Its id.
    """

    faults: Faults
    fault_id: str

    def __enter__(self) -> AddedFault:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Let things go right again; nothing happens if the fault is over already."""
        self.faults.call("DELETE", f"{FAULTS}/{self.fault_id}")


@dataclass(frozen=True)
class Faults:
    """The faults of a local AWS that was started with ``admin=True`` (``bedrock-local up --admin``).

    Operations are named as in the API, and the default is the one that creates jobs; ``""`` means every operation on
    jobs. `job_name` is text in the names of the jobs that are meant, by default all.

    Attributes
    ----------
    port : int
        Port of the local AWS on 127.0.0.1.
    secret : str
        Its root users' secret access key: nobody else may ask for faults.

    Raises
    ------
    LocalAwsError
        From each method: if a value cannot be, or the local AWS was started without admin.

    Examples
    --------
    >>> aws.faults.throttle(3)  # doctest: +SKIP
    >>> with aws.faults.hold("Validating"):  # doctest: +SKIP
    ...     deploy()
    """

    port: int
    secret: str = field(repr=False)

    def throttle(self, times: int = 1, operation: str = _CREATE) -> AddedFault:
        """Answer the next `times` calls of an operation with ThrottlingException."""
        return self._add("fail-calls", operation=operation, times=times)

    def fail(self, code: str, message: str = "", *, times: int = 1, operation: str = _CREATE) -> AddedFault:
        """Answer the next `times` calls of an operation with an error that it declares, such as ConflictException."""
        return self._add("fail-calls", operation=operation, code=code, message=message, times=times)

    def drop_reply(self, times: int = 1, operation: str = _CREATE) -> AddedFault:
        """Carry out the next `times` calls of an operation, and end the connection before the answer does."""
        return self._add("drop-replies", operation=operation, times=times)

    def hold(self, status: str, job_name: str = "") -> AddedFault:
        """Keep jobs in Submitted, Validating, Scheduled or InProgress until the fault is removed."""
        return self._add("hold-jobs", status=status, job_name=job_name)

    def fail_records(self, share: float, code: int = 500, message: str = "", job_name: str = "") -> AddedFault:
        """Give a share of the records of each file, from 0 to 1, an error line with this code and message."""
        return self._add("fail-records", share=share, code=code, message=message, job_name=job_name)

    def lose_events(self, status: str = "", job_name: str = "") -> AddedFault:
        """Let state change events never arrive: all, or those that tell one status."""
        return self._add("lose-events", status=status, job_name=job_name)

    def delay_events(self, seconds: float, status: str = "", job_name: str = "") -> AddedFault:
        """Let state change events arrive late, and so perhaps after later ones."""
        return self._add("delay-events", seconds=seconds, status=status, job_name=job_name)

    def all(self) -> list[dict[str, Any]]:
        """Return the faults that there are, as in the JSON of the admin path."""
        faults: list[dict[str, Any]] = self.call("GET", FAULTS)["faults"]
        return faults

    def clear(self) -> None:
        """Remove all faults."""
        self.call("DELETE", FAULTS)

    def _add(self, kind: str, **members: object) -> AddedFault:
        # An empty text is one that was not given; an empty operation is every one.
        given = {name: value for name, value in members.items() if value != "" or name == "operation"}
        return AddedFault(self, self.call("POST", FAULTS, {"kind": kind, **given})["id"])

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Send a request to the admin path; return the decoded answer."""
        return Owner(self.port, self.secret).call(method, path, body)
