"""Models that take a prompt, or a request of their own.

Amazon Titan Text: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html; Meta Llama:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html; Mistral AI:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html; DeepSeek:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-deepseek.html; Cohere:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command-r-plus.html; TwelveLabs:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-pegasus.html
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from bedrock_batch.records.checking.shapes.embeddings import MediaSource
from bedrock_batch.records.checking.shapes.values import (
    Camel,
    CamelBody,
    NotEmpty,
    Optional,
    Share,
    Skipped,
    SnakeBody,
    Tokens,
    Whole,
)

_TopK = Annotated[int, Meta(ge=0, le=500)]


class TitanTextConfig(Camel):
    """How an answer is made."""

    max_token_count: Optional[Whole] = UNSET
    temperature: Optional[Share] = UNSET
    top_p: Optional[Share] = UNSET
    stop_sequences: Optional[list[str]] = UNSET


class TitanText(CamelBody, kw_only=True):
    """Amazon Titan Text."""

    input_text: NotEmpty
    text_generation_config: Optional[TitanTextConfig] = UNSET


class Llama(SnakeBody, kw_only=True):
    """Meta Llama."""

    prompt: NotEmpty
    max_gen_len: Optional[Annotated[int, Meta(ge=1, le=8192)]] = UNSET
    temperature: Optional[Share] = UNSET
    top_p: Optional[Share] = UNSET
    images: Optional[list[str]] = UNSET


class MistralPrompt(SnakeBody, kw_only=True):
    """Mistral AI's text completion."""

    prompt: NotEmpty
    max_tokens: Optional[Tokens] = UNSET
    stop: Optional[list[str]] = UNSET
    temperature: Optional[Share] = UNSET
    top_p: Optional[Share] = UNSET
    top_k: Optional[Whole] = UNSET


class DeepSeekPrompt(SnakeBody, kw_only=True):
    """DeepSeek's text completion."""

    prompt: NotEmpty
    max_tokens: Optional[Annotated[int, Meta(ge=1, le=32_768)]] = UNSET
    stop: Optional[Annotated[list[str], Meta(max_length=10)]] = UNSET
    temperature: Optional[Share] = UNSET
    top_p: Optional[Share] = UNSET


class CohereCommand(SnakeBody, kw_only=True):
    """Cohere Command."""

    prompt: NotEmpty
    temperature: Optional[Annotated[float, Meta(ge=0, le=5)]] = UNSET
    p: Optional[Share] = UNSET
    k: Optional[_TopK] = UNSET
    max_tokens: Optional[Tokens] = UNSET
    stop_sequences: Optional[list[str]] = UNSET
    return_likelihoods: Optional[Literal["GENERATION", "ALL", "NONE"]] = UNSET
    stream: Optional[bool] = UNSET
    num_generations: Optional[Annotated[int, Meta(ge=1, le=5)]] = UNSET
    logit_bias: Skipped = UNSET
    truncate: Optional[Literal["NONE", "START", "END"]] = UNSET


class Turn(SnakeBody, kw_only=True):
    """A message before this one."""

    role: Literal["USER", "CHATBOT", "SYSTEM", "TOOL"]
    message: Skipped = UNSET
    tool_results: Skipped = UNSET
    tool_calls: Skipped = UNSET


class CohereCommandR(SnakeBody, kw_only=True):
    """Cohere Command R."""

    message: str
    chat_history: Optional[list[Turn]] = UNSET
    documents: Skipped = UNSET
    search_queries_only: Optional[bool] = UNSET
    preamble: Optional[str] = UNSET
    max_tokens: Optional[Tokens] = UNSET
    temperature: Optional[Share] = UNSET
    p: Optional[Annotated[float, Meta(ge=0, le=1)]] = UNSET
    k: Optional[_TopK] = UNSET
    prompt_truncation: Optional[Literal["OFF", "AUTO_PRESERVE_ORDER"]] = UNSET
    frequency_penalty: Optional[Share] = UNSET
    presence_penalty: Optional[Share] = UNSET
    seed: Optional[int] = UNSET
    return_prompt: Optional[bool] = UNSET
    tools: Skipped = UNSET
    tool_results: Skipped = UNSET
    stop_sequences: Optional[list[str]] = UNSET
    raw_prompting: Optional[bool] = UNSET


class ResponseFormat(Camel):
    """The form of an answer."""

    json_schema: Skipped = UNSET


class Pegasus(CamelBody, kw_only=True):
    """TwelveLabs Pegasus."""

    input_prompt: NotEmpty
    media_source: MediaSource
    temperature: Optional[Share] = UNSET
    response_format: Optional[ResponseFormat] = UNSET
    max_output_tokens: Optional[Tokens] = UNSET
