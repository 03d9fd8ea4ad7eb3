"""What the shapes of bodies are made of.

A shape names every member, and refuses others. What has to be skipped is of the type `Raw`, media above all: it is left
undecoded, which is most of the work saved. The texts of messages are decoded: a number or null of a table stands there
easily, and it takes a twentieth of the time. A member of the type None may not be there, or is looked at in another
way.
"""

from typing import Annotated, Literal, TypeAlias, TypeVar

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

#: Not sure to be wrong.
CACHING = frozenset({"cachePoint", "cache_control"})
#: Whether it is there, and may be, the shapes cannot tell.
REFERENCES = frozenset({"s3Location"})
#: What the shapes refuse, so that a record with it is looked at on its own, without being wrong for it.
ASIDE = CACHING | REFERENCES

Value = TypeVar("Value")

Optional: TypeAlias = Value | UnsetType
Skipped: TypeAlias = Raw | UnsetType
AtLeastOne: TypeAlias = Annotated[list[Value], Meta(min_length=1)]
NotEmpty = Annotated[str, Meta(min_length=1)]
Tokens = Annotated[int, Meta(ge=1)]
Whole = Annotated[int, Meta(ge=0)]
#: A temperature or a probability.
Share = Annotated[float, Meta(ge=0, le=1)]
Roles: TypeAlias = Literal["user", "assistant"]


class Snake(Struct, gc=False, kw_only=True, forbid_unknown_fields=True):
    """An object whose members are named like_this."""


class Camel(Snake, rename="camel"):
    """An object whose members are named likeThis."""


class SnakeBody(Snake):
    """A body of InvokeModel whose members are named like_this. Any may have what configures a guardrail.

    https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-input-tagging-base-inference.html
    """

    guardrail: Skipped = field(name="amazon-bedrock-guardrailConfig", default=UNSET)


class CamelBody(SnakeBody, rename="camel"):
    """A body of InvokeModel whose members are named likeThis."""
