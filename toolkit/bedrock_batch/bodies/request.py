"""What is asked of a model, in Converse's terms, whatever its family."""

from typing import Any, Literal, TypeAlias

from msgspec import Struct

ImageFormat = Literal["png", "jpeg", "gif", "webp"]
Role = Literal["system", "user", "assistant"]


class Text(Struct, frozen=True, gc=False, tag=True):
    """A text.

    Attributes
    ----------
    text : str
        It may be empty, which some families refuse: their bodies go without.
    """

    text: str


class Image(Struct, frozen=True, gc=False, tag=True):
    """An image: its bytes, or where it is.

    Attributes
    ----------
    format : {"png", "jpeg", "gif", "webp"}
        Its format.
    data : str
        Its bytes as base64. Default: empty, and `uri` says where it is.
    uri : str
        Its S3 URI, which Converse and Amazon Nova take. Default: empty.
    """

    format: ImageFormat
    data: str = ""
    uri: str = ""


class ToolUse(Struct, frozen=True, gc=False, tag=True):
    """What a model has asked of a tool.

    Attributes
    ----------
    id : str
        By which the answer names it.
    name : str
        The tool's.
    input : dict
        What the tool is given.
    """

    id: str
    name: str
    input: dict[str, Any]


class ToolResult(Struct, frozen=True, gc=False, tag=True):
    """What a tool has answered.

    Attributes
    ----------
    id : str
        That of the `ToolUse`.
    parts : tuple of Text
        The answer.
    """

    id: str
    parts: tuple[Text, ...]


Part: TypeAlias = Text | Image | ToolUse | ToolResult


class Message(Struct, frozen=True, gc=False):
    """What one of them says.

    Attributes
    ----------
    role : {"system", "user", "assistant"}
        Who. One of the system stands here only if it comes after another message.
    parts : tuple of Part
        What; the answers of tools are the user's.
    """

    role: Role
    parts: tuple[Part, ...]


class Settings(Struct, frozen=True, gc=False):
    """How an answer is made. What is None is left to the model.

    Attributes
    ----------
    max_tokens : int or None
        The longest answer, in tokens.
    temperature, top_p : float or None
        How much chance there is.
    stop : tuple of str
        Texts that end an answer.
    """

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()


class Tool(Struct, frozen=True, gc=False):
    """A tool that a model may ask for.

    Attributes
    ----------
    name : str
        Its name.
    description : str
        What it does. Default: empty.
    schema : dict
        The JSON Schema of what it is given. Default: an object of any kind.
    strict : bool
        Whether the model has to keep to the schema. Default: it need not.
    """

    name: str
    description: str = ""
    schema: dict[str, Any] = {}
    strict: bool = False


class ToolChoice(Struct, frozen=True, gc=False):
    """Which tools a model has to ask for.

    Attributes
    ----------
    mode : {"auto", "any", "none", "tool"}
        As it likes, one at least, none, or the one of that name.
    name : str
        Of the tool. Default: empty.
    """

    mode: Literal["auto", "any", "none", "tool"] = "auto"
    name: str = ""


NO_SETTINGS = Settings()


class Request(Struct, frozen=True, gc=False):
    """What is asked of a model.

    Attributes
    ----------
    messages : tuple of Message
        The conversation. To a model of embeddings, each has one text or image to turn into a vector.
    system : tuple of str
        What the system says before it. Default: nothing.
    settings : Settings
        How the answer is made. Default: as the model likes.
    tools : tuple of Tool
        The tools. Default: none.
    tool_choice : ToolChoice or None
        Which of them. Default: as the model likes.
    others : dict
        Members of OpenAI's request that have no place above, by their names there. Default: none. What a family has
        nothing like is lost, by its name.
    """

    messages: tuple[Message, ...]
    system: tuple[str, ...] = ()
    settings: Settings = NO_SETTINGS
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice | None = None
    others: dict[str, Any] = {}
