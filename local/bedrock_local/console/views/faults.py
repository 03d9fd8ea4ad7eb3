"""Faults: those that are on, and the kinds that there are with what each takes."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_type_hints

import msgspec

from bedrock_local.bedrock.faults.fault import CHOICES, Fault
from bedrock_local.bedrock.faults.fault_format import render


def listed(faults: Mapping[str, Fault]) -> Sequence[Mapping[str, Any]]:
    """List the faults that are on.

    Parameters
    ----------
    faults
        By their ids.
    """
    return [{"id": fault_id, **render(fault)} for fault_id, fault in faults.items()]


def _kind(kind: type[Any]) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {
        "kind": kind.__struct_config__.tag,
        "says": str(kind.__doc__).partition("\n")[0],
        "members": [
            {
                "name": each.name,
                "type": "text" if hints[each.name] is str else "number",
                "whole": hints[each.name] is int,
                "value": None if each.default is msgspec.NODEFAULT else each.default,
                "choices": CHOICES[kind].get(each.name, ()),
            }
            for each in msgspec.structs.fields(kind)
        ],
    }


#: Each kind, and its members: what they are called, what they take, and what they are unless somebody says it.
KINDS = [_kind(kind) for kind in get_args(Fault)]
