"""Bedrock's service model as of the installed botocore, read once and without a session, which takes longer."""

from functools import cache
from typing import Any

from botocore.loaders import Loader


@cache
def bedrock() -> dict[str, Any]:
    """Return the model as botocore ships it, of all operations."""
    model: dict[str, Any] = Loader().load_service_model("bedrock", "service-2")
    return model
