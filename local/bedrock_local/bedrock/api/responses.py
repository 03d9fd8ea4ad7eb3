"""Jobs and answers to wire: the bodies, as recorded from the service."""

import json
from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.clock import timestamp
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.models.invocation import Answer
from bedrock_local.bedrock.service_model.errors import BedrockError

Response = tuple[int, dict[str, str], bytes]


def ok(body: Mapping[str, Any] | None) -> Response:
    """Answer an operation that succeeded.

    Parameters
    ----------
    body
        The members of its output; None for an empty body, as Stop answers.

    Returns
    -------
    Response
        Status, headers and body.
    """
    return 200, {"Content-Type": "application/json"}, b"" if body is None else json.dumps(body).encode()


def said(answer: Answer) -> Response:
    """Answer with what a model says, as InvokeModel does: beside the body its tokens.

    Parameters
    ----------
    answer
        What it says.

    Returns
    -------
    Response
        Status, headers and body.
    """
    status, headers, body = ok(answer.body)
    tokens = {"Input": answer.input_tokens, "Output": answer.output_tokens}
    return status, headers | {f"X-Amzn-Bedrock-{way}-Token-Count": str(n) for way, n in tokens.items()}, body


def failed(error: BedrockError) -> Response:
    """Answer an operation that failed.

    Parameters
    ----------
    error
        Why.

    Returns
    -------
    Response
        Status, headers and body.
    """
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": type(error).__name__}
    return error.status, headers, json.dumps({"message": error.message}).encode()


def summary(job: Job, behaviours: Behaviours) -> dict[str, Any]:
    """Render a job for List: without token, message and counts.

    Parameters
    ----------
    job
        The job.
    behaviours
        How its URIs are shown.

    Returns
    -------
    dict[str, Any]
        A ``ModelInvocationJobSummary``.
    """
    times = {
        "submitTime": job.submit_time,
        "lastModifiedTime": job.last_modified_time,
        "endTime": job.end_time,
        "jobExpirationTime": job.expiration_time,
    }
    fields = ("jobName", "roleArn", "vpcConfig", "timeoutDurationInHours")
    return {
        "jobArn": job.arn,
        "modelId": job.model.arn,
        "status": job.status.value,
        "modelInvocationType": job.request["modelInvocationType"],
        **{name: job.request[name] for name in fields if name in job.request},
        **{name: _shown(job.request[name], behaviours.uris) for name in ("inputDataConfig", "outputDataConfig")},
        **{name: timestamp(time) for name, time in times.items() if time is not None},
    }


def _shown(config: Mapping[str, Any], uris: str) -> dict[str, Any]:
    ((kind, location),) = config.items()
    uri = location["s3Uri"]
    if uris != "as-given":
        uri = uri.rstrip("/") + ("/" if uris == "slash-added" else "")
    return {kind: {**location, "s3Uri": uri}}


def details(job: Job, behaviours: Behaviours) -> dict[str, Any]:
    """Render a job for Get.

    Parameters
    ----------
    job
        The job.
    behaviours
        Whether its token is shown, and how its URIs are.

    Returns
    -------
    dict[str, Any]
        A ``GetModelInvocationJobResponse``.
    """
    token = job.request.get("clientRequestToken") if behaviours.client_request_token == "shown" else None  # noqa: S105 -- no secret
    return {
        **summary(job, behaviours),
        **({"clientRequestToken": token} if token else {}),
        **({"message": job.message} if job.message else {}),
        "totalRecordCount": job.counts.total,
        "processedRecordCount": job.counts.processed,
        "successRecordCount": job.counts.success,
        "errorRecordCount": job.counts.error,
    }
