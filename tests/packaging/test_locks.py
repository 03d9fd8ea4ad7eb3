"""The same checkout installs the same code on every day: each package is locked, with its hashes."""

import os
import re
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .conftest import ROOT

LOCKS = ["pip", "uv", "local", "dev", "", "docs", "judges", "mutmut", "readers", "model"]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
SYSTEMS = {"linux": "Linux", "darwin": "Darwin"}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")

Environment = Mapping[str, str]


def file_of(lock: str, ending: str) -> Path:
    return ROOT / f"requirements{lock and '-'}{lock}.{ending}"


@cache
def locked(lock: str) -> list[tuple[Requirement, list[str]]]:
    """What a lock holds: each package with its hashes."""
    text = re.sub(r"^\s*#.*\n", "", file_of(lock, "txt").read_text(), flags=re.MULTILINE).replace("\\\n", "")
    return [(Requirement(line.split("--hash")[0]), HASH.findall(line)) for line in text.splitlines()]


def asked(lines: Iterable[str]) -> list[Requirement]:
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def versions(lock: str, environment: Environment | None = None) -> dict[str, str]:
    """The version of each package, in one environment or in this one."""
    there = [each for each, _ in locked(lock) if not each.marker or each.marker.evaluate(dict(environment or {}))]
    found = {canonicalize_name(each.name): str(each.specifier).removeprefix("==") for each in there}
    assert len(found) == len(there), f"{file_of(lock, 'txt').name} has two versions of a package for {environment}"
    return found


def unmet(lock: str, requirements: Iterable[Requirement], environment: Environment) -> list[str]:
    """Those of the requirements that the lock does not meet."""
    pinned = versions(lock, environment)
    return [
        str(each)
        for each in requirements
        if (not each.marker or each.marker.evaluate({**environment, "extra": ""}))
        and not ((at := pinned.get(canonicalize_name(each.name))) and each.specifier.contains(at, prereleases=True))
    ]


@pytest.fixture(params=[f"{python} {system}" for python in PYTHONS for system in SYSTEMS])
def environment(request: pytest.FixtureRequest) -> Environment:
    python, system = request.param.split()
    return {
        "python_version": python,
        "python_full_version": f"{python}.7",
        "sys_platform": system,
        "platform_system": SYSTEMS[system],
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_has_hashes(lock: str) -> None:
    assert locked(lock)
    for requirement, hashes in locked(lock):
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert hashes, requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_each_python_finds_what_is_asked_for(lock: str, environment: Environment) -> None:
    assert unmet(lock, asked(file_of(lock, "in").read_text().splitlines()), environment) == []


@pytest.mark.parametrize("lock", ["dev", "local", "", "pip", "uv"])
def test_each_python_finds_what_the_packages_ask_for(lock: str, environment: Environment) -> None:
    for name, version in versions(lock, environment).items():
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue  # one that is for another system
        if installed.version == version:
            assert unmet(lock, map(Requirement, installed.requires or ()), environment) == [], name


def test_what_the_projects_declare_is_what_is_locked(environment: Environment) -> None:
    told, toolkit = (tomllib.loads((ROOT / name / "pyproject.toml").read_text()) for name in (".", "toolkit"))
    extras, parquet = (each["project"]["optional-dependencies"] for each in (told, toolkit))
    ours = f"{toolkit['project']['name']}=="
    declared = told["project"]["dependencies"] + toolkit["project"]["dependencies"]
    needed = told["build-system"]["requires"] + [each for each in declared if not each.startswith(ours)]
    assert toolkit["build-system"] == told["build-system"]
    assert unmet("", asked(needed), environment) == []
    assert unmet("local", asked(needed + extras["local"]), environment) == []
    assert unmet("dev", asked(parquet["parquet"]), environment) == []
    assert unmet("model", asked(extras["model"]), environment) == []


def test_the_locks_agree(environment: Environment) -> None:
    """Those that are installed into one environment; the judges, the site and mutmut have their own."""
    together = versions("dev", environment)
    for lock in ("", "local", "pip", "uv", "readers", "model"):
        alone = versions(lock, environment)
        assert {name: version for name, version in alone.items() if together.get(name, version) != version} == {}
    assert versions("", environment).items() <= versions("local", environment).items() <= together.items()


def recipes(*targets: str) -> str:
    """What make would run for targets, from nothing."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "--dry-run", "--always-make", *targets],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_only_what_is_locked_is_installed() -> None:
    made = recipes("test", "lint", "deploy-local", "bench")
    by_us = re.findall(r"-m installation(\S*) (?:--no-deps )?(\S*)", made)
    assert len(by_us) >= 7
    assert [
        what for module, what in by_us if not module and what not in [f"requirements-{lock}.txt" for lock in LOCKS]
    ] == []
    made_otherwise = re.findall(
        r"^(?!\s*echo).*\b(?:pip|npm|npx|uv)\b.* (?:install|ci|update|i|add)\b", made, re.MULTILINE
    )
    assert made_otherwise == []
    readme = (ROOT / "README.md").read_text().partition("## Deploy to a real account")[2].partition("\n## ")[0]
    told = re.findall(
        r"^.*\b(?:pip|npm)\b.* (?:install|ci|update|i|add)\b.*$", readme.replace(" && ", "\n"), re.MULTILINE
    )
    assert len(told) == 3
    locked = re.compile(r"--require-hashes.* -r requirements|--no-deps --no-build-isolation .*\.$|npm ci\b")
    assert [command for command in told if not locked.search(command)] == []
