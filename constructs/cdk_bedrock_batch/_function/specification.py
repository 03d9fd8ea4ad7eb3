"""What a job is, as the template has it: by what it says a new job is told, and what it leaves to CloudFormation."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import CfnParameter, DefaultTokenResolver, IFragmentConcatenator, Reference, Stack, Tokenization

from cdk_bedrock_batch._cdk.shared import stack_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_cdk import IPostProcessor, IResolvable, IResolveContext
    from constructs import Construct

_DIGEST = 8
#: Values that an update can change while the template stays as it is.
_UNKNOWN = ('"Fn::ImportValue"', '"Fn::If"', "{{resolve:")


class Specification:
    """The part of a job's properties that makes it what it is.

    Parameters
    ----------
    job
        The construct.
    properties
        That part, with its tokens.
    """

    def __init__(self, job: Construct, properties: Mapping[str, Any]) -> None:
        self._job, self._stack, self._properties = job, stack_of(job), properties
        _OF.setdefault(self._stack, {})[job.node.path] = self

    def digest(self) -> str:
        """Return what is another text when the job will be another one, the same on every machine."""
        return hashlib.sha256(self._said().encode()).hexdigest()[:_DIGEST]

    def is_told_to_cloudformation_only(self) -> bool:
        """Whether the job may become another one although the template stays as it is.

        By a parameter, a value of another stack, or one that is read when the stack is deployed.
        """
        text, referred = self._resolved()
        return (
            any(each in text for each in _UNKNOWN)
            or any(isinstance(each, CfnParameter) or stack_of(each) is not self._stack for each in referred)
            or any(each.is_told_to_cloudformation_only() for each in self._earlier(referred))
        )

    def _said(self) -> str:
        text, referred = self._resolved()
        # What an earlier job gives is another value when that is another job, which this text does not show.
        return "\n".join([text, *(each._said() for each in self._earlier(referred))])  # noqa: SLF001 (of this class)

    def _resolved(self) -> tuple[str, list[Construct]]:
        listening = _Listening()
        resolved = Tokenization.resolve(self._properties, resolver=listening, scope=self._job)
        return json.dumps(resolved, sort_keys=True), listening.referred

    def _earlier(self, referred: list[Construct]) -> Iterator[Specification]:
        """Yield what the jobs of this stack are, of which this one uses an attribute."""
        paths = dict.fromkeys(each.node.path.rpartition("/")[0] for each in referred)
        known = _OF[self._stack]
        return (known[path] for path in paths if path in known)


@jsii.implements(IFragmentConcatenator)
class _Parts:
    """Keeps the parts of a text apart: which they are is all that matters."""

    def join(self, left: Any, right: Any) -> Any:  # noqa: ANN401 (JSON)
        """See ``IFragmentConcatenator``."""
        return [left, right]


class _Listening(DefaultTokenResolver):
    """Resolves as CDK does, and keeps what is referred to, however deep it stands."""

    def __init__(self) -> None:
        super().__init__(_Parts())
        self.referred: list[Construct] = []

    def resolve_token(self, t: IResolvable, context: IResolveContext, post_processor: IPostProcessor) -> Any:  # noqa: ANN401 (JSON)
        """See ``DefaultTokenResolver``."""
        if Reference.is_reference(t):
            self.referred.append(cast("Construct", cast("Reference", t).target))
        return super().resolve_token(t, context, post_processor)


_OF: WeakKeyDictionary[Stack, dict[str, Specification]] = WeakKeyDictionary()
