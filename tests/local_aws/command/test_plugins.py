"""The plug-ins that `bedrock-local deploy` brings to the CDK CLI."""

import json
import subprocess
from pathlib import Path

from bedrock_local.cdk.cli import LOOKS
from tests.local_aws.program import CHECKOUT, bedrock_local

STACK = {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region"}
MANIFEST = {"version": "38.0.0", "artifacts": {"Topics": {**STACK, "properties": {"templateFile": "template.json"}}}}
TEMPLATE = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
NODE = CHECKOUT / ".venv" / "bin" / "node"
PAUSES = f"""
require({json.dumps(str(LOOKS))}).init();
for (const pause of [5000, 1500, 10]) setTimeout((word) => console.log(word, pause), pause, 'waited');
"""
ITS = "exports.version = '1'; exports.init = () => console.error('for', process.argv[2]);"


def test_stacks_are_looked_at_more_often_and_nothing_else_is_hurried() -> None:
    told = subprocess.run([NODE, "-e", PAUSES], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["waited 10", "waited 5000", "waited 1500"]


def test_those_of_the_app_are_loaded_too(tmp_path: Path) -> None:
    (tmp_path / "its.js").write_text(ITS)
    (tmp_path / "cdk.json").write_text(json.dumps({"app": "assembly", "plugin": [str(tmp_path / "its.js")]}))
    (tmp_path / "assembly").mkdir()
    (tmp_path / "assembly" / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "assembly" / "template.json").write_text(json.dumps(TEMPLATE))
    deployed = bedrock_local("deploy", "--model", "echo", folder=tmp_path)
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert "for deploy" in deployed.stderr.splitlines()
