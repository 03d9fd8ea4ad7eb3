"""ARNs: how one is written, told from an id, and checked."""

import re

from cdk_bedrock_batch._api.service_model import input_field
from cdk_bedrock_batch._api.validation import check_type
from cdk_bedrock_batch._cdk import pseudo
from cdk_bedrock_batch._cdk.tokens import is_token


def regional_arn(service: str, resource: str) -> str:
    """Return the ARN of a resource of the stack's account and Region."""
    return _arn(service, pseudo.region(), pseudo.account(), resource)


def s3_arn(path: str) -> str:
    """Return the ARN of objects, by their bucket's name, a slash and their key or a pattern of it."""
    return _arn("s3", "", "", path)


def foundation_model_arn(region: str, model: str) -> str:
    """Return the ARN of a foundation model, which belongs to no account; either may be a pattern."""
    return _arn("bedrock", region, "", f"foundation-model/{model}")


def any_job_arn() -> str:
    """Return the ARN pattern of the jobs of the stack's account and Region; Bedrock chooses the ids."""
    return regional_arn("bedrock", "model-invocation-job/*")


def is_arn(text: str) -> bool:
    """Whether a text is an ARN, not an id or a name; of a token that cannot be told."""
    return text.startswith("arn:")


def id_of(id_or_arn: str) -> str:
    """Return the id at the end of an ARN; an id stays as it is."""
    return id_or_arn.rpartition("/")[2]


def check_job_arn(prop: str, value: str) -> None:
    """Check the ARN of a job against the pattern of GetModelInvocationJob, which also takes an id.

    Raises
    ------
    ValueError
        The value is no ARN of a job.
    """
    check_type(prop, value, str, "the output JobArn of a stack")
    pattern = input_field("GetModelInvocationJob", "jobIdentifier")["pattern"]
    if not is_token(value) and not (is_arn(value) and re.fullmatch(pattern, value)):
        raise ValueError(f"'{prop}' must be the ARN of a model invocation job, got {value!r}")


def _arn(service: str, region: str, account: str, resource: str) -> str:
    return f"arn:{pseudo.partition()}:{service}:{region}:{account}:{resource}"
