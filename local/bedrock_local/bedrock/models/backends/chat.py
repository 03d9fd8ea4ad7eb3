"""OpenAI's chat completions: the format that model servers share."""

from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.models.invocation import Completion, Prompt


def request(prompt: Prompt) -> dict[str, Any]:
    """Render a prompt as the body of a chat completion.

    Parameters
    ----------
    prompt
        The question.

    Returns
    -------
    dict[str, Any]
        The body, without what the prompt leaves open.
    """
    options = {
        "max_tokens": prompt.max_tokens,
        "temperature": prompt.temperature,
        "top_p": prompt.top_p,
        "stop": list(prompt.stop) or None,
    }
    return {
        "messages": [{"role": message.role, "content": message.text} for message in prompt.messages],
        **{name: value for name, value in options.items() if value is not None},
    }


def completion(answer: Mapping[str, Any]) -> Completion:
    """Read the answer of a chat completion.

    Parameters
    ----------
    answer
        The body.

    Returns
    -------
    Completion
        Its first choice.
    """
    choice, usage = answer["choices"][0], answer["usage"]
    return Completion(
        text=choice["message"].get("content") or "",
        input_tokens=usage["prompt_tokens"],
        output_tokens=usage["completion_tokens"],
        truncated=choice["finish_reason"] == "length",
    )
