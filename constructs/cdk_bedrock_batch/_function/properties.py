"""The wire format: what the construct knows, as properties of the custom resources.

``Job`` has the names of the API's own fields (CreateModelInvocationJob), so the template shows the call that will be
made. The function reads these properties in ``model_invocation_job/requests/request.py``. An absent property is left
out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdk_bedrock_batch.invocation_type import InvocationType
from cdk_bedrock_batch.wait import WaitUntil

RESOURCE_TYPE = "Custom::BedrockModelInvocationJob"
RESULTS_TYPE = "Custom::BedrockModelInvocationJobResults"
LINK_TYPE = "Custom::BedrockModelInvocationJobWait"
RUN_TYPE = "Custom::BedrockBatchInferenceRun"

#: Set where somebody asks for what only the manifest of the results tells.
READ_MANIFEST = "ReadManifest"
_SPECIFICATION = ("Job", "RunToken")


@dataclass(frozen=True, kw_only=True)
class JobCall:
    """A call of CreateModelInvocationJob, with every collaborator already turned into text; texts may be tokens.

    Attributes
    ----------
    timeout_hours
        In the unit of the name.
    """

    model_id: str
    role_arn: str
    input_uri: str
    output_uri: str
    input_bucket_owner: str | None = None
    output_bucket_owner: str | None = None
    output_encryption_key_id: str | None = None
    client_request_token: str | None = None
    vpc_config: Mapping[str, Sequence[str]] | None = None
    timeout_hours: int | float | None = None
    invocation_type: InvocationType | None = None


@dataclass(frozen=True, kw_only=True)
class JobProperties(JobCall):
    """One job, as the custom resource knows it.

    Attributes
    ----------
    staged
        Pairs of S3 URIs: an object, and where it is copied before the job starts; a target that ends in ``/`` is where
        an archive is unpacked. After them the bytes of an object that is copied in parts, or None.
    wait_seconds
        In the unit of the name.
    tags
        A list of ``key`` and ``value``, or what CDK resolves to one.
    role_of_stack
        Whether the job's stack makes the role, which may be seconds old when the job is submitted.
    wait_condition
        The logical id of what the function signals when the job is over; None where nothing waits for that.
    left_behind
        What stays for a job that goes on, or what CDK resolves to that; see ``_job/outliving.py``.
    own_buckets
        The logical ids of what the function removes of a deployment that failed, or what CDK resolves to them.
    leave_running
        Whether a job in good health at the end of the wait goes on, or what CDK resolves to that.
    """

    name_prefix: str
    staged: Sequence[tuple[str, str, int | None]]
    wait_until: WaitUntil
    wait_seconds: int | float
    stop_on_delete: bool
    run_token: str | None = None
    tags: Any = None
    role_of_stack: bool = False
    wait_condition: str | None = None
    accept_partial_completion: bool = False
    left_behind: Any = None
    own_buckets: Any = None
    leave_running: Any = None


@dataclass(frozen=True)
class EndProperties:
    """What waits for a job's end, with every collaborator already turned into text; texts may be tokens.

    Attributes
    ----------
    wait_seconds
        In the unit of the name.
    output_uri
        Of the folder in which the job's own is.
    leave_running
        Whether a job in good health at the end of the wait may go on although the deployment fails.
    """

    job_arn: str
    output_uri: str
    wait_seconds: int | float
    accept_partial_completion: bool = False
    leave_running: bool = False


def render(job: JobProperties) -> dict[str, Any]:
    """Return the properties of the custom resource."""
    return _present(
        {
            "Job": render_call(job),
            "JobNamePrefix": job.name_prefix,
            "RoleOfStack": job.role_of_stack or None,
            "RunToken": job.run_token,
            "StagedInput": [_staged(*each) for each in job.staged] or None,
            "StopOnDelete": job.stop_on_delete,
            "Tags": job.tags,
            "WaitUntil": job.wait_until.value,
            "WaitTimeoutSeconds": job.wait_seconds,
            "WaitCondition": job.wait_condition,
            "AcceptPartialCompletion": job.accept_partial_completion or None,
            "LeftBehind": job.left_behind,
            "OwnBuckets": job.own_buckets,
            "LeaveRunning": job.leave_running,
        }
    )


def render_specification(job: JobProperties) -> dict[str, Any]:
    """Return the part of the properties that makes the job what it is: another one is another job."""
    rendered = render(job)
    return {name: rendered[name] for name in _SPECIFICATION if name in rendered}


def render_results(end: EndProperties) -> dict[str, Any]:
    """Return the properties of the custom resource that tells of the results."""
    return _present(
        {
            **render_link(end),
            "AcceptPartialCompletion": end.accept_partial_completion or None,
            "LeaveRunning": end.leave_running,
            "OutputUri": end.output_uri,
        }
    )


def render_link(end: EndProperties) -> dict[str, Any]:
    """Return the properties of a custom resource that only waits."""
    return {"JobArn": end.job_arn, "WaitTimeoutSeconds": end.wait_seconds}


def render_run(
    call: JobCall,
    name_prefix: str,
    machine_arn: str,
    jobs_function_arn: str,
    run_token: str | None,
    *,
    concurrent: bool,
) -> dict[str, Any]:
    """Return the properties of the custom resource by which a pipeline runs: as a job's, and whose execution it is."""
    return _present(
        {
            "Job": render_call(call),
            "JobNamePrefix": name_prefix,
            "RunToken": run_token,
            "StateMachineArn": machine_arn,
            "JobsFunction": jobs_function_arn,
            "ConcurrentRuns": concurrent or None,
        }
    )


def render_call(job: JobCall) -> dict[str, Any]:
    """Return the fields of the call, by their names in the API."""
    source = _present(
        {"s3Uri": job.input_uri, "s3InputFormat": "JSONL", "s3BucketOwner": job.input_bucket_owner},
    )
    target = _present(
        {
            "s3Uri": job.output_uri,
            "s3EncryptionKeyId": job.output_encryption_key_id,
            "s3BucketOwner": job.output_bucket_owner,
        }
    )
    return _present(
        {
            "modelId": job.model_id,
            "roleArn": job.role_arn,
            "clientRequestToken": job.client_request_token,
            "inputDataConfig": {"s3InputDataConfig": source},
            "outputDataConfig": {"s3OutputDataConfig": target},
            "vpcConfig": job.vpc_config,
            "timeoutDurationInHours": job.timeout_hours,
            "modelInvocationType": job.invocation_type.value if job.invocation_type else None,
        }
    )


def _staged(source: str, target: str, size: int | None) -> dict[str, Any]:
    return _present({"Source": source, "Target": target, "Size": size})


def _present(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}
