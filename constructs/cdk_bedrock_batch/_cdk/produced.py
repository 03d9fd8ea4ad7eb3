"""Values that are known only when the whole app is."""

from collections.abc import Callable

import jsii
from aws_cdk import IStableAnyProducer, IStableStringProducer


@jsii.implements(IStableStringProducer)
class Produced:
    """What CDK asks for a text at synth, once; for ``Lazy.string``."""

    def __init__(self, produce: Callable[[], str]) -> None:
        self._produce = produce

    def produce(self) -> str:
        """Return the text."""
        return self._produce()


@jsii.implements(IStableAnyProducer)
class ProducedAny:
    """What CDK asks for a value at synth, once; for ``Lazy.any``."""

    def __init__(self, produce: Callable[[], object]) -> None:
        self._produce = produce

    def produce(self) -> object:
        """Return the value."""
        return self._produce()
