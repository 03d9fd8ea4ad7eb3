"""Checks of resolved values at synth, against the service model of the installed botocore.

A token is a value that only CloudFormation will know; it passes every check here and is checked by the service.
"""

import re
from functools import cache
from typing import Any

from aws_cdk import Duration, Token
from botocore.model import Shape
from botocore.session import Session

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
        The path of the API field, such as ``"inputDataConfig", "s3InputDataConfig", "s3Uri"``.
    advice
        What to do about a value that is refused.

    Raises
    ------
    ValueError
        The value breaks the field's rule.
    """
    if Token.is_unresolved(value):
        return
    rule = _shape(*field).metadata
    low, high = rule.get("min", 0), rule.get("max")
    if len(value) < low or (high is not None and len(value) > high):
        raise ValueError(f"'{prop}' must have {low} to {high} characters, got {len(value)} in {value!r}: {advice}")
    pattern = rule.get("pattern", ".*")
    if not re.fullmatch(_LINEAR.get(pattern, pattern), value):
        raise ValueError(f"'{prop}' must match the API's pattern for {field[-1]}, got {value!r}: {advice}")


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
    rule, hours = _shape(*field).metadata, value.to_hours(integral=False)
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


@cache
def _shape(*field: str) -> Shape:
    shape: Any = Session().get_service_model("bedrock").operation_model("CreateModelInvocationJob").input_shape
    for name in field:
        shape = shape.members[name]
    assert isinstance(shape, Shape)  # noqa: S101 (for the type checker: members are shapes)
    return shape
