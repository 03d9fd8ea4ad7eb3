"""Values that are known only when the whole app is."""

from collections.abc import Callable
from typing import Generic, TypeVar

import jsii
from aws_cdk import IStableAnyProducer, IStableStringProducer

Value = TypeVar("Value")


@jsii.implements(IStableAnyProducer, IStableStringProducer)
class Produced(Generic[Value]):
    """What CDK asks for a value at synth, once; for ``Lazy.any``, and of a text for ``Lazy.string``."""

    def __init__(self, produce: Callable[[], Value]) -> None:
        self._produce = produce

    def produce(self) -> Value:
        """Return the value."""
        return self._produce()
