#!/usr/bin/env bash
# jsonata-python 0.7.1: importing it sets the whole process's recursion limit to 10,000, used or not. What the program
# refuses because it recurses 2,000 levels is taken from then on, and a test that passes alone
# fails after one that has loaded it, as ministack's Step Functions do.
#
# Seen: "1000 RecursionError 10000 taken".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jsonata-python==0.7.1
seen=$("$folder/venv/bin/python" - <<'PYTHON'
import sys


def depth(levels: int) -> int:
    return 0 if levels == 0 else 1 + depth(levels - 1)


def deep() -> str:
    try:
        depth(2000)
    except RecursionError as error:
        return type(error).__name__
    return "taken"


before = f"{sys.getrecursionlimit()} {deep()}"
import jsonata  # noqa: E402, F401 - its import is what is looked at

print(before, sys.getrecursionlimit(), deep())
PYTHON
)
echo "$seen"
[ "$seen" = "1000 RecursionError 10000 taken" ] || { echo "this has changed" >&2; exit 1; }
