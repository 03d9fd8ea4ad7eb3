"""Print what is said of an emulator without each name that is needed, by module and name; and without an expression.

A program of its own: the emulator is one a process.
"""

import json
import sys
from pkgutil import resolve_name

from ministack.services import s3

from bedrock_local.emulator.mends import DEPENDENT
from bedrock_local.emulator.needs import require
from bedrock_local.emulator.s3 import large_objects
from bedrock_local.errors import LocalAwsError


def said_without(name: str, module: object) -> str:
    holder, _, attribute = name.rpartition(".")
    owner = resolve_name(f"ministack.{holder}")
    kept = getattr(owner, attribute)
    delattr(owner, attribute)
    try:
        require(module)  # type: ignore[arg-type]  # of any module
    except LocalAwsError as error:
        return str(error)
    finally:
        setattr(owner, attribute, kept)
    return "nothing"


def said_with_another_source() -> str:
    s3._complete_multipart_upload = s3._get_object  # noqa: SLF001 -- any other function
    try:
        large_objects.keep_on_disk()
    except LocalAwsError as error:
        return str(error)
    return "nothing"


names = {module.__name__: {name: said_without(name, module) for name in module.NEEDS} for module in DEPENDENT}
json.dump({"names": names, "expression": said_with_another_source()}, sys.stdout)
