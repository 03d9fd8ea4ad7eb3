"""ARNs: how one is written, told from an id, and checked."""

import re

from cdk_bedrock_batch._api.service_model import input_field
from cdk_bedrock_batch._api.validation import check_type
from cdk_bedrock_batch._cdk import pseudo
from cdk_bedrock_batch._cdk.tokens import is_token, known_beginning

#: One of a foundation model, for messages.
EXAMPLE = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"


def regional_arn(service: str, resource: str) -> str:
    """Return the ARN of a resource of the stack's account and Region."""
    return _arn(service, pseudo.region(), pseudo.account(), resource)


def arn_to_measure(service: str, resource: str) -> str:
    """Return one that is as long as those of most accounts and Regions, where it is only known when it is deployed."""
    return f"arn:aws:{service}:ap-southeast-2:123456789012:{resource}"


def s3_arn(path: str) -> str:
    """Return the ARN of objects, by their bucket's name, a slash and their key or a pattern of it."""
    return _arn("s3", "", "", path)


def integration_arn(call: str) -> str:
    """Return what a state machine names a call of a service by, such as ``lambda:invoke``."""
    return _arn("states", "", "", call)


def foundation_model_arn(region: str, model: str) -> str:
    """Return the ARN of a foundation model, which belongs to no account; either may be a pattern."""
    return _arn("bedrock", region, "", f"foundation-model/{model}")


def any_job_arn() -> str:
    """Return the ARN pattern of the jobs of the stack's account and Region; Bedrock chooses the ids."""
    return regional_arn("bedrock", "model-invocation-job/*")


def is_arn(text: str) -> bool:
    """Whether a text is an ARN, not an id or a name; of a token that cannot be told."""
    return text.startswith("arn:")


def kind_of(arn: str) -> str:
    """Return the kind that an ARN names, such as ``foundation-model``; empty if it is none, or only a token.

    The parts of an ARN may be tokens, as in those that CDK makes.
    """
    return _part(arn, 5).partition("/")[0]


def arn_partition(arn: str) -> str:
    """Return the partition that an ARN names, or a token; empty if it names none."""
    return _part(arn, 1)


def region_of(arn: str) -> str:
    """Return the Region that an ARN names, or a token; empty if it names none."""
    return _part(arn, 3)


def account_of(arn: str) -> str:
    """Return the account that an ARN names, or a token; empty if it names none."""
    return _part(arn, 4)


def may_be_arn(text: str) -> bool:
    """Whether a text is an ARN, or begins with a token in such a way that it may become one."""
    return is_arn(text) or (is_token(text) and "arn:".startswith(known_beginning(text)))


def may_be_generated_id(text: str) -> bool:
    """Whether a text looks like what Bedrock calls something that has no name of its own, or may become so."""
    characters = "{0,12}" if is_token(text) else "{12}"
    return bool(re.fullmatch(f"[a-z0-9]{characters}", known_beginning(text)))


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


def _part(arn: str, number: int) -> str:
    parts = arn.split(":", 5) if is_arn(arn) else []
    return parts[number] if len(parts) > number else ""


def _arn(service: str, region: str, account: str, resource: str) -> str:
    return f"arn:{pseudo.partition()}:{service}:{region}:{account}:{resource}"
