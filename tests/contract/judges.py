"""The definitions of a rule as judges of texts, and botocore's service model as the judge of them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.session import Session

from bedrock_batch.files.s3_uri import may_be_of_a_job
from bedrock_batch.jobs import arn as toolkit_arn
from bedrock_batch.jobs.name import can_be_a_name
from bedrock_local.bedrock.service_model.errors import ValidationException
from bedrock_local.bedrock.service_model.validation import service_model, validate
from bedrock_local.names.job_arn import is_job_arn
from cdk_bedrock_batch._api.arn import check_job_arn
from cdk_bedrock_batch._api.validation import check_text
from cdk_bedrock_batch._data.place import INPUT, UriPlace
from model_invocation_job.arn import JOB_ARN
from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.jobs.rules import check

from .copies import SHAPES
from .places import CONSTRUCTS, FUNCTION, LOCAL, TOOLKIT

_FEWEST = 10

Judge = Callable[[str], object]

_REQUEST: dict[str, Any] = {
    "jobName": "nightly",
    "modelId": "amazon.nova-lite-v1:0",
    "roleArn": "arn:aws:iam::123456789012:role/Job",
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://out/"}},
}


def passes(check: Judge, text: str) -> bool:
    """Whether a definition takes a text: it says so, or does not refuse."""
    try:
        return check(text) is not False
    except (ValueError, InvalidRequestError, ValidationException):
        return False


def in_the_model(shape: str, text: str) -> bool:
    rule = SHAPES[shape]
    return rule["min"] <= len(text) <= rule["max"] and re.fullmatch(rule["pattern"], text) is not None


def judged_alike(shape: str, texts: list[str], judges: Mapping[str, Judge]) -> list[str]:
    """Hold every judge to the service model; return what is good."""
    good = [text for text in texts if in_the_model(shape, text)]
    for package, judge in judges.items():
        wrong = [text for text in texts if passes(judge, text) is not (text in good)]
        assert (package, wrong) == (package, [])
    # A corpus of one kind would prove nothing.
    assert len(good) >= _FEWEST
    assert len(texts) - len(good) >= _FEWEST
    return good


def _of_the_function(*path: str) -> Judge:
    shape: Any = Session().get_service_model("bedrock").operation_model("CreateModelInvocationJob").input_shape
    for member in path:
        shape = shape.members[member]
    return lambda text: check(shape, text, path[-1])


def _of_the_local_aws(change: Callable[[str], dict[str, Any]]) -> Judge:
    operation = service_model().operation_model("CreateModelInvocationJob")
    return lambda text: validate(operation, {**_REQUEST, **_input_data("s3://input/"), **change(text)})


def _input_data(uri: str) -> dict[str, Any]:
    return {"inputDataConfig": {"s3InputDataConfig": {"s3Uri": uri}}}


S3_URIS: Mapping[str, Judge] = {
    CONSTRUCTS: lambda text: UriPlace.of("input_data", text, None, *INPUT),
    FUNCTION: _of_the_function(*INPUT, "s3Uri"),
    TOOLKIT: may_be_of_a_job,
    LOCAL: _of_the_local_aws(_input_data),
}
JOB_NAMES: Mapping[str, Judge] = {
    CONSTRUCTS: lambda text: check_text("job_name", text, "jobName", advice="choose another"),
    FUNCTION: _of_the_function("jobName"),
    TOOLKIT: can_be_a_name,
    LOCAL: _of_the_local_aws(lambda text: {"jobName": text}),
}
JOB_ARNS: Mapping[str, Judge] = {
    CONSTRUCTS: lambda text: check_job_arn("job_arn", text),
    FUNCTION: lambda text: JOB_ARN.fullmatch(text) is not None,
    TOOLKIT: toolkit_arn.is_job_arn,
    LOCAL: is_job_arn,
}
JOB_IDENTIFIERS: Mapping[str, Judge] = {TOOLKIT: toolkit_arn.is_job_identifier}
