"""Every public name of the packages with its signature, as text: what a release promises, and a change of it shows."""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cached_property
from inspect import Parameter
from pathlib import Path
from typing import Any

PACKAGES = ("bedrock_batch", "bedrock_local", "cdk_bedrock_batch")
FOLDER = Path(__file__).with_name("api")
#: How a parameter is given.
_KINDS = {
    Parameter.POSITIONAL_ONLY: "by place only: ",
    Parameter.POSITIONAL_OR_KEYWORD: "",
    Parameter.VAR_POSITIONAL: "*",
    Parameter.KEYWORD_ONLY: "by name only: ",
    Parameter.VAR_KEYWORD: "**",
}


def accepted(package: str) -> Path:
    """Where the names of a package are kept."""
    return FOLDER / f"{package}.txt"


def accept() -> None:
    """Keep the names as they are now."""
    FOLDER.mkdir(exist_ok=True)
    for package in PACKAGES:
        accepted(package).write_text(described(package), encoding="utf-8")


def described(package: str) -> str:
    """Describe what ``from package import *`` brings, a line a name and a line a member."""
    module = importlib.import_module(package)
    names = ((name, getattr(module, name)) for name in sorted(module.__all__))
    return "".join(f"{line}\n" for name, value in names for line in _described(name, value))


def _described(name: str, value: Any) -> Iterator[str]:
    if inspect.isclass(value):
        yield f"class {name}{_bases(value)}"
        if not issubclass(value, Enum) and (made := _inherited(value, "__init__") or _inherited(value, "__new__")):
            yield from (f"    {line}" for line in _signature(name, made, bound=True))
        yield from (f"    {line}" for _, lines in sorted(_members(value)) for line in lines)
    elif callable(value):
        yield from _signature(name, value)
    else:
        yield f"{name} = {value!r}"


def _bases(cls: type) -> str:
    """The bases that a user may rely on: to catch it, or to hand it to the CDK."""
    bases = ", ".join(base.__name__ for base in cls.__bases__ if base is not object and base.__name__[0] != "_")
    return f"({bases})" if bases else ""


def _ours(cls: type) -> list[type]:
    return [each for each in cls.__mro__ if each.__module__.split(".")[0] in PACKAGES]


def _inherited(cls: type, name: str) -> Callable[..., Any] | None:
    """What our classes define of a name; what others' do is theirs to promise."""
    found: Callable[..., Any] | None = next((vars(each)[name] for each in _ours(cls) if name in vars(each)), None)
    return found


def _members(cls: type) -> Iterator[tuple[str, list[str]]]:
    seen = set[str]()
    for each in _ours(cls):
        members = {**dict.fromkeys(inspect.get_annotations(each)), **vars(each)}
        for name in members.keys() - seen:
            seen.add(name)
            if not name.startswith("_"):
                yield name, list(_member(each, name))


def _member(cls: type, name: str) -> Iterator[str]:
    annotations, value = inspect.get_annotations(cls), vars(cls).get(name)
    if name in annotations:
        yield f"{name}: {_written(annotations[name])}"
    elif isinstance(value, Enum):
        yield f"{name} = {value.value!r}"
    elif isinstance(value, (property, cached_property)):
        returned = inspect.signature(value.func if isinstance(value, cached_property) else value.fget).return_annotation
        yield f"{name}: {_written(returned)}{' (settable)' if getattr(value, 'fset', None) else ''}"
    elif isinstance(value, (staticmethod, classmethod)):
        yield from _signature(f"{type(value).__name__} {name}", value.__func__, bound=isinstance(value, classmethod))
    else:
        yield from _signature(name, value, bound=True)


def _signature(name: str, function: Callable[..., Any], *, bound: bool = False) -> Iterator[str]:
    """Write a signature, a line a parameter: a difference names the one that has changed."""
    signature = inspect.signature(function)
    yield f"{name}() -> {_written(signature.return_annotation)}"
    for parameter in list(signature.parameters.values())[bound:]:
        yield f"    {_KINDS[parameter.kind]}{parameter.name}: {_written(parameter.annotation)}{_default(parameter)}"


def _default(parameter: Parameter) -> str:
    if parameter.default is parameter.empty:
        return ""
    # The name of a function that does nothing, not where it lies in memory.
    return f" = {getattr(parameter.default, '__name__', None) or repr(parameter.default)}"


def _written(annotation: Any) -> str:
    """Write a type without the modules of its names: where a class stands inside a package is nobody's business."""
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"(?:\b\w+\.)+(?=\w)", "", text.replace("'", ""))
