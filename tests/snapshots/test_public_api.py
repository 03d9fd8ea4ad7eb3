"""The public names are what was accepted: who imports them finds them in the next release, with the same parameters."""

import difflib
import importlib
import re

import pytest

from tests.snapshots.golden_templates import HOW_TO_ACCEPT
from tests.snapshots.public_api import FOLDER, PACKAGES, accepted, described


@pytest.mark.parametrize("package", PACKAGES)
def test_the_public_names_are_as_they_were_accepted(package: str) -> None:
    before, now = accepted(package).read_text(encoding="utf-8"), described(package)
    difference = difflib.unified_diff(before.splitlines(), now.splitlines(), "accepted", "now", lineterm="", n=2)
    told = f"the public names of {package} have changed; {HOW_TO_ACCEPT}, and say it in CHANGELOG.md"
    assert before == now, "\n".join([told, *difference])


@pytest.mark.parametrize("package", PACKAGES)
def test_the_list_has_every_public_name(package: str) -> None:
    listed = re.findall(r"^(?:class )?(\w+)", accepted(package).read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == sorted(importlib.import_module(package).__all__)


def test_there_is_no_list_of_another_package_and_no_address_of_an_object() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(PACKAGES)
    assert [file.name for file in FOLDER.iterdir() if " at 0x" in file.read_text(encoding="utf-8")] == []
