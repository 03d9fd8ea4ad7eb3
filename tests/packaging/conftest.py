import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout as for a release, by what is locked."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, ROOT)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="session")
def clean_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment outside the checkout: the wheel and what it declares to need, nothing else.

    What it needs is linked from here instead of downloaded: 200 MB, the same files.
    """
    environment = tmp_path_factory.mktemp("clean")
    run(sys.executable, "-m", "venv", "--without-pip", environment)
    python = environment / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel)
    (site_packages,) = environment.glob("lib/python*/site-packages")
    (installed,) = distributions(path=[str(site_packages)])
    for dependency in needed_by(installed):
        link(dependency, site_packages)
    return python


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a command that must succeed, and return what it prints."""
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def needed_by(dist: Distribution, seen: set[str] | None = None) -> Iterator[Distribution]:
    """Follow the declared requirements, without extras, in the versions that are installed here."""
    seen = set() if seen is None else seen
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
