"""Requests of CloudFormation, and helpers that answer them in scripted ways."""

import time
from typing import Any

from model_invocation_job.answers.answer import SafeCfnResource

from .response_endpoint import ResponseEndpoint


class Context:
    aws_request_id = "invocation"

    def __init__(self, seconds: float = 60) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return int((self._end - time.monotonic()) * 1000)


def event(endpoint: ResponseEndpoint, **changes: Any) -> dict[str, Any]:
    return {
        "RequestType": "Create",
        "ResponseURL": endpoint.url,
        "StackId": "arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/guid",
        "RequestId": "request",
        "LogicalResourceId": "Job",
        "ResourceProperties": {"Job": {}},
        **changes,
    }


def helper_that(does: Any) -> SafeCfnResource:
    helper = SafeCfnResource()
    for register in (helper.create, helper.update, helper.delete):
        register(does)
    return helper


def failing(error: BaseException) -> Any:
    def fail(*_: object) -> None:
        raise error

    return fail
