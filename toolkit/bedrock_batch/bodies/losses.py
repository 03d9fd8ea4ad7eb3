"""What of a request a family has nothing like: names, which are counted, and the sentence for one that cannot be."""

from bedrock_batch.errors import BedrockBatchError

#: From what is lost or changed to what becomes of it, for those whose name is not enough.
MEANINGS = {
    "a system message in the middle": "moved to the others, before the conversation",
    "an empty message": "left out",
    "an assistant message first": "a user message that says so was put before it",
    "space at the end of an assistant message": "removed, as the last message may not end so",
    "special tokens in a text": "broken up by a space, so that they stay text",
    "stop of nothing but space": "left out",
    "temperature above 1": "written as 1, the most that the model takes",
    "temperature with top_p": "top_p was left out, as the model takes one of both",
    "tool_choice": "the model chooses",
    "tools": "the model is told of none",
}


class BodyError(BedrockBatchError):
    """A request that no body of the family can say; the message begins with what follows "the request"."""
