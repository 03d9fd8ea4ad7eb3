"""The documented templates are what they were, and the same everywhere.

A change is seen by whoever makes it: logical ids, construct paths and all properties.
"""

import difflib
import hashlib
from pathlib import Path

import pytest

from tests.snapshots.golden_templates import FOLDER, HOW_TO_ACCEPT, comparable, golden
from tests.snapshots.programs import examples, samples

Assemblies = dict[str, Path]
NAMES = [*examples(), *samples()]


@pytest.mark.parametrize("name", NAMES)
def test_a_documented_template_is_as_it_was_accepted(name: str, assemblies: Assemblies) -> None:
    for kept, template in golden(name, assemblies[name]).items():
        assert kept.exists(), f"{name} has no golden template: {HOW_TO_ACCEPT}"
        before, now = kept.read_text(encoding="utf-8"), comparable(template)
        difference = difflib.unified_diff(before.splitlines(), now.splitlines(), "accepted", "now", lineterm="", n=8)
        assert before == now, "\n".join([f"the template of {name} has changed; {HOW_TO_ACCEPT}", *difference])


def test_each_golden_template_has_its_program(assemblies: Assemblies) -> None:
    assert set(FOLDER.iterdir()) == {path for name in NAMES for path in golden(name, assemblies[name])}, HOW_TO_ACCEPT


def test_no_golden_template_has_the_hash_of_the_functions_code() -> None:
    for path in FOLDER.iterdir():
        assert path.read_text(encoding="utf-8").count("<hash of the function's code>.zip") == 2


def contents(folder: Path) -> dict[str, str]:
    """The digests of all that is deployed: templates, and assets with the hashes that they are named by."""
    deployed = [
        path
        for pattern in ("*.template.json", "*.assets.json", "asset.*", "asset.*/**/*")
        for path in folder.glob(pattern)
    ]
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in deployed
        if path.is_file()
    }


def test_templates_and_assets_are_byte_identical(
    assemblies: Assemblies, assemblies_of_another_machine: Assemblies
) -> None:
    here = {name: contents(folder) for name, folder in assemblies.items()}
    there = {name: contents(folder) for name, folder in assemblies_of_another_machine.items()}
    assert all(any(file.endswith("model_invocation_job/index.py") for file in files) for files in here.values())
    assert here == there
