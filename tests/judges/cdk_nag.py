"""cdk-nag: four packs of rules, plugged into the app before it is synthesized; beside them CDK's own."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.judges.finding import Finding, place

#: Buckets and the folders of jobs in them have other names in each example.
_FOLDER = re.compile(r":s3:::[^/\]]+(/[^\]]+?)?/\*(/manifest\.json\.out)?\]")


def findings(assemblies: Iterable[Path]) -> Iterator[Finding]:
    """All that the packs object to, at any level."""
    for assembly in assemblies:
        report = json.loads((assembly / "validation-report.json").read_text(encoding="utf-8"))
        for pack in report["pluginReports"]:
            for violation in pack["violations"]:
                rule = _FOLDER.sub(
                    lambda match: f":s3:::<bucket>{'/<folder>' if match[1] else ''}/*{match[2] or ''}]",
                    violation["ruleName"],
                )
                for construct in violation["violatingConstructs"]:
                    yield Finding("cdk-nag", rule, place(construct["constructPath"]), violation["description"])
