#!/usr/bin/env bash
# pandas 3.1.1: read_json gives another whole number than the file has, in silence, where one beyond 2**53 stands in a
# column with a null. The column passes through fractions; `dtype=False`, which its documentation names for taking values as
# they are, does not change that, nor does dtype_backend="pyarrow", whose column is then one of whole numbers.
#
# Seen: 9007199254740993 is read as 9007199254740992 in each way, and as itself by json.loads.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1 pyarrow==26.0.1
seen=$("$folder/venv/bin/python" - <<'PYTHON'
import io
import json

import pandas

LINES = '{"tokens": 9007199254740993}\n{"tokens": null}\n'
ways = [{}, {"dtype": False}, {"dtype": False, "dtype_backend": "pyarrow"}, {"dtype_backend": "numpy_nullable"}]
read = [pandas.read_json(io.StringIO(LINES), lines=True, **way)["tokens"][0] for way in ways]
print(*map(int, read), "and", json.loads(LINES.splitlines()[0])["tokens"])
PYTHON
)
echo "$seen"
rounded="9007199254740992 9007199254740992 9007199254740992 9007199254740992"
[ "$seen" = "$rounded and 9007199254740993" ] || { echo "this has changed" >&2; exit 1; }
