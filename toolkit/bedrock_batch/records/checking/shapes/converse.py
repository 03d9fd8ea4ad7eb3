"""Any model through Converse: the API's own description, without the model's id.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from bedrock_batch.records.checking.shapes.blocks import Block, InferenceConfig, SystemBlock
from bedrock_batch.records.checking.shapes.relations import require_user_first
from bedrock_batch.records.checking.shapes.values import AtLeastOne, Camel, Optional, Roles, Share, Skipped, Tokens


class ConverseBlock(Block):
    """A part of a message: Converse has some more than Amazon Nova."""

    citations_content: Skipped = UNSET
    search_result: Skipped = UNSET
    tool_addition: Skipped = UNSET
    tool_removal: Skipped = UNSET


class ConverseMessage(Camel):
    """A message."""

    role: Roles
    content: list[ConverseBlock]


class ConverseInference(InferenceConfig):
    """The parameters that Converse has for every model."""

    max_tokens: Optional[Tokens] = UNSET
    temperature: Optional[Share] = UNSET
    top_p: Optional[Share] = UNSET


class Guardrail(Camel):
    """A guardrail."""

    guardrail_identifier: Optional[str] = UNSET
    guardrail_version: Optional[str] = UNSET
    trace: Optional[Literal["enabled", "disabled", "enabled_full"]] = UNSET


class Performance(Camel):
    """How fast an answer has to be."""

    latency: Optional[Literal["standard", "optimized"]] = UNSET


class Tier(Camel):
    """Which tier of the service answers."""

    type: Literal["priority", "default", "flex", "reserved"]


class JsonSchema(Camel):
    """A schema, as a text."""

    schema: str
    name: Optional[str] = UNSET
    description: Optional[str] = UNSET


class Structure(Camel):
    """How the text of an answer is built."""

    json_schema: JsonSchema


class TextFormat(Camel):
    """What form the text of an answer has."""

    type: Literal["json_schema"]
    structure: Structure


class Output(Camel):
    """What an answer looks like."""

    text_format: Optional[TextFormat] = UNSET
    effort: Optional[Annotated[str, Meta(max_length=16)]] = UNSET


class Converse(Camel):
    """A request."""

    messages: AtLeastOne[ConverseMessage]
    system: Optional[list[SystemBlock]] = UNSET
    inference_config: Optional[ConverseInference] = UNSET
    guardrail_config: Optional[Guardrail] = UNSET
    additional_model_request_fields: Skipped = UNSET
    additional_model_response_field_paths: Optional[Annotated[list[str], Meta(max_length=10)]] = UNSET
    prompt_variables: Skipped = UNSET
    request_metadata: Optional[dict[str, str]] = UNSET
    performance_config: Optional[Performance] = UNSET
    service_tier: Optional[Tier] = UNSET
    output_config: Optional[Output] = UNSET

    def __post_init__(self) -> None:
        require_user_first(self.messages[0].role)
