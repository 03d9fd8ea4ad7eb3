"""A job like another, over other records."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bedrock_batch.files.s3_uri import S3Uri
from bedrock_batch.jobs.job import Job, JobError, get_job, list_jobs
from bedrock_batch.jobs.name import retry_name
from bedrock_batch.records.input.source import SUFFIX
from bedrock_batch.records.limits import RecordLimits, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_bedrock.type_defs import TagTypeDef
    from mypy_boto3_s3 import S3Client

    from bedrock_batch.retry.input import RetryInput

# What makes a job what it is, beside its input, name and token.
_KEPT = ("roleArn", "modelId", "outputDataConfig", "vpcConfig", "timeoutDurationInHours", "modelInvocationType")
_DIGITS = 12


@dataclass(frozen=True, kw_only=True)
class Resubmission:
    """A job over the records that deserve another try.

    Attributes
    ----------
    job : Job
        The job.
    is_new : bool
        Whether it was created now; False if an earlier call had.
    has_tags : bool
        Whether the tags of the first job could be read: the service no longer tells those of some jobs that have ended.
    """

    job: Job
    is_new: bool
    has_tags: bool = True


def submit_retry(
    bedrock: BedrockClient,
    s3: S3Client,
    job: Job,
    retry: RetryInput,
    *,
    limits: RecordLimits | None = None,
    input_uri: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Resubmission:
    """Create a job with the settings of another, over the records of it that deserve another try.

    The model, role, output location, VPC, timeout, invocation type and tags stay. The name and the
    `clientRequestToken` come from the job and the records, so that asking twice does not pay twice.

    Parameters
    ----------
    bedrock, s3
        Clients.
    job : Job
        The job, from GetModelInvocationJob.
    retry : RetryInput
        From `write_retry`.
    limits : RecordLimits or None
        How many records and bytes there may be. Default: the quotas that AWS publishes for the model.
    input_uri : str or None
        The S3 URI that the records are put to; the job's role must be allowed to read it. Default: a folder beside the
        input of the job.
    progress : callable or None
        Told of bytes as they leave. Default: nobody is.

    Returns
    -------
    Resubmission
        The other job.

    Raises
    ------
    JobError
        If the records are none, too few, too many, or refer to files in S3, which stand beside the job's input.
    botocore.exceptions.ClientError
        If a service refuses.
    """
    _require_fit(retry, limits or RecordLimits.of_model(str(job.details["modelId"])))
    digest = sha256(f"{job.arn} {retry.digest}".encode()).hexdigest()
    name = retry_name(job.name, job.id, digest)
    if earlier := next((found for found in list_jobs(bedrock, nameContains=name) if found.name == name), None):
        return Resubmission(job=get_job(bedrock, earlier.arn), is_new=False)
    uri = S3Uri.parse(input_uri) if input_uri else _beside(job, digest)
    s3.upload_file(str(retry.file), uri.bucket, uri.key, Callback=progress)
    tags = _tags(bedrock, job)
    created = bedrock.create_model_invocation_job(
        **_settings(job),
        jobName=name,
        clientRequestToken=digest,
        inputDataConfig=_input_config(job, uri),
        tags=tags or [],
    )
    return Resubmission(job=get_job(bedrock, created["jobArn"]), is_new=True, has_tags=tags is not None)


def _require_fit(retry: RetryInput, limits: RecordLimits) -> None:
    if not retry.records:
        raise JobError("there is no record to try again, so no job was created")
    if retry.records < limits.min_records_per_job:
        raise JobError(
            f"{retry.records:,} of the at least {limits.min_records_per_job:,} records that a job needs, so none was "
            f"created; they are in {retry.file}: append them to the input of the next job, run them on demand with "
            f"`aws bedrock-runtime invoke-model`, or say {written(min_records_per_job=retry.records)} if the quota of "
            "the model is that low"
        )
    if retry.records > limits.records_per_file or retry.bytes > limits.bytes_per_file:
        raise JobError(f"{retry.file} is larger than one input file may be; bedrock-batch split makes several of it")
    if retry.has_media:
        raise JobError(
            f"records in {retry.file} refer to files in S3, which the service finds in the folder of the input only, "
            "so no job was created: copy them and those files to a folder of their own, change each s3Location to it, "
            "and create a job over that folder"
        )


def _beside(job: Job, digest: str) -> S3Uri:
    """Choose a place that no reader of the job's own input takes for a part of it."""
    bucket, key = S3Uri.parse(job.input_uri)
    # Of a file, its folder; of a folder, what its own name starts with.
    before = key.removesuffix(key.rpartition("/")[2]) if key.endswith(SUFFIX) else f"{key.rstrip('/')}-".lstrip("-")
    return S3Uri(bucket, f"{before}retry-{digest[:_DIGITS]}/retry{SUFFIX}")


def _settings(job: Job) -> dict[str, Any]:
    return {field: job.details[field] for field in _KEPT if field in job.details}


def _input_config(job: Job, uri: S3Uri) -> Any:  # noqa: ANN401 - the published type is a dictionary of another package
    return {"s3InputDataConfig": {**job.details["inputDataConfig"]["s3InputDataConfig"], "s3Uri": str(uri)}}


def _tags(bedrock: BedrockClient, job: Job) -> list[TagTypeDef] | None:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

    try:
        tags = bedrock.list_tags_for_resource(resourceARN=job.arn).get("tags", [])
    except ClientError as error:
        # What the service answers for some jobs that have ended.
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return None
    # Only AWS itself can give tags of that prefix.
    return [tag for tag in tags if not tag["key"].startswith("aws:")]
