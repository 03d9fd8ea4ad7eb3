"""Checks of resolved values at synth, against the service model of the installed botocore.

A token is a value that only CloudFormation will know; it passes every check here and is checked by the function.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from aws_cdk import Duration

from cdk_bedrock_batch._api.service_model import Shape, input_field, item, members
from cdk_bedrock_batch._cdk.tokens import is_list_token, is_token

_OPERATION = "CreateModelInvocationJob"
#: Python's matcher needs exponential time for the model's own spelling of jobName ("a", many hyphens, "_"). With the
#: length limit that stands beside it, this one takes the same texts.
_LINEAR = {r"[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9\+\-\.]){0,63}": r"[a-zA-Z0-9][a-zA-Z0-9+.-]*"}


def check_text(prop: str, value: str, *field: str, advice: str) -> None:
    """Check a text against the length and pattern of a field of CreateModelInvocationJob.

    Parameters
    ----------
    prop
        The name under which the user gave the value.
    value
        The value, or a token.
    field
        The path of the API field, such as ``"inputDataConfig", "s3InputDataConfig", "s3Uri"``; for the items of a list
        the path of the list.
    advice
        What to do about a value that is refused.

    Raises
    ------
    ValueError
        The value is no text or breaks the field's rule.
    """
    check_type(prop, value, str, "a text")
    if is_token(value):
        return
    rule = _rule(*field)
    low, high = rule.get("min", 0), rule.get("max")
    if len(value) < low or (high is not None and len(value) > high):
        raise ValueError(f"'{prop}' must have {low} to {high} characters, got {len(value)} in {value!r}: {advice}")
    pattern: str = rule.get("pattern", ".*")
    if not re.fullmatch(_LINEAR.get(pattern, pattern), value):
        raise ValueError(f"'{prop}' must match the API's pattern for {field[-1]}, got {value!r}: {advice}")


def check_number_of(prop: str, items: list[Any], *field: str, advice: str) -> None:
    """Check how many items there are against the bounds of a list in the API.

    Raises
    ------
    ValueError
        There are too few or too many.
    """
    rule = input_field(_OPERATION, *field)
    low, high = rule.get("min", 0), rule["max"]
    if not low <= len(items) <= high:
        raise ValueError(f"'{prop}' must have {low} to {high} items, got {len(items)}: {advice}")


def check_hours(prop: str, value: Duration, *field: str) -> int | float:
    """Check a duration against the bounds of a field in hours and return it in hours.

    Raises
    ------
    ValueError
        The duration is out of bounds or no whole number of hours.
    """
    check_type(prop, value, Duration, "Duration.hours(48)")
    if value.is_unresolved():
        return value.to_hours()
    rule, hours = _rule(*field), value.to_hours(integral=False)
    if hours != int(hours) or not rule["min"] <= hours <= rule["max"]:
        raise ValueError(f"'{prop}' must be {rule['min']} to {rule['max']} whole hours, got {hours:g} hours")
    return int(hours)


def check_type(prop: str, value: object, kind: type, example: str) -> None:
    """Refuse a value of another type, which Python would let through to where nobody understands the error.

    Raises
    ------
    ValueError
        The text names the type and gives an example.
    """
    if not isinstance(value, kind):
        # ValueError like every other refusal, so that a caller has one kind to catch.
        raise ValueError(  # noqa: TRY004 (see above)
            f"'{prop}' must be of type {kind.__name__}, such as {example}, got {value!r}"
        )


def check_duration(prop: str, value: Duration, example: str) -> None:
    """Check that a duration is one, and known at synth.

    Raises
    ------
    ValueError
        It is none, or has a token.
    """
    check_type(prop, value, Duration, example)
    if value.is_unresolved():
        raise ValueError(
            f"'{prop}' must be known when the template is made, such as {example}, got a value that only "
            "CloudFormation will know: give a number"
        )


def check_utf_8(prop: str, value: str) -> None:
    """Refuse half of a surrogate pair, which no template can hold.

    Raises
    ------
    ValueError
        The text shows the value.
    """
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError(f"'{prop}' must be text that UTF-8 can hold, got {value!a}: replace the half of a pair in it")


def check_construct(prop: str, value: object, attribute: str, example: str) -> object:
    """Refuse what lacks an attribute, and return that: CDK's interfaces cannot be asked for their kind.

    Raises
    ------
    ValueError
        The text gives an example.
    """
    found: object = getattr(value, attribute, None)
    if found is None:
        raise ValueError(f"'{prop}' must have a {attribute}, as {example} does, got {value!r}")
    return found


def checked_list(prop: str, values: Iterable[object], example: str) -> list[str]:
    """Refuse what is no list of texts or an empty one, and return the list; a text alone would be taken by letters.

    Raises
    ------
    ValueError
        The text gives an example.
    """
    listed = list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [None]
    texts = [value for value in listed if isinstance(value, str)]
    if not listed:
        # Of a list that something computed, nothing must not come to mean everything.
        raise ValueError(f"'{prop}' must have at least one item, such as {example}, got none: leave it out for any")
    if len(texts) < len(listed):
        raise ValueError(f"'{prop}' must be a list of texts, such as {example}, got {values!r}")
    if is_list_token(texts):
        raise ValueError(
            f"'{prop}' must be a list whose items synth can count, such as {example}, got the token {values!r}: give "
            "each item by itself, which may be a token"
        )
    return texts


def choices_of(*field: str) -> list[str]:
    """Return the values that a field can have."""
    choices: list[str] = input_field(_OPERATION, *field)["enum"]
    return choices


@cache
def rules_of(*field: str) -> dict[str, Shape]:
    """Return the rules for the members of a structure in CreateModelInvocationJob, or of a list's structures."""
    return members(input_field(_OPERATION, *field))


def _rule(*field: str) -> Shape:
    """Return the rule for a field, or for its items if it is a list."""
    return item(input_field(_OPERATION, *field))
