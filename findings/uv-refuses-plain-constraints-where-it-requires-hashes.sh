#!/usr/bin/env bash
# uv 0.13.9: with --require-hashes a constraint that is no "==" is refused, also if it is about a package that is not installed.
# pip 26.3 installs with the same two files.
#
# Seen: "error: In `--require-hashes` mode, all requirements must have their versions pinned with `==`, but found: torch<=2.14.1".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pip==26.3 uv==0.13.9
hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274
echo "six==1.17.0 --hash=$hash" >"$folder/lock.txt"
echo "torch<=2.14.1" >"$folder/constraints.txt"
files=(--require-hashes -r "$folder/lock.txt" -c "$folder/constraints.txt")
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --target "$folder/by-pip" "${files[@]}"
[ -e "$folder/by-pip/six.py" ] || { echo "pip has installed nothing" >&2; exit 1; }
seen=$("$folder/venv/bin/uv" pip install --python "$folder/venv" --target "$folder/by-uv" "${files[@]}" 2>&1) && { echo "this has changed" >&2; exit 1; }
echo "$seen"
[[ $seen = *"but found: torch<=2.14.1"* ]] || { echo "this has changed" >&2; exit 1; }
