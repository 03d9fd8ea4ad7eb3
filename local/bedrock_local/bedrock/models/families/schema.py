"""What a body may hold: members and their types, and what is refused of others, in the service's words."""

from collections.abc import Collection, Mapping, Set
from types import MappingProxyType, NoneType
from typing import Any

from bedrock_local.bedrock.models.invocation import RefusedError

_BAD_REQUEST = 400
# The service's names of JSON's types.
_TYPES: Mapping[type, str] = MappingProxyType(
    {
        str: "String",
        list: "JSONArray",
        dict: "JSONObject",
        bool: "Boolean",
        int: "Integer",
        float: "BigDecimal",
        NoneType: "Null",
    }
)


def malformed(detail: str) -> RefusedError:
    """Return the error of a body that breaks the model's schema.

    Parameters
    ----------
    detail
        What is wrong: ``#: required key [messages] not found``.

    Returns
    -------
    RefusedError
        To raise.
    """
    return RefusedError(_BAD_REQUEST, f"Malformed input request: {detail}, please reformat your input and try again.")


def required(body: Mapping[str, Any], key: str, kind: type) -> Any:  # noqa: ANN401 -- `kind` says which type
    """Return a member that must be there.

    Parameters
    ----------
    body
        The request body.
    key
        The member.
    kind
        Its JSON type: ``str``, ``list``, ...

    Returns
    -------
    Any
        Its value.

    Raises
    ------
    RefusedError
        If it is missing or has another type.
    """
    if key not in body:
        raise malformed(f"#: required key [{key}] not found")
    if not isinstance(body[key], kind):
        raise malformed(f"#/{key}: {mismatch(body[key], kind)}")
    return body[key]


def mismatch(value: object, kind: type) -> str:
    """Say that a value has another type than it should.

    Parameters
    ----------
    value
        Decoded JSON.
    kind
        The type that it should have: ``str``, ``list``, ...

    Returns
    -------
    str
        As the service says it: ``expected type: JSONArray, found: String``.
    """
    return f"expected type: {_TYPES[kind]}, found: {_TYPES[type(value)]}"


def one_of(value: object, choices: Collection[int], where: str) -> int:
    """Return a whole number that has to be one of some.

    Parameters
    ----------
    value
        Decoded JSON.
    choices
        What it may be.
    where
        A pointer to it.

    Returns
    -------
    int
        The value.

    Raises
    ------
    RefusedError
        If it is none of them, or of another type: Python takes 256.0 for 256.
    """
    if type(value) is not int or value not in choices:
        raise malformed(f"{where}: {value} is not a valid enum value")
    return value


def permit(body: Mapping[str, Any], keys: Collection[str], where: str = "#") -> None:
    """Return if an object has no other members than it may have.

    Parameters
    ----------
    body
        The object.
    keys
        Those that it may have.
    where
        A pointer to it. Default: it is the whole body.

    Raises
    ------
    RefusedError
        If it has another. The words are those that callers of Nova, Titan and Llama have met.
    """
    for key in body:
        # A guardrail's configuration is not the model's.
        if key not in keys and not key.startswith("amazon-bedrock-"):
            raise malformed(f"{where}: extraneous key [{key}] is not permitted")


def permit_roles(body: Mapping[str, Any], roles: Collection[str]) -> None:
    """Return if each message is of a role that there is.

    Parameters
    ----------
    body
        The request body.
    roles
        Those that there are.

    Raises
    ------
    RefusedError
        If one is of another.
    """
    for number, turn in enumerate(required(body, "messages", list)):
        if isinstance(turn, dict) and turn.get("role", next(iter(roles))) not in roles:
            raise malformed(f"#/messages/{number}/role: {turn['role']} is not a valid enum value")


def filled(body: Mapping[str, Any], key: str) -> str:
    """Return a text that must be there, and not empty.

    Parameters
    ----------
    body
        The request body.
    key
        The member.

    Returns
    -------
    str
        Its value.

    Raises
    ------
    RefusedError
        If it is missing, of another type or empty.
    """
    text: str = required(body, key, str)
    if not text:
        raise malformed(f"#/{key}: expected minLength: 1, actual: 0")
    return text


def permit_blocks(body: Mapping[str, Any], keys: Set[str]) -> None:
    """Return if each message has a list of blocks, and these have no other members than they may have.

    Parameters
    ----------
    body
        The request body.
    keys
        Those that a block may have.

    Raises
    ------
    RefusedError
        If a content is no list, or a block has another member: OpenAI's and Anthropic's have a ``type``.
    """
    for number, turn in enumerate(required(body, "messages", list)):
        content, where = turn.get("content") if isinstance(turn, dict) else None, f"#/messages/{number}/content"
        if content is None:
            # What is wrong with that is `conversation`'s to say.
            continue
        if not isinstance(content, list):
            raise malformed(f"{where}: {mismatch(content, list)}")
        for position, block in enumerate(content):
            if isinstance(block, dict) and not block.keys() <= keys:
                permit(block, keys, f"{where}/{position}")


def section(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return an object that may be absent.

    Parameters
    ----------
    body
        The request body.
    key
        The member.

    Returns
    -------
    Mapping[str, Any]
        Its value; empty if absent.

    Raises
    ------
    RefusedError
        If it is not an object.
    """
    return required(body, key, dict) if body.get(key) is not None else {}
