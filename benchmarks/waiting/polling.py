"""What polls for a job's end: for crhelper as a custom resource, and for a state machine."""

from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any

import boto3
import crhelper.utils
from crhelper import CfnResource

_ENDED = ("Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired")

bedrock = boto3.client("bedrock")
helper = CfnResource(polling_interval=1, log_level="ERROR")

Event = Mapping[str, Any]


def _without_tls(host: str, *, context: object) -> HTTPConnection:  # noqa: ARG001 (crhelper gives it)
    return HTTPConnection(host)


# crhelper answers over TLS only; the local AWS takes answers on loopback, without.
vars(crhelper.utils).update(HTTPSConnection=_without_tls)


@helper.create
def create(event: Event, _: object) -> None:
    """Submit the job of a custom resource."""
    helper.Data["Job"] = _submit(event["ResourceProperties"]["Job"])


@helper.poll_create
def poll(_: Event, __: object) -> str | None:
    """Return the physical id, which ends the polling, once the job is over."""
    arn: str = helper.Data["Job"]
    return arn if _is_over(arn) else None


def step(event: Event, _: object) -> dict[str, object]:
    """Submit a job, or look at one that is submitted."""
    arn = event.get("arn") or _submit(event["job"])
    return {"arn": arn, "over": _is_over(arn)}


def _submit(job: Event) -> str:
    return bedrock.create_model_invocation_job(**job)["jobArn"]


def _is_over(arn: str) -> bool:
    return bedrock.get_model_invocation_job(jobIdentifier=arn)["status"] in _ENDED
