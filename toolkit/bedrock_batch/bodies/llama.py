"""Bodies for Meta Llama: a prompt, in which special tokens tell who speaks.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html, with the templates of
https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1/ and
https://www.llama.com/docs/model-cards-and-prompt-formats/llama4/
"""

import json
import re
from typing import Any, NamedTuple

from bedrock_batch.bodies.losses import BodyError
from bedrock_batch.bodies.request import Image, Message, Request, Text, ToolResult, ToolUse
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
        self._takes_images, self._end = takes_images, tokens.turn_end
        roles = ("system", "user", "assistant", "ipython")
        self._heads = {role: f"{tokens.header}{role}{tokens.header_end}" for role in roles}

    def write(self, request: Request, lost: set[str]) -> dict[str, Any]:
        """Write a body."""
        images: list[str] = []
        pieces = ["<|begin_of_text|>"]
        for text in request.system:
            pieces += (self._heads["system"], _plain(text, lost).strip(), self._end)
        for message in request.messages:
            parts = message.parts
            if len(parts) == 1 and type(parts[0]) is Text:  # As most have.
                pieces += (self._heads[message.role], _plain(parts[0].text, lost).strip(), self._end)
            else:
                pieces += self._turns(message, images, lost)
        if len(pieces) == 1:
            raise BodyError("has no message; give it one of the user")
        pieces.append(self._heads["assistant"])
        body = {"prompt": "".join(pieces), **settings_by(_NAMES, request.settings, lost)}
        if images:
            body["images"] = images
        if request.tools:
            lost.add("tools")
        if request.others:
            lost.update(request.others)
        return body

    def _turns(self, message: Message, images: list[str], lost: set[str]) -> list[str]:
        turns: list[str] = []
        said, text = "", ""
        for part in message.parts:
            match part:
                case ToolResult(_, answers):
                    answer = _plain("".join(each.text for each in answers), lost)
                    turns += (self._heads["ipython"], answer.strip(), self._end)
                case Image(_, data) if data and self._takes_images:
                    images.append(data)
                    # What stands between two images is looked at as a whole: a token may be in two parts of a text.
                    said, text = f"{said}{_plain(text, lost)}<|image|>", ""
                case Image() if self._takes_images:
                    raise BodyError("has an image in S3, and this model takes images in its bodies only; give the file")
                case Image():
                    raise BodyError("has an image, and this model takes text only; choose Converse, or another model")
                case _:
                    text += f"\n{_text_of(part)}" if text else _text_of(part)
        said += _plain(text, lost)
        return turns if turns and not said else [*turns, self._heads[message.role], said.strip(), self._end]


def _text_of(part: Text | ToolUse) -> str:
    if isinstance(part, Text):
        return part.text
    return json.dumps({"name": part.name, "parameters": part.input}, ensure_ascii=False)


def _plain(text: str, lost: set[str]) -> str:
    if "<|" in text and (plain := _SPECIAL.sub("< ", text)) != text:
        lost.add("special tokens in a text")
        return plain
    return text
