"""Definitions of state machines, and who judges them: cfn-lint reads none that a template puts together of parts.

cfn-lint holds them against a schema; asl-validator does so too, and follows the transitions.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.browser.chromium import NODE
from tests.judges.resolution import resolve
from tests.snapshots.golden_templates import FOLDER

Definition = dict[str, Any]

MACHINE = "AWS::StepFunctions::StateMachine"
_VALIDATOR = Path(__file__).with_name("node_modules") / "asl-validator" / "dist" / "bin" / "asl-validator.js"
_VERDICT = re.compile(r'^. State machine definition ".*?(\w+)\.json" is (valid|invalid)', re.MULTILINE)


def definitions() -> dict[str, Definition]:
    """Those of the accepted templates, by the logical ids of their machines."""
    found = {}
    for path in FOLDER.glob("*.template.json"):
        resources = json.loads(path.read_text(encoding="utf-8"))["Resources"]
        for logical_id, resource in resources.items():
            if resource["Type"] == MACHINE:
                found[logical_id] = json.loads(resolve(resource["Properties"]["DefinitionString"], resources))
    return found


def asl_validator(judged: Mapping[str, Definition], folder: Path) -> set[str]:
    """Return the names of those that it objects to."""
    paths = [folder / f"{name}.json" for name in judged]
    for path, definition in zip(paths, judged.values(), strict=True):
        path.write_text(json.dumps(definition), encoding="utf-8")
    options = [option for path in paths for option in ("--json-path", str(path))]
    done = subprocess.run([NODE, _VALIDATOR, *options], capture_output=True, text=True, check=False)
    verdicts = dict(_VERDICT.findall(f"{done.stdout}\n{done.stderr}"))
    assert verdicts.keys() == judged.keys(), done.stderr
    return {name for name, verdict in verdicts.items() if verdict == "invalid"}


def cfn_lint(judged: Mapping[str, Definition], folder: Path) -> set[str]:
    """Return the names of those that it objects to."""
    role = "arn:aws:iam::111122223333:role/machine"
    machines = {
        name: {"Type": MACHINE, "Properties": {"RoleArn": role, "DefinitionString": json.dumps(definition)}}
        for name, definition in judged.items()
    }
    template = folder / "machines.template.json"
    template.write_text(json.dumps({"Resources": machines}), encoding="utf-8")
    command = [Path(sys.executable).with_name("cfn-lint"), "--format", "json", "--", template]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {found["Location"]["Path"][1] for found in json.loads(done.stdout)}


JUDGES: dict[str, Callable[[Mapping[str, Definition], Path], set[str]]] = {
    "asl-validator": asl_validator,
    "cfn-lint": cfn_lint,
}
