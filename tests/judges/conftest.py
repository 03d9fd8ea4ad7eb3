from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.judges.finding import Finding
from tests.judges.judges import JUDGES
from tests.snapshots.programs import examples, synthesize


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The examples and the example app; the README's samples are parts of stacks."""
    synthesized = synthesize(tmp_path_factory.mktemp("judged"), judged=True)
    return [synthesized[name] for name in examples()]


@pytest.fixture(scope="session")
def findings(assemblies: list[Path]) -> list[Finding]:
    """What all judges say of all templates: two of them have processes of their own."""
    with ThreadPoolExecutor() as judges:
        verdicts = judges.map(lambda judge: list(judge(assemblies)), JUDGES.values())
        return [finding for verdict in verdicts for finding in verdict]
