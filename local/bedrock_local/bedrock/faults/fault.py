"""Faults: what goes wrong because somebody asked for it. A value that cannot be is a `ValueError` that names it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.service_model.routes import INFERENCES, OPERATIONS, operation_model

_THROTTLING = "ThrottlingException"
_NAMES = (*OPERATIONS, *INFERENCES)
_STATIONS = [Status.SUBMITTED, Status.VALIDATING, Status.SCHEDULED, Status.IN_PROGRESS, Status.STOPPING]


class _Fault(Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """What all have in common: their form in JSON, an object with the ``kind`` and the members of its class."""


class FailCalls(_Fault, frozen=True, tag="fail-calls"):
    """Calls of an operation are refused.

    Parameters
    ----------
    operation
        Its name: ``CreateModelInvocationJob``. Default: any operation on jobs.
    code
        An error that the operation declares. Default: it is throttled.
    message
        The text of the error. Default: AWS's usual one for throttling, and for others that they were asked for.
    times
        How many calls. Default: one.
    """

    operation: str = ""
    code: str = _THROTTLING
    message: str = ""
    times: int = 1

    def __post_init__(self) -> None:
        _check_calls(self.operation, self.times)
        declared = _errors(self.operation)
        if self.code not in declared:
            raise ValueError(f"code must be one of {', '.join(sorted(declared))}, got {self.code!r}")

    @property
    def status(self) -> int:
        """The HTTP status that the error has."""
        return _errors(self.operation)[self.code]

    @property
    def text(self) -> str:
        """The message, whether one was given or not."""
        return self.message or ("Rate exceeded" if self.code == _THROTTLING else "This error was asked for.")


class DropReplies(_Fault, frozen=True, tag="drop-replies"):
    """Calls of an operation are carried out, and the connection ends before the answer does.

    Parameters
    ----------
    operation
        Its name. Default: any operation on jobs.
    times
        How many calls. Default: one.
    """

    operation: str = ""
    times: int = 1

    def __post_init__(self) -> None:
        _check_calls(self.operation, self.times)


class HoldJobs(_Fault, frozen=True, tag="hold-jobs"):
    """Jobs stay in a status until the fault is removed or, but for Stopping, they are stopped or time out.

    Parameters
    ----------
    status
        ``Submitted``, ``Validating``, ``Scheduled``, ``InProgress`` or ``Stopping``.
    job_name
        Text in the names of the jobs that are meant. Default: all jobs.
    """

    status: str
    job_name: str = ""

    def __post_init__(self) -> None:
        if self.status not in _STATIONS:
            raise ValueError(f"status must be one of {', '.join(_STATIONS)}, got {self.status!r}")


class FailRecords(_Fault, frozen=True, tag="fail-records"):
    """A share of the records of jobs gets an error line.

    Parameters
    ----------
    share
        From 0 to 1; spread evenly over each file.
    code, message
        ``errorCode`` and ``errorMessage`` of the lines. Default: 500, and that the model failed.
    job_name
        Text in the names of the jobs that are meant. Default: all jobs.
    """

    share: float
    code: int = 500
    message: str = "The model failed to answer. Try again."
    job_name: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"share must be from 0 to 1, got {self.share}")

    def hits(self, number: int) -> bool:
        """Say whether a record fails.

        Parameters
        ----------
        number
            Where it stands in its file, from 1.

        Returns
        -------
        bool
            Whether it does.
        """
        return int(number * self.share) > int((number - 1) * self.share)


class LoseEvents(_Fault, frozen=True, tag="lose-events"):
    """State change events never arrive.

    Parameters
    ----------
    status
        The status that they tell. Default: any.
    job_name
        Text in the names of the jobs that are meant. Default: all jobs.
    """

    status: str = ""
    job_name: str = ""

    def __post_init__(self) -> None:
        _check_status(self.status)


class DelayEvents(_Fault, frozen=True, tag="delay-events"):
    """State change events arrive late, and so perhaps after later ones.

    Parameters
    ----------
    seconds
        How late.
    status
        The status that they tell. Default: any.
    job_name
        Text in the names of the jobs that are meant. Default: all jobs.
    """

    seconds: float
    status: str = ""
    job_name: str = ""

    def __post_init__(self) -> None:
        _check_status(self.status)
        if self.seconds <= 0:
            raise ValueError(f"seconds must be more than 0, got {self.seconds}")


Fault = FailCalls | DropReplies | HoldJobs | FailRecords | LoseEvents | DelayEvents


def _check_calls(operation: str, times: int) -> None:
    if operation and operation not in _NAMES:
        raise ValueError(f"operation must be one of {', '.join(_NAMES)}, got {operation!r}")
    if times < 1:
        raise ValueError(f"times must be at least 1, got {times}")


def _check_status(status: str) -> None:
    if status and status not in list(Status):
        raise ValueError(f"status must be one of {', '.join(Status)}, got {status!r}")


def _errors(operation: str) -> Mapping[str, int]:
    """Return the errors that an operation declares (any operation: those that one of them does), and their status."""
    operations = [operation] if operation else OPERATIONS
    shapes = [shape for name in operations for shape in operation_model(name).error_shapes]
    return {shape.name: shape.metadata["error"]["httpStatusCode"] for shape in shapes}


#: What the members of each kind can be, where that is a few words; an empty one is any.
CHOICES: Mapping[type, Mapping[str, Sequence[str]]] = {
    FailCalls: {"operation": ("", *_NAMES), "code": sorted(_errors(""))},
    DropReplies: {"operation": ("", *_NAMES)},
    HoldJobs: {"status": _STATIONS},
    FailRecords: {},
    LoseEvents: {"status": ("", *Status)},
    DelayEvents: {"status": ("", *Status)},
}
