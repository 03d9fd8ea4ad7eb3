"""Texts that are known only when the whole app is."""

from collections.abc import Callable

import jsii
from aws_cdk import IStableStringProducer


@jsii.implements(IStableStringProducer)
class Produced:
    """What CDK asks for a text at synth, once; for ``Lazy.string``."""

    def __init__(self, produce: Callable[[], str]) -> None:
        self._produce = produce

    def produce(self) -> str:
        """Return the text."""
        return self._produce()
