"""What a ``modelId`` says: an id or an ARN, of which kind, and where it is."""

import json
from collections.abc import Iterable
from functools import cache

from aws_cdk import Fn, Stack

from cdk_bedrock_batch._api.arn import (
    EXAMPLE,
    account_of,
    arn_partition,
    id_of,
    is_arn,
    kind_of,
    may_be_arn,
    may_be_generated_id,
    region_of,
)
from cdk_bedrock_batch._api.region import check_arn, partition_of
from cdk_bedrock_batch._api.validation import check_text, checked_list
from cdk_bedrock_batch._cdk.tokens import is_token, known_beginning

#: The kinds that batch inference takes, as their ARNs name them, with the class method for each.
KINDS = {
    "foundation-model": "foundation_model",
    "inference-profile": "inference_profile",
    "application-inference-profile": "application_inference_profile",
    "custom-model": "custom_model",
}


def is_open(id_or_arn: str) -> bool:
    """Whether only CloudFormation will know if a text is an id or an ARN: no ARN has a dot so early."""
    return not is_arn(id_or_arn) and not tells_beginning(id_or_arn)


def tells_beginning(model: str) -> bool:
    """Whether what stands before the first dot of an id is known: a geography, or a provider."""
    return not is_token(model) or "." in known_beginning(model)


def check_model_id(id_or_arn: str, kind: str, advice: str) -> None:
    """Check an id or ARN against the API's pattern for ``modelId``, and an ARN for its kind.

    Raises
    ------
    ValueError
        It breaks the pattern, or is of another kind.
    """
    check_text("model", id_or_arn, "modelId", advice=advice)
    found = kind_of(id_or_arn)
    if found and found != kind:
        factory = f"use BatchModel.{KINDS[found]}({id_or_arn!r})" if found in KINDS else advice
        raise ValueError(f"'model' must be of the kind {kind}, got {id_or_arn!r}, which is of {found}: {factory}")
    check_arn("model", id_or_arn)


def check_foundation_id(id_or_arn: str) -> None:
    """Refuse what the API's pattern takes for the name of something, and Bedrock for no foundation model.

    Raises
    ------
    ValueError
        Its id names no provider.
    """
    found = id_in(id_or_arn)
    if not is_token(found) and "." not in found:
        raise ValueError(
            f"'model' must be the id of a foundation model, a provider and a name such as amazon.nova-lite-v1:0, got "
            f"{id_or_arn!r}: take it from the model's page in the Bedrock console, or give the ARN of what is no "
            "foundation model"
        )


def check_is_arn(arn: str, kind: str, advice: str, *, or_id: bool = False) -> None:
    """Check what has to be an ARN, or else an id that Bedrock has made.

    Raises
    ------
    ValueError
        It is a name, or the id of something else.
    """
    if not may_be_arn(arn) and not (or_id and may_be_generated_id(arn)):
        raise ValueError(f"'model' must be the ARN of the kind {kind}, got {arn!r}: {advice}")


def checked_foundation_arns(prop: str, given: Iterable[str]) -> list[str]:
    """Check what is said to be behind a profile, and return it.

    Raises
    ------
    ValueError
        They are no list of ARNs of foundation models.
    """
    arns = checked_list(prop, given, f'["{EXAMPLE}"]')
    for arn in arns:
        if not (kind_of(arn) == "foundation-model" or (is_token(arn) and may_be_arn(arn) and not kind_of(arn))):
            raise ValueError(f"'{prop}' must have ARNs of foundation models, such as {EXAMPLE}, got {arn!r}: name one")
        check_arn(prop, arn)
    return arns


def check_in_time(id_or_arn: str, stack: Stack) -> None:
    """Check that CloudFormation knows a token when it takes it apart, which is before it resolves dynamic references.

    Raises
    ------
    ValueError
        There is such a reference in it, by itself or in what functions make of it.
    """
    if is_token(id_or_arn) and not is_arn(id_or_arn) and "{{resolve:" in json.dumps(stack.resolve(id_or_arn)):
        raise ValueError(
            "'model' must be known when CloudFormation makes the ARN for the policies of it, got a dynamic reference, "
            f"{stack.resolve(id_or_arn)}: use a parameter of the stack, as "
            "ssm.StringParameter.value_for_string_parameter makes one"
        )


def check_place(id_or_arn: str, stack: Stack) -> None:
    """Check that an ARN is of the partition, Region and account of a stack, as far as these are known.

    Raises
    ------
    ValueError
        It is of others: a job uses what is in its own Region and account.
    """
    if is_arn(id_or_arn):
        check_partition("model", id_or_arn, stack)
        _check_same("model", id_or_arn, "Region", region_of(id_or_arn), stack.region)
        _check_same("model", id_or_arn, "account", account_of(id_or_arn), stack.account)


def check_partition(prop: str, arn: str, stack: Stack) -> None:
    """Check that an ARN is of the partition of a stack, as far as it is known.

    Raises
    ------
    ValueError
        It is of another: nothing reaches from one into another.
    """
    region = stack.region
    if not is_token(region):
        _check_same(prop, arn, "partition", arn_partition(arn), partition_of(region))


def _check_same(prop: str, arn: str, what: str, given: str, own: str) -> None:
    if given and not is_token(given) and not is_token(own) and given != own:
        raise ValueError(
            f"'{prop}' must be in the {what} of its stack, {own}, got {arn!r}: use one of {own}, or put the job into a "
            f"stack of {given}"
        )


def id_in(id_or_arn: str, *, parts: int = 1) -> str:
    """Return the id at the end of an ARN, an id as it is, and for a token what CloudFormation will know to be that.

    Parameters
    ----------
    id_or_arn
        Either, or a token for it.
    parts
        How many there are in such an ARN after the kind. Default: 1.
    """
    return _id_in_either(id_or_arn, parts) if is_open(id_or_arn) else id_of(id_or_arn)


@cache
def _id_in_either(id_or_arn: str, parts: int) -> str:
    # What follows the first slash of "id/id" and of "arn:...:kind/id/arn:...:kind/id" is the id alike. Made once for a
    # token: what has been granted is known by its text.
    return Fn.select(parts, Fn.split("/", Fn.join("/", [id_or_arn] * (parts + 1))))


def model_behind(profile: str) -> str:
    """Return the id of the model behind a system-defined profile, or a pattern of it where the profile is a token."""
    found = id_in(profile)
    # us.amazon.nova-lite-v1:0 routes to amazon.nova-lite-v1:0.
    return found.partition(".")[2] if tells_beginning(found) else _behind_token(found)


@cache
def _behind_token(profile_id: str) -> str:
    # Geography, provider, model; the model's own name may go on after a dot, as in us.zai.glm-4.7.
    parts = Fn.split(".", profile_id)
    return f"{Fn.select(1, parts)}.{Fn.select(2, parts)}*"
