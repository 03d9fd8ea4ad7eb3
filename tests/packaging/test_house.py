"""What holds for the whole repository."""

import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .conftest import ROOT, run

# In pieces, or this file would name them too.
REGISTRY_HOSTS = (
    "pypi" + ".org",
    "files.python" + "hosted.org",
    "registry.npm" + "js.org",
    "registry.yarn" + "pkg.com",
)
HOME_PATH = re.compile(r"(?<![\w.])/(?:home|Users|root)/\w[\w.-]*")


def repository_files() -> Iterator[tuple[str, str]]:
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        if file.is_file():
            yield name, file.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize(
    "script", ["import constructs", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import constructs"]
)
def test_constructs_is_the_published_package_even_beside_the_folder_of_that_name(script: str, tmp_path: Path) -> None:
    cwd = ROOT if script == "import constructs" else tmp_path
    printed = run(
        sys.executable, "-c", f"{script}; print(constructs.Construct.__module__, constructs.__file__)", cwd=cwd
    )
    module, file = printed.split()
    assert module == "constructs"
    assert Path(file).parent.parent.name == "site-packages"


@pytest.mark.parametrize("folder", ["constructs", "lambda", "toolkit", "local"])
def test_a_path_entry_is_no_package(folder: str) -> None:
    assert (ROOT / folder).is_dir()
    assert not (ROOT / folder / "__init__.py").exists()


def test_no_file_names_a_registry_or_a_folder_of_this_machine() -> None:
    configured = {
        urlsplit(url).hostname
        for name, value in os.environ.items()
        if re.search(r"index_url|registry|find_links", name, re.IGNORECASE)
        for url in value.split()
    }
    # Of its own, a short path such as /app would be found inside other paths.
    here = [f"{ROOT}"] if len(ROOT.parts) > 2 else []
    words = [*REGISTRY_HOSTS, *filter(None, configured - {"localhost", "127.0.0.1"}), *here]
    files = dict(repository_files())
    assert "pyproject.toml" in files
    found = {name: [word for word in words if word in text] + HOME_PATH.findall(text) for name, text in files.items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_no_test_may_be_skipped() -> None:
    """What a test needs, `make test` brings; a test that cannot run says so by failing."""
    ways = re.compile(r"\b(?:mark\.skip|skipif|pytest\.skip|import" + "orskip)")
    files = {name: text for name, text in repository_files() if name.startswith("tests/")}
    assert [name for name, text in files.items() if name != "tests/packaging/test_house.py" and ways.search(text)] == []


@pytest.mark.parametrize("folder", [".", "tests/browser", "tests/judges"])
def test_the_lock_file_names_no_download_address(folder: str) -> None:
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    locked = {name: package for name, package in packages.items() if name}
    assert locked
    assert all("integrity" in package and "resolved" not in package for package in locked.values())


def test_the_version_is_the_newest_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == version


def test_the_contributing_guide_names_only_what_exists() -> None:
    named = re.findall(r"`([\w.]+/[\w./]*)`", (ROOT / "CONTRIBUTING.md").read_text())
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_cdk_cli_is_pinned_to_the_major_version_of_the_library() -> None:
    requirements = (ROOT / "requirements.in").read_text()
    library = re.search(r"^aws-cdk-lib==(\d+)\.\d+\.\d+$", requirements, re.MULTILINE)
    cli = re.fullmatch(
        r"(\d+)\.\d+\.\d+", json.loads((ROOT / "package.json").read_text())["devDependencies"]["aws-cdk"]
    )
    assert library
    assert cli
    assert library[1] == cli[1]


def test_the_cdk_cli_that_is_told_to_be_installed_is_the_one_that_is_tried() -> None:
    tried = json.loads((ROOT / "package.json").read_text())["devDependencies"]["aws-cdk"]
    told = {
        name: set(re.findall(r"npm install aws-cdk@([\d.]*\d)", text))
        for name, text in repository_files()
        if not name.startswith("tests/")
    }
    named = {name: versions for name, versions in told.items() if versions}
    assert set().union(*named.values()) == {tried}
    assert {"docs/start.md", "local/bedrock_local/programs.py"} < set(named)
