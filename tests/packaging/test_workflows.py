"""What GitHub and pre-commit run can be read, and names only what there is."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import ROOT
from .test_locks import PYTHONS, recipes

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
_PINNED = re.compile(r"^\s*-? ?uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def steps(file: Path) -> Iterator[dict[str, Any]]:
    for job in read(file)["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_can_be_read_and_may_do_no_more_than_it_says(file: Path) -> None:
    workflow = read(file)
    # YAML 1.1 takes `on` for a truth.
    assert {"name", True, "permissions", "jobs"} <= set(workflow)
    assert workflow["permissions"] == {"contents": "read"}
    assert all(job["runs-on"] and job["steps"] for job in workflow["jobs"].values())
    assert all(("run" in step) != ("uses" in step) for step in steps(file))
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert rights == ({"publish": {"id-token": "write"}} if file.stem == "release" else {})


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_what_others_wrote_is_pinned_to_a_commit_and_says_its_version(file: Path) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert lines
    assert [line for line in lines if not _PINNED.match(line)] == []
    assert all(
        step["with"]["persist-credentials"] is False for step in steps(file) if "checkout" in step.get("uses", "")
    )


def test_workflows_run_targets_and_programs_that_there_are() -> None:
    commands = [step["run"] for file in WORKFLOWS for step in steps(file) if "run" in step]
    targets = [target for command in commands for target in re.findall(r"^make ([\w-]+)", command, re.MULTILINE)]
    assert sorted(targets) == ["dist", "matrix"]
    assert recipes(*targets)
    assert commands.count(".ci/run") == 2
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_the_release_publishes_the_toolkit_before_the_construct_that_asks_for_it() -> None:
    jobs = read(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    assert jobs["publish"]["needs"] == "build"
    published = [step["with"]["packages-dir"] for step in jobs["publish"]["steps"] if "publish" in step.get("uses", "")]
    assert published == ["toolkit/", "dist/"]


def test_each_python_that_is_locked_for_is_tried() -> None:
    ci = read(ROOT / ".github" / "workflows" / "ci.yml")
    assert ci["jobs"]["all"]["strategy"]["matrix"]["python"] == PYTHONS
    (pythons,) = [
        step["with"]["python-version"].split()
        for step in steps(ROOT / ".github" / "workflows" / "versions.yml")
        if "python-version" in step.get("with", {})
    ]
    assert sorted(pythons) == PYTHONS


def test_dependabot_looks_where_there_is_something() -> None:
    told = read(ROOT / ".github" / "dependabot.yml")
    assert told["version"] == 2
    folders = {update["package-ecosystem"]: update.get("directories") for update in told["updates"]}
    assert set(folders) == {"github-actions", "npm"}
    locks = subprocess.run(["git", "ls-files", "*package.json"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert sorted(folders["npm"]) == sorted(f"/{Path(lock).parent}".replace("/.", "/") for lock in locks.stdout.split())


@pytest.mark.parametrize("file", [form for form in FORMS if form.stem != "config"], ids=lambda file: file.stem)
def test_an_issue_form_asks_something(file: Path) -> None:
    form = read(file)
    assert {"name", "description", "body"} <= set(form)
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert len({part["id"] for part in asked}) == len(asked) >= 2
    assert all(part["attributes"]["label"] for part in asked)


def test_pre_commit_runs_what_is_locked_here() -> None:
    (repository,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert re.match(r"\.venv/bin/(?:ruff (?:check|format)|python -m pytest) ", hook["entry"])
        named = [word for word in hook["entry"].split() if word.startswith("tests/")]
        assert all((ROOT / name).exists() for name in named)
