"""The shape of the records' ``modelInput``."""

from enum import Enum


class InvocationType(Enum):
    """Which API's request body each record holds (API field ``modelInvocationType``)."""

    INVOKE_MODEL = "InvokeModel"
    """The model family's own body, as for InvokeModel."""

    CONVERSE = "Converse"
    """The body of Converse, the same for every family, without ``modelId``."""
