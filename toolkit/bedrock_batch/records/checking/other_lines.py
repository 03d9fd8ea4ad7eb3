"""Lines that are records of another batch API."""

from collections.abc import Mapping

from bedrock_batch.values import shortened

_CONVERTED = "turn the file into records with bedrock-batch convert FILE --model ID --output RECORDS.jsonl"
_REWRITTEN = "write 'custom_id' as 'recordId', and '{}' as 'modelInput', in the form of your model"
# The members that tell one, its name, and what to do with it. A line of Mistral's names no URL, which its batch has:
# https://docs.mistral.ai/capabilities/batch
_OTHERS = (
    ({"custom_id", "url"}, "OpenAI's Batch API", _CONVERTED),
    ({"custom_id", "body"}, "Mistral's Batch API", _REWRITTEN.format("body")),
    ({"custom_id", "params"}, "Anthropic's Message Batches API", _REWRITTEN.format("params")),
)


def without_body(record: Mapping[str, object]) -> str:
    """Say what to do with a record that has no 'modelInput'.

    Examples
    --------
    >>> without_body({"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {}})[:61]
    "is a line of OpenAI's Batch API (custom_id, method, url, body"
    """
    keys = ", ".join(shortened(key) for key in list(record)[:5]) or "none"
    for members, name, change in _OTHERS:
        if members <= record.keys():
            there = ", ".join(shortened(key)[1:-1] for key in list(record)[:5])
            return f"is a line of {name} ({there}); {change}"
    return f"'modelInput' is missing (the keys are: {keys}); put the request body for the model there"
