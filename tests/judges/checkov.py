"""checkov: policies of many origins; it lives in an environment of its own, for it needs an older boto3."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.judges.finding import Finding, place_of
from tests.snapshots.programs import ROOT, templates

COMMAND = ROOT / ".venv" / "judges" / "bin" / "checkov"
ARGUMENTS = ("--skip-download", "--framework", "cloudformation", "--quiet", "--compact", "--output", "json", "--file")


def findings(assemblies: Iterable[Path]) -> Iterator[Finding]:
    """Failed checks."""
    assert COMMAND.exists(), f"{COMMAND.relative_to(ROOT)} is missing: `make test` installs it"
    judged = [template for assembly in assemblies for template in templates(assembly)]
    done = subprocess.run([COMMAND, *ARGUMENTS, *judged], capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == 0, done.stdout
    for check in report["results"]["failed_checks"]:
        resources = json.loads(Path(check["file_abs_path"]).read_text(encoding="utf-8"))["Resources"]
        logical_id = check["resource"].partition(".")[2]
        where = place_of(logical_id, resources[logical_id])
        yield Finding("checkov", check["check_id"], where, check["check_name"])
