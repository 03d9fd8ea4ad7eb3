"""What resolved values refer to, as the constructs that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import jsii
from aws_cdk import DefaultTokenResolver, IFragmentConcatenator, Reference

from cdk_bedrock_batch._cdk.intrinsics import names_in
from cdk_bedrock_batch._cdk.shared import path_of

if TYPE_CHECKING:
    from aws_cdk import IPostProcessor, IResolvable, IResolveContext
    from constructs import Construct


@jsii.implements(IFragmentConcatenator)
class _Parts:
    """Keeps the parts of a text apart: which they are is all that matters."""

    def join(self, left: Any, right: Any) -> Any:  # noqa: ANN401 (JSON)
        """See ``IFragmentConcatenator``."""
        return [left, right]


class Listening(DefaultTokenResolver):
    """Resolves as CDK does, and keeps what is referred to, however deep it stands."""

    def __init__(self) -> None:
        super().__init__(_Parts())
        self.referred: list[Construct] = []
        self.names: set[str] = set()
        self._paths: set[str] = set()

    def resolve_token(self, t: IResolvable, context: IResolveContext, post_processor: IPostProcessor) -> Any:  # noqa: ANN401 (JSON)
        """See ``DefaultTokenResolver``."""
        resolved = super().resolve_token(t, context, post_processor)
        if Reference.is_reference(t):
            self._refer_to(cast("Construct", cast("Reference", t).target))
            self.names |= names_in(resolved)
        return resolved

    def _refer_to(self, target: Construct) -> None:
        # Each question for it gives another object.
        path = path_of(target)
        if path not in self._paths:
            self._paths.add(path)
            self.referred.append(target)
