"""Errors that nobody has foreseen: told as such, for their bare text may be a single word."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from model_invocation_job.errors import CustomResourceError

T = TypeVar("T")
Handler = Callable[[Mapping[str, Any], Any], T]


def explained(handler: Handler[T]) -> Handler[T]:
    """Let every error of a handler that is not one of ours say what it is, and where more is to be read."""

    @wraps(handler)
    def handle(event: Mapping[str, Any], context: Any) -> T:  # noqa: ANN401 (Lambda's context has no class)
        try:
            return handler(event, context)
        except CustomResourceError:
            raise
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            raise RuntimeError(f"The function failed, and its log says where: {said}") from error

    return handle
