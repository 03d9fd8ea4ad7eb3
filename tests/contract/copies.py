"""Where a rule stands: the files whose code, beside its docstrings, writes the rule out."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

#: Whether a rule stands in the code of a file.
Rule = Callable[[ast.AST], bool]

#: What each definition is held to.
SHAPES: dict[str, Any] = Loader().load_service_model("bedrock", "service-2", "2023-04-20")["shapes"]
STATUSES = frozenset(SHAPES["ModelInvocationJobStatus"]["enum"])

_DIVISIONS = {"split", "rsplit", "partition", "rpartition", "removeprefix"}
_MOST = re.compile(r"\b(50000|25000000|1073741824|5368709120)\b|\b1024 \*\* 3\b")
_LEAST = re.compile(r"(min|least|few)\w*record|record\w*(min|least)", re.IGNORECASE)
_COUNTED = re.compile(r"record|file|job|GB|giga", re.IGNORECASE)


def files_with(rule: Rule, package: Path) -> set[str]:
    """Return the files of a package in which a rule stands."""
    sources = {file.relative_to(package).as_posix(): file.read_text(encoding="utf-8") for file in package.rglob("*.py")}
    return {name for name, source in sources.items() if rule(ast.parse(source))}


def s3_uris(tree: ast.AST) -> bool:
    """Whether code begins a text with the scheme, spells a bucket's name, or takes a key out of an address."""
    return (
        _begins(tree, "s3://")
        or _holds(tree, r"\[[^]]*\.[^]]*\]\{1,61\}")
        or any(isinstance(node, ast.Subscript) and ast.unparse(node).endswith(".path[1:]") for node in ast.walk(tree))
    )


def arns(tree: ast.AST) -> bool:
    """Whether code begins a text as ARNs begin, or divides what it calls an ARN or the id of a model."""
    return (
        _begins(tree, "arn:") or "arn" in {text for text, _ in _texts(tree)} or any(map(_divides_an_arn, _calls(tree)))
    )


def job_ids(tree: ast.AST) -> bool:
    """Whether code names the type of the resource, or spells an id."""
    return _holds(tree, r"\bmodel-invocation-job\b|\[a-z0-9\]\{12\}")


def job_names(tree: ast.AST) -> bool:
    """Whether code spells the characters of a job's name."""
    sets = (letters for text, _ in _texts(tree) for letters in re.findall(r"\[([^]]+)\]", text))
    return any("a-z" in letters and {"+", "."} <= set(letters) for letters in sets)


def lengths_of_job_names(tree: ast.AST) -> bool:
    """Whether code counts the characters of a name, or of its beginning that a construct may choose."""
    numbers = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in (37, 63)]
    # 0o077 is the mode of a file.
    return any(number.end_col_offset == number.col_offset + len("63") for number in numbers)


def statuses(tree: ast.AST) -> bool:
    """Whether code writes a status out; the headings of a table, which one of them is like, are keys among others."""
    dicts = [[key for key in node.keys if key] for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    headings = {id(key) for keys in dicts if not all(map(_is_status, keys)) for key in keys}
    return any(_is_status(node) and id(node) not in headings for node in ast.walk(tree))


def record_limits(tree: ast.AST) -> bool:
    """Whether code gives what it calls by the name of a record, file, job or gigabyte the number of a quota."""
    kinds = ast.Assign | ast.AnnAssign | ast.Compare | ast.keyword | ast.Return | ast.arguments
    written = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, kinds)]
    return any(
        (_MOST.search(text) and _COUNTED.search(text)) or (_LEAST.search(text) and re.search(r"\b(50|100)\b", text))
        for text in written
    )


def _texts(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield each text but docstrings, and whether it is the beginning of one: an f-string has several pieces."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    later = {id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values[1:]}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value, id(node) not in later


def _begins(tree: ast.AST, beginning: str) -> bool:
    return any(first and text.lstrip("^(?:").startswith(beginning) for text, first in _texts(tree))


def _holds(tree: ast.AST, pattern: str) -> bool:
    # What has several lines is a help page, with examples.
    return any("\n" not in text and re.search(pattern, text) for text, _ in _texts(tree))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _divides_an_arn(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _DIVISIONS or not call.args:
        return False
    what = ast.unparse(call.func.value)
    separator = call.args[0]
    # `id.partition(".")` and `arn.partition(":alias/")` ask for something else than the parts of an ARN.
    divided = not isinstance(separator, ast.Constant) or separator.value in (":", "/")
    return divided and re.search(r"(arn|model_?id)\W*$", what, re.IGNORECASE) is not None


def _is_status(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in STATUSES
