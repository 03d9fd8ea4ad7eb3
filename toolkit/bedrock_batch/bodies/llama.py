"""Bodies for Meta Llama: a prompt, in which special tokens tell who speaks.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html, with the templates of
https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1/ and
https://www.llama.com/docs/model-cards-and-prompt-formats/llama4/
"""

import json
import re
from typing import Any, NamedTuple

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Image, Message, Part, Request, Text, ToolResult, ToolUse
from bedrock_batch.bodies.values import Names, settings_by

#: The most that AWS's page gives; without it, an answer ends after 512.
DEFAULT_MAX_TOKENS = 2048

_NAMES = Names("max_gen_len", "temperature", "top_p")
# Of both generations, and whatever comes: they look alike.
_SPECIAL = re.compile(r"<(?=\|\w+\|>)")


class Tokens(NamedTuple):
    """The special tokens of a generation of models.

    Attributes
    ----------
    header, header_end : str
        Stand around the role that a message begins with.
    turn_end : str
        Ends a message.
    """

    header: str
    header_end: str
    turn_end: str


LLAMA_3 = Tokens("<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>")
LLAMA_4 = Tokens("<|header_start|>", "<|header_end|>\n\n", "<|eot|>")


class LlamaBodies:
    """Writes bodies for a model.

    Parameters
    ----------
    tokens : Tokens
        Of its generation.
    takes_images : bool
        Whether it has a member for them.
    """

    def __init__(self, tokens: Tokens, *, takes_images: bool) -> None:
        self._tokens, self._takes_images = tokens, takes_images

    def write(self, request: Request, lost: set[str]) -> dict[str, Any]:
        """Write a body."""
        images: list[str] = []
        pieces = ["<|begin_of_text|>", *(self._turn("system", _plain(text, lost)) for text in request.system)]
        for message in request.messages:
            pieces += self._turns(message, images, lost)
        if len(pieces) == 1:
            raise BodyError("has no message; give it one of the user")
        pieces.append(f"{self._tokens.header}assistant{self._tokens.header_end}")
        body = {"prompt": "".join(pieces), **settings_by(_NAMES, request.settings, lost)}
        if images:
            body["images"] = images
        if request.tools:
            lost.add("tools")
        lost.update(request.others)
        return body

    def _turns(self, message: Message, images: list[str], lost: set[str]) -> list[str]:
        turns: list[str] = []
        said = ""
        for part in message.parts:
            if isinstance(part, ToolResult):
                answer = "".join(each.text for each in part.parts)
                turns.append(self._turn("ipython", _plain(answer, lost)))
            else:
                said += self._said(part, images, lost)
        return [*turns, self._turn(message.role, said)] if said or not turns else turns

    def _said(self, part: Part, images: list[str], lost: set[str]) -> str:
        match part:
            case Text(text):
                return _plain(text, lost)
            case ToolUse(_, name, input):
                return _plain(json.dumps({"name": name, "parameters": input}, ensure_ascii=False), lost)
            case Image(_, data) if data and self._takes_images:
                images.append(data)
                return "<|image|>"
            case _:
                raise BodyError("has an image, and this model takes text only; choose Converse, or another model")

    def _turn(self, role: str, text: str) -> str:
        header, header_end, end = self._tokens
        return f"{header}{role}{header_end}{text.strip()}{end}"


def _plain(text: str, lost: set[str]) -> str:
    if "<|" in text and (plain := _SPECIAL.sub("< ", text)) != text:
        lost.add("special tokens in a text")
        return plain
    return text
