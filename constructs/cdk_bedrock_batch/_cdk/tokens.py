"""Tokens: values that only CloudFormation will know."""

from typing import cast

from aws_cdk import Reference, Token, Tokenization
from constructs import Construct


def is_token(value: object) -> bool:
    """Whether only CloudFormation will know a value.

    A text tells by its form; for anything else the CDK's own process is asked, which takes a thousand times as long.
    """
    return "${Token[" in value if isinstance(value, str) else Token.is_unresolved(value)


def known_beginning(text: str) -> str:
    """Return what synth knows of a text: all of it, or what stands before its first token."""
    return text.partition("${Token[")[0]


def is_list_token(values: list[str]) -> bool:
    """Whether only CloudFormation will know the items of a list."""
    return any(value.startswith("#{Token[") for value in values)


def resource_in(text: str) -> Construct | None:
    """Return the resource of the app that a text refers to; None if it refers to none."""
    if not is_token(text):
        return None
    tokens = Tokenization.reverse_string(text).tokens
    references = (cast("Reference", token) for token in tokens if Reference.is_reference(token))
    return next((cast("Construct", reference.target) for reference in references), None)
