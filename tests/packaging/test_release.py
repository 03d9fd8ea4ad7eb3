"""What is released: one version, the same bytes whoever builds them, and what a registry takes."""

import re
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from packaging.metadata import Metadata

from .conftest import PROJECTS, build, run


def told(project: Path) -> Mapping[str, Any]:
    return tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]


CONSTRUCT, TOOLKIT = map(told, PROJECTS.values())
VERSION = CONSTRUCT["version"]


def metadata(wheel: Path) -> Metadata:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Metadata.from_email(archive.read(name))


def test_both_distributions_have_one_version_and_the_construct_asks_for_just_that_toolkit() -> None:
    assert TOOLKIT["version"] == VERSION
    assert [each for each in CONSTRUCT["dependencies"] if each.startswith("bedrock-batch")] == [
        f"bedrock-batch=={VERSION}"
    ]
    assert CONSTRUCT["requires-python"] == TOOLKIT["requires-python"]


def test_what_both_ask_for_they_ask_for_alike() -> None:
    """Each says what it imports itself; a bound that only one has would hold for nobody who has the other."""
    bounds = {re.split(r"[<>=]", each)[0]: each for each in TOOLKIT["dependencies"]}
    asked = [*CONSTRUCT["dependencies"], *CONSTRUCT["optional-dependencies"]["local"]]
    both = [each for each in asked if re.split(r"[<>=]", each)[0] in bounds]
    assert len(both) == 3
    assert set(both) <= set(bounds.values())


def test_each_python_that_is_said_to_be_supported_is_one_that_the_metadata_allow(release: Path) -> None:
    for wheel in release.glob("*.whl"):
        read = metadata(wheel)
        pythons = re.findall(r"Python :: (3\.\d+)", "\n".join(read.classifiers or ()))
        assert len(pythons) >= 3
        assert all((read.requires_python or "") and read.requires_python.contains(each) for each in pythons)


def test_the_extras_are_those_that_are_documented(release: Path, wheel: Path, toolkit_wheel: Path) -> None:
    assert metadata(wheel).provides_extra == ["local", "model"]
    assert metadata(toolkit_wheel).provides_extra == ["parquet"]
    assert len(list(release.iterdir())) == 4


def test_a_registry_takes_them(release: Path) -> None:
    printed = run(sys.executable, "-m", "twine", "--no-color", "check", "--strict", *release.iterdir())
    assert printed.count("PASSED") == 4
    assert {metadata(wheel).metadata_version for wheel in release.glob("*.whl")} == {"2.4"}


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
@pytest.mark.parametrize("kind", ["--sdist", "--wheel"])
def test_whoever_builds_it_gets_the_same_bytes(project: Path, kind: str, release: Path, tmp_path: Path) -> None:
    """From the checkout here; the wheel of the release was built from its source archive, in another folder."""
    build(project, tmp_path, kind)
    (again,) = tmp_path.iterdir()
    assert again.read_bytes() == (release / again.name).read_bytes()
