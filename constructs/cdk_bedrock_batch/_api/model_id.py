"""What a ``modelId`` says: an id or an ARN, of which kind, and where it is."""

from collections.abc import Iterable
from functools import cache

from aws_cdk import CfnDynamicReference, Fn, Stack, Tokenization

from cdk_bedrock_batch._api.arn import (
    EXAMPLE,
    account_of,
    arn_partition,
    id_of,
    is_arn,
    is_generated_id,
    kind_of,
    region_of,
)
from cdk_bedrock_batch._api.region import partition_of
from cdk_bedrock_batch._api.validation import check_text, checked_list
from cdk_bedrock_batch._cdk.tokens import is_token

#: The kinds that batch inference takes, as their ARNs name them, with the class method for each.
KINDS = {
    "foundation-model": "foundation_model",
    "inference-profile": "inference_profile",
    "application-inference-profile": "application_inference_profile",
    "custom-model": "custom_model",
}


def is_open(id_or_arn: str) -> bool:
    """Whether only CloudFormation will know if a text is an id or an ARN."""
    return is_token(id_or_arn) and not is_arn(id_or_arn)


def check_model_id(id_or_arn: str, kind: str, advice: str) -> None:
    """Check an id or ARN against the API's pattern for ``modelId``, and an ARN for its kind.

    Raises
    ------
    ValueError
        It breaks the pattern, is of another kind, or is known too late to be told an id from an ARN.
    """
    check_text("model", id_or_arn, "modelId", advice=advice)
    found = kind_of(id_or_arn)
    if found and found != kind:
        factory = f"use BatchModel.{KINDS[found]}({id_or_arn!r})" if found in KINDS else advice
        raise ValueError(f"'model' must be of the kind {kind}, got {id_or_arn!r}, which is of {found}: {factory}")
    if is_open(id_or_arn) and kind != "custom-model" and _is_dynamic(id_or_arn):
        raise ValueError(
            "'model' must be known when CloudFormation makes the ARN for the policies of it, got the dynamic reference "
            f"{id_or_arn!r}: use a parameter of the stack, as ssm.StringParameter.value_for_string_parameter makes one"
        )


def check_is_arn(arn: str, kind: str, advice: str, *, or_id: bool = False) -> None:
    """Check what has to be an ARN, or else an id that Bedrock has made.

    Raises
    ------
    ValueError
        It is a name, or the id of something else.
    """
    if not is_token(arn) and not is_arn(arn) and not (or_id and is_generated_id(arn)):
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
        if not is_token(arn) and kind_of(arn) != "foundation-model":
            raise ValueError(f"'{prop}' must have ARNs of foundation models, such as {EXAMPLE}, got {arn!r}: name one")
    return arns


def check_place(id_or_arn: str, stack: Stack) -> None:
    """Check that an ARN is of the partition, Region and account of a stack, as far as these are known.

    Raises
    ------
    ValueError
        It is of others: a job uses what is in its own Region and account.
    """
    if not is_arn(id_or_arn):
        return
    region = stack.region
    for name, given, own in (
        ("partition", arn_partition(id_or_arn), region if is_token(region) else partition_of(region)),
        ("Region", region_of(id_or_arn), region),
        ("account", account_of(id_or_arn), stack.account),
    ):
        if given and not is_token(given) and not is_token(own) and given != own:
            raise ValueError(
                f"'model' must be in the {name} of its stack, {own}, got {id_or_arn!r}: use one of {own}, or put the "
                f"job into a stack of {given}"
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
    return _behind_token(found) if is_token(found) else found.partition(".")[2]


@cache
def _behind_token(profile_id: str) -> str:
    # Geography, provider, model; the model's own name may go on after a dot, as in us.zai.glm-4.7.
    parts = Fn.split(".", profile_id)
    return f"{Fn.select(1, parts)}.{Fn.select(2, parts)}*"


def _is_dynamic(text: str) -> bool:
    # CloudFormation resolves those after its functions, which would take them apart as they are written.
    return any(isinstance(token, CfnDynamicReference) for token in Tokenization.reverse_string(text).tokens)
