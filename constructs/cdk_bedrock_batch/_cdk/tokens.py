"""Tokens: values that only CloudFormation will know."""

from aws_cdk import Token


def is_token(value: object) -> bool:
    """Whether only CloudFormation will know a value.

    A text tells by its form; for anything else the CDK's own process is asked, which takes a thousand times as long.
    """
    return "${Token[" in value if isinstance(value, str) else Token.is_unresolved(value)
