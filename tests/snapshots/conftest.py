import os
import shutil
from pathlib import Path

import pytest

from tests.snapshots.programs import ROOT, synthesize

SOURCES = ("constructs", "lambda", "toolkit", "examples", "tests/snapshots", "app.py", "cdk.json", "README.md")


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return synthesize(tmp_path_factory.mktemp("here"))


@pytest.fixture(scope="session")
def assemblies_of_another_machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same sources elsewhere, checked out at another time by somebody who lives otherwise."""
    there = tmp_path_factory.mktemp("somewhere else") / "a checkout"
    for name in SOURCES:
        copy_of = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        copy_of(ROOT / name, there / name)
    for path in there.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    home = tmp_path_factory.mktemp("home")
    life = {
        "PYTHONHASHSEED": "4711",
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "tr_TR.ISO8859-9",
        "LANG": "tr_TR",
        "HOME": str(home),
    }
    return synthesize(tmp_path_factory.mktemp("there"), root=there, environment=life, umask=0o077)
