import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


#: The folders of the two distributions: the construct with the local AWS, and the toolkit alone.
PROJECTS = {"cdk_bedrock_batch": ROOT, "bedrock_batch": ROOT / "toolkit"}


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what is released: of each distribution a source archive, and the wheel that is built of it."""
    folder = tmp_path_factory.mktemp("dist")
    for project in PROJECTS.values():
        build(project, folder)
    return folder


@pytest.fixture(scope="session")
def wheel(release: Path) -> Path:
    """The wheel of the construct."""
    (file,) = release.glob("cdk_bedrock_batch-*.whl")
    return file


@pytest.fixture(scope="session")
def toolkit_wheel(release: Path) -> Path:
    """The wheel of the toolkit."""
    (file,) = release.glob("bedrock_batch-*.whl")
    return file


@pytest.fixture(scope="session")
def clean_python(wheel: Path, toolkit_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment outside the checkout: both wheels and what they declare to need, nothing else."""
    return environment(tmp_path_factory.mktemp("clean"), wheel, toolkit_wheel)


@pytest.fixture(scope="session")
def toolkit_python(toolkit_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment outside the checkout: the toolkit and what it declares to need, nothing else."""
    return environment(tmp_path_factory.mktemp("toolkit"), toolkit_wheel)


def build(project: Path, folder: Path, *kinds: str) -> None:
    """Build a distribution by what is locked; without kinds as for a release, the wheel from the source archive."""
    run(sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", folder, project)


def environment(folder: Path, *wheels: Path) -> Path:
    """Make an environment of wheels, and return its Python.

    What they need is linked from here instead of downloaded: 200 MB, the same files.
    """
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", *wheels)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    installed = list(distributions(path=[str(site_packages)]))
    assert len(installed) == len(wheels)
    seen = {each.name for each in installed}
    for each in installed:
        for dependency in needed_by(each, seen):
            link(dependency, site_packages)
    return python


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a command that must succeed, and return what it prints."""
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def needed_by(dist: Distribution, seen: set[str]) -> Iterator[Distribution]:
    """Follow the declared requirements, without extras, in the versions that are installed here, but for those seen."""
    for requirement in map(Requirement, dist.requires or ()):
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and requirement.name not in seen:
            seen.add(requirement.name)
            dependency = distribution(requirement.name)
            assert requirement.specifier.contains(dependency.version), requirement
            yield dependency
            yield from needed_by(dependency, seen)


def link(dist: Distribution, site_packages: Path) -> None:
    """Make the top-level modules and packages of a distribution appear in another environment."""
    tops = {file.parts[0] for file in dist.files or ()} - {"..", "__pycache__"}
    for top in tops:
        target = site_packages / top
        if not target.exists():
            target.symlink_to(Path(str(dist.locate_file(top))).resolve())
