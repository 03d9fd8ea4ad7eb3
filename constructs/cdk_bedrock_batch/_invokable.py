"""What other construct libraries call a model."""

from typing import Protocol


class Invokable(Protocol):
    """A model or inference profile of ``aws_cdk.aws_bedrock_alpha``, or of a library that is made like it.

    Nothing of that library is imported: its classes are taken by their members.
    """

    @property
    def invokable_arn(self) -> str:
        """The ARN that an invocation names."""
        ...
