"""Schemas that an answer is held to, as the service takes them: it refuses what is beyond its subset of JSON Schema.

https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html: numbers, texts and lists without limits (of
lists, 0 or 1 as the least are taken), and objects of no other properties than those named. The last has to be said:
"For 'object' type, 'additionalProperties' must be explicitly set to false" is seen of Converse and of Claude.
References to themselves and to other documents are refused too, and there is nothing to write in their place.
"""

from typing import Any

_LIMITS = frozenset(
    {
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "maxItems"),
    }
)
_NAMED, _LISTED = ("properties", "$defs", "definitions"), ("anyOf", "allOf", "oneOf", "prefixItems")


def taken(schema: dict[str, Any], lost: set[str]) -> dict[str, Any]:
    """Write a schema with what the service takes of it.

    Parameters
    ----------
    schema : dict
        The schema; it stays as it is.
    lost : set of str
        Told what is left out or changed.
    """
    found = {name: _below(name, value, lost) for name, value in schema.items() if name not in _LIMITS}
    if (least := found.get("minItems")) is not None and least not in (0, 1):
        del found["minItems"]
    if len(found) < len(schema):
        lost.add("a schema's limits")
    if _is_object(found) and found.get("additionalProperties") is not False:
        # Where properties are named and nothing is said of others, an answer without others is one to the schema, too.
        if "additionalProperties" in found or "properties" not in found:
            lost.add("a schema's other properties")
        found["additionalProperties"] = False
    return found


def _is_object(schema: dict[str, Any]) -> bool:
    kind = schema.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind) or "properties" in schema


def _below(name: str, value: object, lost: set[str]) -> object:
    if name in _NAMED and isinstance(value, dict):
        return {each: _schema(found, lost) for each, found in value.items()}
    if name in _LISTED and isinstance(value, list):
        return [_schema(found, lost) for found in value]
    return _schema(value, lost) if name == "items" else value


def _schema(found: object, lost: set[str]) -> object:
    return taken(found, lost) if isinstance(found, dict) else found
