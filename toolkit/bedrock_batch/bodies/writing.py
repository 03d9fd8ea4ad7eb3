"""What writes the bodies of a model."""

import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from bedrock_batch.bodies import chat, claude, cohere, converse, embeddings, llama, prompts
from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Request
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.records.checking.families import Family, family_of
from bedrock_batch.records.checking.shapes.claude import Claude
from bedrock_batch.values import shortened

Write = Callable[[Request, set[str]], dict[str, Any]]

# By the family's name; those of which there are several kinds are looked at below.
_WRITERS: dict[str, Write] = {
    "Converse": converse.write_converse,
    "Amazon Nova": converse.write_nova,
    "Amazon Titan Text": prompts.write_titan_text,
    "Cohere Command R": cohere.write_command_r,
    "DeepSeek": chat.write_chat,
    "OpenAI's chat completions": chat.write_chat,
}
_EMBEDDERS: dict[str, Write] = {
    "Amazon Titan Embeddings G1": embeddings.write_titan,
    "Amazon Titan Text Embeddings V2": embeddings.write_titan_v2,
    "Amazon Titan Multimodal Embeddings G1": embeddings.write_titan_multimodal,
    "Amazon Nova Multimodal Embeddings": embeddings.write_nova,
    "Cohere Embed": embeddings.write_cohere_v3,
    "Cohere Embed v4": embeddings.write_cohere_v4,
}
# The first two models of Mistral AI know no messages.
_MISTRAL_PROMPTS = re.compile(r"mistral\.mi(?:stral-7b|xtral-8x7b)-instruct")
# Of Llama 3.2, the larger ones see.
_LLAMA_VISION = re.compile(r"meta\.llama3-2-(?:11|90)b")


class BodyWriter:
    """Writes requests as the bodies of a model. It is made by `body_writer`.

    Attributes
    ----------
    family : str
        The name of the model's family, as AWS writes it.
    embeds : bool
        Whether it is given texts to turn into vectors.
    default_max_tokens : int or None
        The longest answer, in tokens, to a request that says nothing of it; None if that is left to the model.
    """

    def __init__(self, family: str, write: Write, default_max_tokens: int | None = None) -> None:
        self.family, self._write, self.default_max_tokens = family, write, default_max_tokens
        self.embeds = family in _EMBEDDERS

    def __call__(self, request: Request, lost: set[str] | None = None) -> dict[str, Any]:
        """Write a body.

        Parameters
        ----------
        request : Request
            What is asked.
        lost : set of str
            Told the names of what the body cannot say, or says otherwise. Default: nothing may be lost.

        Returns
        -------
        dict
            The `modelInput` of a record.

        Raises
        ------
        BodyError
            If no body says it; or one says less, and nobody is told.
        """
        if lost is None:
            return self._without_loss(request)
        if self.default_max_tokens is not None and request.settings.max_tokens is None:
            request = replace(request, settings=replace(request.settings, max_tokens=self.default_max_tokens))
        return self._write(request, lost)

    def _without_loss(self, request: Request) -> dict[str, Any]:
        lost: set[str] = set()
        body = self(request, lost)
        if lost:
            raise BodyError(f"has what {self.family} has nothing like: {', '.join(sorted(lost))}; remove it")
        return body


def body_writer(model: str, invocation_type: str | None = None, *, max_tokens: int | None = None) -> BodyWriter:
    """Make what writes the bodies of a job.

    Parameters
    ----------
    model : str
        The id or ARN of the model or inference profile.
    invocation_type : str
        ``InvokeModel`` or ``Converse``. Default: the service's, ``InvokeModel``.
    max_tokens : int
        The longest answer, in tokens, to a request that says nothing of it. Default: 4,096 for Claude, which has to be
        told, and 2,048 for Llama, which ends after 512 otherwise; the model's own for others.

    Raises
    ------
    BedrockBatchError
        If the model is not known, or takes no such requests.

    Examples
    --------
    >>> from bedrock_batch.bodies.request import Message, Request, Text
    >>> body_writer("amazon.nova-lite-v1:0")(Request((Message("user", (Text("Hello"),)),)))
    {'messages': [{'role': 'user', 'content': [{'text': 'Hello'}]}], 'schemaVersion': 'messages-v1'}
    """
    family = family_of(model, invocation_type)
    if family is None:
        raise BedrockBatchError(
            f"no known model is called {shortened(model, 200)}, so the form of its bodies is not known; "
            "correct the id, or choose the invocation type Converse, which has one form for all models"
        )
    if family.name == "Anthropic Claude":
        return _claude(family, max_tokens)
    if family.name == "Meta Llama":
        return _llama(model, max_tokens)
    if family.name in _EMBEDDERS:
        return BodyWriter(family.name, _EMBEDDERS[family.name])
    write = _WRITERS.get(family.name)
    if family.name == "Mistral AI":
        write = prompts.write_mistral_prompt if _MISTRAL_PROMPTS.search(model) else chat.write_mistral
    if write is None:
        raise BedrockBatchError(f"requests cannot be written for {family.name} ({model}); choose another model")
    return BodyWriter(family.name, write, max_tokens)


def _claude(family: Family, max_tokens: int | None) -> BodyWriter:
    (shape,) = (shape for shape in family.shapes if issubclass(shape, Claude))
    bodies = claude.ClaudeBodies(
        takes_one_of_both=shape.takes_one_of_both,
        takes_prefill=shape.takes_prefill,
        # The same models have these: https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
        takes_schemas=shape.takes_one_of_both,
    )
    return BodyWriter(family.name, bodies.write, max_tokens or claude.DEFAULT_MAX_TOKENS)


def _llama(model: str, max_tokens: int | None) -> BodyWriter:
    generation = re.search(r"meta\.llama(\d)", model)
    tokens = {"3": llama.LLAMA_3, "4": llama.LLAMA_4}.get(generation[1] if generation else "")
    if tokens is None:
        raise BedrockBatchError(
            f"the prompt of {shortened(model, 200)} is not known, only those of Llama 3 and 4; choose one of these"
        )
    bodies = llama.LlamaBodies(tokens, takes_images=bool(_LLAMA_VISION.search(model)))
    return BodyWriter("Meta Llama", bodies.write, max_tokens or llama.DEFAULT_MAX_TOKENS)
