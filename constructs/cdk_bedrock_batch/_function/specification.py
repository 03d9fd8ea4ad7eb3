"""What a job is, as the template has it: by what it says a new job is told, and what it leaves to CloudFormation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from aws_cdk import CfnParameter, CfnResource, Stack, Tokenization

from cdk_bedrock_batch._cdk.intrinsics import names_in
from cdk_bedrock_batch._cdk.references import Listening
from cdk_bedrock_batch._cdk.shared import path_of, properties_of, stack_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from constructs import Construct

#: Values that an update can change while the template stays as it is.
_UNKNOWN = ('"Fn::ImportValue"', '"Fn::If"', '"Fn::FindInMap"', '"Fn::Transform"', "{{resolve:")


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
        _OF.setdefault(self._stack, {})[path_of(job)] = self

    def said(self) -> str:
        """Return what is another text when the job will be another one, the same on every machine."""
        resolved = self._resolved()
        # What an earlier job gives is another value when that is another job, which this text does not show.
        return "\n".join([resolved.said, *(each.said() for each in self._earlier(resolved.referred))])

    def is_told_to_cloudformation_only(self) -> bool:
        """Whether the job may become another one although the template stays as it is.

        By a parameter, a value of another stack, or one that is read when the stack is deployed.
        """
        resolved = self._resolved()
        return (
            any(each in resolved.said for each in _UNKNOWN)
            # Named by hand, it may be a parameter as well.
            or not names_in(resolved.values) <= resolved.names
            or any(isinstance(each, CfnParameter) or stack_of(each) is not self._stack for each in resolved.referred)
            or any(each.is_told_to_cloudformation_only() for each in self._earlier(resolved.referred))
        )

    def _resolved(self) -> _Resolved:
        """Resolve the properties, and those of the resources that they refer to: by these a name is another one."""
        listening = Listening()
        values, looked_at = [self._resolve(self._properties, listening)], 0
        while looked_at < len(listening.referred):
            target = listening.referred[looked_at]
            looked_at += 1
            if isinstance(target, CfnResource) and stack_of(target) is self._stack and not self._is_of_job(target):
                # Of any other name that a resource has they are no part.
                values.append(self._resolve({**properties_of(target), "tags": None}, listening))
        return _Resolved(values, listening.referred, listening.names)

    def _resolve(self, value: object, listening: Listening) -> Any:  # noqa: ANN401 (JSON)
        return Tokenization.resolve(value, resolver=listening, scope=self._job)

    def _is_of_job(self, target: Construct) -> bool:
        return path_of(target).rpartition("/")[0] in _OF[self._stack]

    def _earlier(self, referred: list[Construct]) -> Iterator[Specification]:
        """Yield what the jobs of this stack are, of which this one uses an attribute."""
        paths = dict.fromkeys(path_of(each).rpartition("/")[0] for each in referred)
        known = _OF[self._stack]
        return (known[path] for path in paths if path in known)


@dataclass(frozen=True)
class _Resolved:
    """What a job's properties say and refer to, however far.

    Attributes
    ----------
    names
        The logical ids of what is referred to.
    """

    values: list[Any]
    referred: list[Construct]
    names: set[str]

    @property
    def said(self) -> str:
        """All of it, the same on every machine."""
        return json.dumps(self.values, sort_keys=True)


_OF: WeakKeyDictionary[Stack, dict[str, Specification]] = WeakKeyDictionary()
