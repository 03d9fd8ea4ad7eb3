#!/usr/bin/env bash
# asl-validator 4.0.0 (npm): of several --json-definition only the last one makes the exit code, and one that is no JSON makes
# none: it exits with 0 although it has said that a definition is invalid. With --json-path it exits with 1.
#
# Seen: "MISSING_TRANSITION_TARGET" and 0; "Unable to parse JSON definition #1" and 0; "MISSING_TRANSITION_TARGET" and 1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --ignore-scripts --prefix "$folder" asl-validator@4.0.0
invalid='{"StartAt": "Nowhere", "States": {"End": {"Type": "Succeed"}}}'
valid='{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}'
echo "$invalid" >"$folder/invalid.json"
echo "$valid" >"$folder/valid.json"
seen=""
run() {
    code=0
    said=$("$folder/node_modules/.bin/asl-validator" "$@" 2>&1) || code=$?
    seen+="$(echo "$said" | grep -o -m 1 'MISSING_TRANSITION_TARGET\|Unable to parse JSON definition #1' | head -n 1) $code; "
}
run --json-definition "$invalid" --json-definition "$valid"
run --json-definition '{"StartAt'
run --json-path "$folder/invalid.json" --json-path "$folder/valid.json"
echo "$seen"
[ "$seen" = "MISSING_TRANSITION_TARGET 0; Unable to parse JSON definition #1 0; MISSING_TRANSITION_TARGET 1; " ] \
    || { echo "this has changed" >&2; exit 1; }
