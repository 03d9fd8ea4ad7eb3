"""What the function's asset copies of others has their licences with it."""

import json
import re
import shutil
import tomllib
import zipfile
from collections import defaultdict
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

import pytest

from cdk_bedrock_batch._function import asset as function_asset
from cdk_bedrock_batch._function import licences

from .conftest import ROOT

LEGAL = re.compile(r"(?:LICEN[CS]E|NOTICE|COPYING|AUTHORS)(?:\.\w+)?")
OURS = "model_invocation_job"


@pytest.fixture(scope="module")
def asset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asset")
    function_asset.write_asset(folder)
    return folder


@pytest.fixture(scope="module")
def owners() -> dict[str, Distribution]:
    """Which installed package a path is of; the path of a service's description begins below botocore's `data`."""
    return {
        str(path).removesuffix(".gz").removeprefix("botocore/data/"): each
        for each in distributions()
        for path in each.files or ()
    }


def test_each_package_that_is_copied_from_has_its_licences_there(asset: Path, owners: dict[str, Distribution]) -> None:
    copied: dict[str, set[str]] = defaultdict(set)
    for file in asset.rglob("*"):
        path = file.relative_to(asset)
        if file.is_file() and path.parts[0] != OURS and not LEGAL.fullmatch(file.name):
            owner = owners.get(str(path)) or owners[str(Path(*path.parts[1:]))]
            copied[owner.name].add(path.parts[0])
    assert copied == {"crhelper": {"crhelper"}, "botocore": {"service_model"}}
    for package, (folder,) in copied.items():
        legal = [file for file in distribution(package).files or () if LEGAL.fullmatch(file.name)]
        assert len(legal) >= 2
        for file in legal:
            assert (asset / folder / file.name).read_text() == file.read_text()


def test_the_changed_file_says_so(asset: Path) -> None:
    assert '"comment":"Changed by cdk-bedrock-batch' in next(asset.rglob("service-2.json")).read_text()


def test_the_asset_stays_small(asset: Path, tmp_path: Path) -> None:
    # As it is uploaded, and as Lambda fetches it before each cold start.
    archive = Path(shutil.make_archive(str(tmp_path / "asset"), "zip", asset))
    assert archive.stat().st_size < 150_000


def test_a_licence_in_the_folder_of_newer_metadata_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "thing-1.dist-info"
    (info / "licenses").mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: thing\nVersion: 1\nLicense-File: COPYING\n")
    (info / "licenses" / "COPYING").write_text("as you like\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    licences.write_licences("thing", tmp_path)
    assert (tmp_path / "COPYING").read_text() == "as you like\n"


def test_nothing_is_copied_without_its_licence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "thing-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match=r"the licence of thing is not installed.*: install thing from"):
        licences.write_licences("thing", tmp_path)
    with pytest.raises(ModuleNotFoundError, match="the licence of absent is not installed"):
        licences.write_licences("absent", tmp_path)


def test_the_list_of_materials_names_what_the_asset_copies(asset: Path, wheel: Path) -> None:
    """As it is in the wheel, in CycloneDX; of crhelper just the one release that is asked for, of botocore any."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/sboms/sbom.cdx.json")]
        bom = json.loads(archive.read(name))
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    ours = bom["metadata"]["component"]
    assert (ours["name"], ours["version"]) == (told["name"], told["version"])
    assert ours["purl"] == f"pkg:pypi/{told['name']}@{told['version']}"
    parts = {part["name"]: part for part in bom["components"]}
    folders = {name: part["properties"][0]["value"] for name, part in parts.items()}
    assert set(folders.values()) == {each.name for each in asset.iterdir()} - {OURS}
    assert f"crhelper=={parts['crhelper']['version']}" in told["dependencies"]
    assert "version" not in parts["botocore"]
    for name, part in parts.items():
        version = f"@{part['version']}" if "version" in part else ""
        assert part["purl"] == f"pkg:pypi/{name}{version}"
        assert [each["license"]["id"] for each in part["licenses"]] == ["Apache-2.0"]
        assert "Apache" in (distribution(name).metadata["License-Expression"] or distribution(name).metadata["License"])
    assert bom["dependencies"] == [{"ref": ours["bom-ref"], "dependsOn": sorted(parts)}]
