"""Who judges."""

from collections.abc import Callable, Iterable
from pathlib import Path

from tests.judges import cdk_nag, cfn_lint, checkov, parliament
from tests.judges.finding import Finding

JUDGES: dict[str, Callable[[Iterable[Path]], Iterable[Finding]]] = {
    "cfn-lint": cfn_lint.findings,
    "cdk-nag": cdk_nag.findings,
    "checkov": checkov.findings,
    "parliament": parliament.findings,
}
