"""A model's response body, in whichever shape its family answers."""

from collections.abc import Iterator

# Where each family keeps its text. A name steps into an object (of a list, into each element); "0" takes the first
# element, for families that can answer several times. No two shapes share a path, so the model need not be known.
_TEXT_PATHS = (
    "output.message.content.text",  # Amazon Nova, and every model invoked through Converse
    "content.text",  # Anthropic Claude
    "results.outputText",  # Amazon Titan Text
    "generation",  # Meta Llama
    "choices.0.message.content",  # DeepSeek, OpenAI, Qwen, newer Mistral
    "choices.0.message.content.text",  # the same, with the answer in parts
    "choices.0.text",  # the same, answering a prompt instead of messages
    "outputs.0.text",  # older Mistral
    "generations.0.text",  # Cohere Command
    "text",  # Cohere Command R
)


def text_of(body: object) -> str | None:
    """Take the text out of a response body.

    Parameters
    ----------
    body : object
        The `modelOutput` of a record.

    Returns
    -------
    str or None
        The text, its parts joined; None if the body has none, as with embeddings.
    """
    for path in _TEXT_PATHS:
        parts = [part for part in _follow(body, path.split(".")) if isinstance(part, str)]
        if parts:
            return "".join(parts)
    return None


def _follow(value: object, names: list[str]) -> Iterator[object]:
    match names, value:
        case [], _:
            yield value
        case ["0", *rest], [first, *_]:
            yield from _follow(first, rest)
        case _, list():
            for element in value:
                yield from _follow(element, names)
        case [name, *rest], dict() if name in value:
            yield from _follow(value[name], rest)
