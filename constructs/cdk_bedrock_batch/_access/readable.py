"""Values as CDK's report of policies shows them: in place of a token stands the path of what it names.

Source: "Customizing role creation" in the documentation of ``aws_cdk.aws_iam``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

from aws_cdk import DefaultTokenResolver, Reference, StringConcat, Tokenization

from cdk_bedrock_batch._api.arn import regional_arn
from cdk_bedrock_batch._cdk.shared import stack_of
from cdk_bedrock_batch._cdk.tokens import is_token

if TYPE_CHECKING:
    from aws_cdk import IPostProcessor, IResolvable, IResolveContext
    from constructs import Construct, IConstruct

_PSEUDO = {
    "AWS::AccountId": "(ACCOUNT)",
    "AWS::Partition": "(PARTITION)",
    "AWS::Region": "(REGION)",
    # CDK's report has no word for these.
    "AWS::StackName": "(STACK_NAME)",
    "AWS::URLSuffix": "(URL_SUFFIX)",
}
_PSEUDO_IN_TEXT = re.compile(r"\$\{(AWS::\w+)\}")


def readable(scope: IConstruct, value: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return JSON without tokens, for people.

    Parameters
    ----------
    scope
        A construct of the stack that the value is for.
    value
        JSON, with tokens in its texts.
    """
    return Tokenization.resolve(value, resolver=_Readable(scope), scope=scope)


class _Readable(DefaultTokenResolver):
    """Resolves as CDK does, but for what only CloudFormation will know."""

    def __init__(self, scope: IConstruct) -> None:
        super().__init__(StringConcat())
        self._scope = scope

    def resolve_token(self, t: IResolvable, context: IResolveContext, post_processor: IPostProcessor) -> Any:  # noqa: ANN401 (JSON)
        """See ``DefaultTokenResolver``."""
        if Reference.is_reference(t):
            reference = cast("Reference", t)
            return f"({cast('Construct', reference.target).node.path}.{reference.display_name})"
        return self._shown(super().resolve_token(t, context, post_processor))

    def _shown(self, resolved: Any) -> Any:  # noqa: ANN401 (JSON)
        match resolved:
            case {"Ref": "AWS::StackId"}:
                return self._stack_id()
            case {"Ref": str(name)} if name in _PSEUDO:
                return _PSEUDO[name]
            case {"Fn::Sub": str(text)}:
                return _PSEUDO_IN_TEXT.sub(lambda found: _PSEUDO.get(found[1], found[0]), text)
            case {"Fn::Join": [str(between), [*parts]]} if all(isinstance(part, str) for part in parts):
                return between.join(parts)
            case {**function}:
                return f"({json.dumps(function, separators=(',', ':'))})"
        return resolved

    def _stack_id(self) -> str:
        # Who makes a role beforehand cannot know what CloudFormation will call the stack beside its name.
        name = stack_of(self._scope).stack_name
        arn = regional_arn("cloudformation", f"stack/{'(STACK_NAME)' if is_token(name) else name}/*")
        return str(Tokenization.resolve(arn, resolver=self, scope=self._scope))
