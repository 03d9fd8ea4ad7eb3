"""Amazon Nova.

https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html,
https://docs.aws.amazon.com/nova/latest/nova2-userguide/request-response-schema.html
"""

from typing import Literal

from msgspec import UNSET, field

from bedrock_batch.records.checking.shapes.blocks import Block, InferenceConfig, SystemBlock, ToolConfig
from bedrock_batch.records.checking.shapes.relations import require_user_first
from bedrock_batch.records.checking.shapes.values import (
    AtLeastOne,
    Camel,
    CamelBody,
    Optional,
    Roles,
    Share,
    Skipped,
    Tokens,
    Whole,
)


class NovaMessage(Camel):
    """A message."""

    role: Roles
    content: AtLeastOne[Block]


class Reasoning(Camel):
    """How much Nova 2 thinks."""

    type: Literal["enabled", "disabled"]
    max_reasoning_effort: Optional[str] = UNSET


class NovaInference(InferenceConfig):
    """How an answer is made. AWS's own samples have both spellings."""

    max_tokens: Optional[Tokens] = UNSET
    temperature: Optional[Share] = UNSET
    top_p: Optional[Share] = UNSET
    top_k: Optional[Whole] = UNSET
    snake_max_tokens: Optional[Tokens] = field(name="max_new_tokens", default=UNSET)
    snake_top_p: Optional[Share] = field(name="top_p", default=UNSET)
    snake_top_k: Optional[Whole] = field(name="top_k", default=UNSET)
    reasoning_config: Optional[Reasoning] = UNSET


class Nova(CamelBody, kw_only=True):
    """A request for an understanding model."""

    messages: AtLeastOne[NovaMessage]
    schema_version: Optional[Literal["messages-v1"]] = UNSET
    system: Optional[list[SystemBlock]] = UNSET
    inference_config: Optional[NovaInference] = UNSET
    tool_config: Optional[ToolConfig] = UNSET
    reasoning_config: Optional[Reasoning] = UNSET
    additional_model_request_fields: Skipped = UNSET

    def __post_init__(self) -> None:
        require_user_first(self.messages[0].role)
