"""``python -m tests.packaging.matrix``: try the wheels with each Python that is here, and with the oldest and the
newest releases of what they need; write the outcome into docs/versions.md.

Tests of construct and toolkit run outside the checkout on the installed wheels, and a new app is made, synthesized
and tested. It takes the network and a few minutes, so it is no test itself.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from .conftest import PROJECTS, ROOT, build

PAGE = ROOT / "docs" / "versions.md"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
#: Which releases of what is asked for directly: the lowest that pyproject.toml allows, or the newest.
RELEASES = {"oldest": "lowest-direct", "newest": "highest"}
SHOWN = ("aws-cdk-lib", "constructs", "boto3", "crhelper", "msgspec", "pyarrow")
#: What depends on a release: resources that the CDK makes, rules that botocore describes, lines that msgspec reads,
#: files that pyarrow writes.
TESTS = (
    "constructs/access/test_encryption.py",
    "constructs/access/test_job_role.py",
    "constructs/api/test_rules.py",
    "constructs/data/test_s3_data.py",
    "constructs/function/test_engine.py",
    "constructs/job/test_events.py",
    "constructs/job/test_finished.py",
    "constructs/job/test_tags.py",
    "constructs/pipeline/test_definition.py",
    "constructs/pipeline/test_pipeline.py",
    "constructs/test_model.py",
    "toolkit/records/test_folders.py",
    "toolkit/records/test_lines.py",
    "toolkit/results/test_joined.py",
    "toolkit/results/test_results.py",
    "toolkit/results/test_table.py",
    "toolkit/test_bar.py",
)
_OF_THE_CHECKOUT = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"}
MARKS = ("<!-- written by make matrix -->\n", "<!-- until here -->\n")


@dataclass(frozen=True)
class Outcome:
    """What one Python and one choice of releases came to."""

    python: str
    releases: str
    versions: dict[str, str]
    said: str

    def row(self) -> str:
        """As a row of the page's table."""
        found = (self.versions.get(name, "") for name in SHOWN)
        return f"| {' | '.join([self.python, self.releases, *found, self.said])} |\n"


def main() -> None:
    """Try all, and write the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for project in PROJECTS.values():
            build(project, folder / "dist")
        outcomes = []
        for python in PYTHONS:
            for releases in RELEASES:
                outcomes += [outcome := tried(folder / f"{python}-{releases}", python, releases)]
                sys.stdout.write(outcome.row())
                sys.stdout.flush()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), outcomes), encoding="utf-8")
    sys.exit(any("failed" in outcome.said for outcome in outcomes))


def page(text: str, outcomes: list[Outcome]) -> str:
    """Put the outcomes into the page's text, and the day."""
    before, after = text.partition(MARKS[0])[0], text.partition(MARKS[1])[2]
    titles = ["Python", "releases", *SHOWN, "outcome"]
    table = f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}\n{''.join(map(Outcome.row, outcomes))}"
    today = datetime.now(UTC).date()
    return f"{before}{MARKS[0]}On {today}, on {sys.platform}:\n\n{table}{MARKS[1]}{after}"


def tried(folder: Path, python: str, releases: str) -> Outcome:
    """Install, test, synthesize."""
    interpreter = _interpreter(python)
    if not interpreter:
        return Outcome(python, releases, {}, "not tried: there was no such Python")
    done = _uv("venv", "--python", interpreter, folder / "venv")
    installed = done.returncode or _uv(
        "pip", "install", "--python", folder / "venv", "--resolution", RELEASES[releases], *_asked(folder.parent)
    )
    full = _run(folder.parent, interpreter, "-c", "import platform; print(platform.python_version())").stdout.strip()
    if isinstance(installed, int) or installed.returncode:
        return Outcome(full, releases, {}, f"failed: {_last(done if isinstance(installed, int) else installed)}")
    began = time.monotonic()
    said = "; ".join([_tested(folder), _synthesized(folder)])
    return Outcome(full, releases, _versions(folder), f"{said} ({time.monotonic() - began:.0f} s)")


def _interpreter(python: str) -> Path | None:
    found = shutil.which(f"python{python}", path=os.environ["PATH"])
    works = found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0
    return Path(found) if found and works else None


def _asked(folder: Path) -> Iterator[str | Path]:
    """What the wheels ask for, as if it were asked for directly: only of that is the lowest release taken."""
    yield from (folder / "dist").glob("*.whl")
    for project in PROJECTS.values():
        told = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        asked = [*told["dependencies"], *told["optional-dependencies"].get("parquet", [])]
        yield from (each for each in asked if not each.startswith("bedrock-batch"))
        # The description of Bedrock is botocore's, of boto3's own number.
        yield from (each.replace("boto3", "botocore") for each in asked if each.startswith("boto3"))
    yield from (f"{tool}=={version(tool)}" for tool in ("pytest", "pytest-xdist", "hypothesis", "packaging"))


def _tested(folder: Path) -> str:
    """Run the tests on what is installed: a copy of them has no sources beside it."""
    checkout = folder / "checkout"
    shutil.copytree(ROOT / "tests", checkout / "tests", ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", checkout)
    tests = [f"tests/unit/{name}" for name in TESTS]
    done = _run(checkout, folder / "venv/bin/python", "-m", "pytest", "-q", *tests)
    (folder.parent / f"{folder.name}.log").write_text(done.stdout + done.stderr, encoding="utf-8")
    counts = re.findall(r"\d+ (?:passed|failed|errors?)", done.stdout.splitlines()[-1] if done.stdout else "")
    return ", ".join(counts) if done.returncode == 0 else f"failed: {', '.join(counts) or _last(done)}"


def _synthesized(folder: Path) -> str:
    app = folder / "app"
    made = _run(folder, folder / "venv/bin/bedrock-batch", "init", app)
    done = made.returncode or _run(app, folder / "venv/bin/python", "app.py")
    tested = _run(app, folder / "venv/bin/python", "-m", "pytest", "-q") if app.is_dir() else made
    well = not isinstance(done, int) and done.returncode == 0 and tested.returncode == 0
    return "a new app synthesized and its test passed" if well else f"failed: a new app: {_last(tested)}"


def _versions(folder: Path) -> dict[str, str]:
    listed = _uv("pip", "list", "--python", folder / "venv", "--format", "freeze").stdout.splitlines()
    return dict(line.split("==") for line in listed if "==" in line)


def _uv(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return _run(ROOT, Path(sys.executable).with_name("uv"), "--quiet", *words)


def _run(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program that finds the pinned Node, which jsii starts, and no sources of this checkout."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_THE_CHECKOUT}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**kept, "PATH": path, "CDK_VALIDATION": "false"}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _last(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return lines[-1].replace("|", "\\|") if lines else f"exit code {done.returncode}"


if __name__ == "__main__":
    main()
