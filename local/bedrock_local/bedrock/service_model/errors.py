"""The errors of the service, named as AWS names them.

::

    BedrockError
    ├── AccessDeniedException            403
    ├── ConflictException                400
    ├── InternalServerException          500
    ├── MissingAuthenticationTokenException 403
    ├── ModelErrorException              424
    ├── ResourceNotFoundException        404
    ├── SerializationException           400
    ├── ServiceQuotaExceededException    400
    ├── ThrottlingException              429
    ├── TooManyTagsException             400
    └── ValidationException              400
"""

from typing import ClassVar


class BedrockError(Exception):
    """An error that the caller of an operation sees.

    Parameters
    ----------
    message
        The text that goes into the ``message`` member of the body.
    """

    status: ClassVar[int]

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AccessDeniedException(BedrockError):  # noqa: N818 -- AWS's name
    """The caller lacks a permission."""

    status = 403


class ConflictException(BedrockError):  # noqa: N818 -- AWS's name
    """The request does not fit the state of a resource."""

    status = 400


class InternalServerException(BedrockError):  # noqa: N818 -- AWS's name
    """The service itself failed."""

    status = 500


class MissingAuthenticationTokenException(BedrockError):  # noqa: N818 -- AWS's name
    """The request is not signed."""

    status = 403


class ModelErrorException(BedrockError):  # noqa: N818 -- AWS's name
    """The model failed while it answered."""

    status = 424


class ResourceNotFoundException(BedrockError):  # noqa: N818 -- AWS's name
    """No such resource in this account and Region."""

    status = 404


class SerializationException(BedrockError):  # noqa: N818 -- AWS's name
    """The body is not the JSON that the operation takes."""

    status = 400


class ServiceQuotaExceededException(BedrockError):  # noqa: N818 -- AWS's name
    """One more would exceed a quota."""

    status = 400


class ThrottlingException(BedrockError):  # noqa: N818 -- AWS's name
    """Too much is asked at present."""

    status = 429


class TooManyTagsException(BedrockError):  # noqa: N818 -- AWS's name
    """The resource would have more than 50 tags."""

    status = 400


class ValidationException(BedrockError):  # noqa: N818 -- AWS's name
    """A value breaks a constraint of the service model, or names something that cannot exist."""

    status = 400
