#!/usr/bin/env bash
# cfn-lint 1.58.0: E3601 ("Validate the structure of a StateMachine definition") says nothing of a state that names a next
# one that is not there, which Step Functions refuses (MISSING_TRANSITION_TARGET); nor of any mistake in a DefinitionString
# that a function makes (Fn::Join, Fn::Sub), as in each template that CDK makes of a machine that names a resource.
#
# Seen: 0 for both; and 2, with E3601, for a state without a type in a literal.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cfn-lint==1.58.0
seen=""
run() {
    cat >"$folder/template.json" <<JSON
{"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
    "RoleArn": "arn:aws:iam::111122223333:role/machine", "DefinitionString": $1}}}}
JSON
    code=0
    said=$("$folder/venv/bin/cfn-lint" --format parseable -- "$folder/template.json") || code=$?
    seen+="$code $(echo "$said" | grep -o E3601 || true); "
}
run '"{\"StartAt\": \"First\", \"States\": {\"First\": {\"Type\": \"Pass\", \"Next\": \"Nowhere\"}}}"'
run '{"Fn::Join": ["", ["{\"StartAt\": \"First\", \"States\": {\"First\": {\"Comment\": \"", {"Ref": "AWS::Region"}, "\"}}}"]]}'
run '"{\"StartAt\": \"First\", \"States\": {\"First\": {\"Comment\": \"\"}}}"'
echo "$seen"
[ "$seen" = "0 ; 0 ; 2 E3601; " ] || { echo "this has changed" >&2; exit 1; }
