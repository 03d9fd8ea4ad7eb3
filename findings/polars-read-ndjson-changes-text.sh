#!/usr/bin/env bash
# Polars 2.1.0: read_ndjson puts a NUL in the place of half a surrogate pair that JSON escapes ("\ud800"), where other readers
# refuse the file or put U+FFFD there; and a column of objects that the schema calls a text is written anew, with fractions
# rounded to what a double holds.
#
# Seen: "a\ud800b" is read as "a\0b", and {"f": 0.1000000000000000055511} as the text {"f": 0.1}.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0
seen=$("$folder/venv/bin/python" - <<'PYTHON'
import polars

LINE = rb'{"text": "a\ud800b", "body": {"f": 0.1000000000000000055511}}' + b"\n"
table = polars.read_ndjson(LINE, schema={"text": polars.String, "body": polars.String})
print(ascii(table["text"][0]), table["body"][0])
PYTHON
)
echo "$seen"
[ "$seen" = "'a\\x00b' {\"f\": 0.1}" ] || { echo "this has changed" >&2; exit 1; }
