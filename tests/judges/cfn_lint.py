"""cfn-lint: AWS's own check of templates against the resource schemas."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.judges.finding import Finding, place_of
from tests.snapshots.programs import templates


def findings(assemblies: Iterable[Path]) -> Iterator[Finding]:
    """Errors and warnings."""
    judged = [template for assembly in assemblies for template in templates(assembly)]
    command = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run([command, "--format", "json", "--", *judged], capture_output=True, text=True, check=False)
    for found in json.loads(done.stdout):
        _, logical_id, *_ = found["Location"]["Path"] + [None, None]
        resources = json.loads(Path(found["Filename"]).read_text(encoding="utf-8"))["Resources"]
        where = (
            place_of(logical_id, resources[logical_id]) if logical_id in resources else str(found["Location"]["Path"])
        )
        yield Finding("cfn-lint", found["Rule"]["Id"], where, found["Message"])
