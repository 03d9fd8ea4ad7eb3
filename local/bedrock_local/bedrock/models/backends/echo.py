"""A model that repeats the question."""

from dataclasses import dataclass

from bedrock_local.bedrock.models.invocation import Completion, Prompt


@dataclass(frozen=True)
class Echo:
    """Answers with the last message, cut to the tokens asked for. A token is a word."""

    concurrency: int = 1

    def complete(self, prompt: Prompt) -> Completion:
        """Answer a prompt; see `Backend`."""
        text = prompt.messages[-1].text
        said = _tokens(text)
        asked = said + sum(_tokens(message.text) for message in prompt.messages[:-1])
        if prompt.max_tokens is None or said <= prompt.max_tokens:
            return Completion(text, asked, said)
        # Cut at spaces only: every other character comes back as it was sent.
        return Completion(" ".join(text.split(" ")[: prompt.max_tokens]), asked, prompt.max_tokens, truncated=True)


def _tokens(text: str) -> int:
    return text.count(" ") + 1
