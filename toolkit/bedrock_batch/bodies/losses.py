"""What of a request a family has nothing like: names, which are counted, and the sentence for one that cannot be."""

from bedrock_batch.errors import BedrockBatchError

# From what is lost or changed to what becomes of it, for those whose name is not enough.
_MEANINGS = {
    "a schema's limits": "minimum, maxLength, maxItems and their like were left out, as the service refuses them",
    "a schema's other properties": "additionalProperties was written as false, as the service refuses all else",
    "a system message alone": "the user says it, as one has to speak",
    "a system message in the middle": "moved to the others, before the conversation",
    "an empty message": "left out",
    "a text with half a surrogate pair": "the half was replaced by U+FFFD",
    "an assistant message first": "a user message that says so was put before it",
    "space at the end of an assistant message": "removed, as the last message may not end so",
    "calls of tools that are not there": "tools of these names were added, as calls without are refused",
    "detail of an image": "the model decides",
    "encoding_format": "vectors are lists of numbers",
    "file parts": "left out, as files are not converted",
    "input_audio parts": "left out, as sounds are not converted",
    "max_tokens beside max_completion_tokens": "max_completion_tokens counts",
    "special tokens in a text": "broken up by a space, so that they stay text",
    "stop of nothing but space": "left out",
    "strict tools": "the model is not held to their schemas",
    "temperature above 1": "written as 1, the most that the model takes",
    "temperature with top_p": "top_p was left out, as the model takes one of both",
    "tool_choice": "the model chooses",
    "tools": "the model is told of none",
}


# https://platform.openai.com/docs/api-reference/chat/create: what else is there is some other server's, or misspelt.
_OPENAI = frozenset(
    {
        *("audio", "frequency_penalty", "logit_bias", "logprobs", "metadata", "modalities", "moderation", "n"),
        *("parallel_tool_calls", "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_options"),
        *("prompt_cache_retention", "reasoning_effort", "response_format", "safety_identifier", "seed", "service_tier"),
        *("stop", "store", "stream", "stream_options", "top_logprobs", "top_p", "user", "verbosity"),
        *("web_search_options", "dimensions", "temperature", "max_tokens"),
        "description of a schema",
        *("audio of a message", "name of a message", "prompt_cache_breakpoint of a part"),
    }
)


def meaning_of(name: str, family: str) -> str:
    """Say what becomes of something that a family has nothing like.

    Examples
    --------
    >>> meaning_of("seed", "Amazon Nova")
    'left out, as Amazon Nova has nothing like it'
    >>> meaning_of("top_k", "Amazon Nova")
    "left out, as it is no member of OpenAI's"
    """
    if name not in _MEANINGS and name not in _OPENAI and not name.startswith("tools of"):
        return "left out, as it is no member of OpenAI's"
    who = "the model" if family.startswith("OpenAI") else family
    return _MEANINGS.get(name, f"left out, as {who} has nothing like it")


class BodyError(BedrockBatchError):
    """A request that no body of the family can say; the message begins with what follows "the request"."""
