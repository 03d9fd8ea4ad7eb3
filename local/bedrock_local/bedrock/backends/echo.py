"""A model that repeats the question."""

from dataclasses import dataclass

from bedrock_local.bedrock.invocation import Completion, Prompt


@dataclass(frozen=True)
class Echo:
    """Answers with the last message, cut to the tokens asked for. A token is a word."""

    concurrency: int = 1

    def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt; see `Backend`."""
        text = prompt.messages[-1].text
        # Cut at spaces only: every other character comes back as it was sent.
        words = text.split(" ")
        limit = len(words) if prompt.max_tokens is None else prompt.max_tokens
        said = words[:limit]
        asked = sum(len(message.text.split(" ")) for message in prompt.messages)
        return Completion(" ".join(said), asked, len(said), truncated=len(said) < len(words))
