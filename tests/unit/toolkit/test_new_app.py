"""What a new app requires: this package, from where it was had."""

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from packaging.requirements import Requirement

from bedrock_batch import BedrockBatchError, create_app
from bedrock_batch.new_app import requirement as module
from bedrock_batch.new_app.requirement import requirement, requirements

COMMIT = "0123456789abcdef0123456789abcdef01234567"


WHEELS = "file:///x/{}-1.2.3-py3-none-any.whl"
GIT = {"url": "https://host/me/it.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
FOLDER = {"dir_info": {"editable": True}}
CHECKOUT = {"url": "file:///srv/a%20checkout", **FOLDER}
TOOLKIT_OF_CHECKOUT = {"url": "file:///srv/a%20checkout/toolkit", **FOLDER}
TOOLKIT_OF_GIT = {**GIT, "subdirectory": "toolkit"}


def installed(monkeypatch: pytest.MonkeyPatch, **told: Any) -> None:
    """Each distribution with what its installer noted; one that is not named is not installed."""

    def distribution(name: str) -> SimpleNamespace:
        key = name.replace("-", "_")
        if key not in told:
            raise PackageNotFoundError
        text = told[key] and json.dumps(told[key])
        return SimpleNamespace(version="1.2.3", read_text=lambda _: text)

    monkeypatch.setattr(module, "distribution", distribution)


@pytest.mark.parametrize(
    ("toolkit", "construct", "expected"),
    [
        (
            TOOLKIT_OF_CHECKOUT,
            CHECKOUT,
            [
                "bedrock-batch @ file:///srv/a%20checkout/toolkit",
                "cdk-bedrock-batch @ file:///srv/a%20checkout",
            ],
        ),
        (
            {"url": WHEELS.format("bedrock_batch"), "archive_info": {}},
            {"url": WHEELS.format("cdk_bedrock_batch"), "archive_info": {}},
            [
                "bedrock-batch @ file:///x/bedrock_batch-1.2.3-py3-none-any.whl",
                "cdk-bedrock-batch @ file:///x/cdk_bedrock_batch-1.2.3-py3-none-any.whl",
            ],
        ),
        (
            TOOLKIT_OF_GIT,
            GIT,
            [
                f"bedrock-batch @ git+https://host/me/it.git@{COMMIT}#subdirectory=toolkit",
                f"cdk-bedrock-batch @ git+https://host/me/it.git@{COMMIT}",
            ],
        ),
        (None, None, ["cdk-bedrock-batch==1.2.3"]),
    ],
    ids=["checkout", "wheels", "repository", "registry"],
)
def test_it_is_had_from_where_it_was(
    monkeypatch: pytest.MonkeyPatch, toolkit: Any, construct: Any, expected: list[str]
) -> None:
    installed(monkeypatch, bedrock_batch=toolkit, cdk_bedrock_batch=construct)
    assert requirements() == expected
    with_extra = Requirement(requirement("local"))
    assert (with_extra.name, with_extra.extras) == ("cdk-bedrock-batch", {"local"})


@pytest.mark.parametrize(
    ("toolkit", "expected"),
    [
        (TOOLKIT_OF_CHECKOUT, "cdk-bedrock-batch @ file:///srv/a%20checkout"),
        (TOOLKIT_OF_GIT, f"cdk-bedrock-batch @ git+https://host/me/it.git@{COMMIT}"),
        ({"url": WHEELS.format("bedrock_batch"), "archive_info": {}}, "cdk-bedrock-batch==1.2.3"),
        (None, "cdk-bedrock-batch==1.2.3"),
    ],
    ids=["checkout", "repository", "wheel", "registry"],
)
def test_who_has_the_toolkit_alone_is_told_where_the_construct_is(
    monkeypatch: pytest.MonkeyPatch, toolkit: Any, expected: str
) -> None:
    installed(monkeypatch, bedrock_batch=toolkit)
    assert requirement() == requirements()[-1] == expected


def test_modules_without_their_metadata_have_a_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch)
    assert requirements() == ["cdk-bedrock-batch"]


def test_the_files_of_an_app_name_it(tmp_path: Path) -> None:
    create_app(tmp_path)
    assert (tmp_path / "requirements.txt").read_text().splitlines() == requirements()
    assert (tmp_path / "requirements-dev.txt").read_text().startswith("-r requirements.txt\npytest")
    assert f'pip install "{requirement("local")}"' in (tmp_path / "README.md").read_text()


def test_what_comes_into_the_folder_of_an_app_is_not_for_its_repository(tmp_path: Path) -> None:
    """The secret of a local AWS is in its state, and answers may tell what nobody else should read."""
    made = {str(file.relative_to(tmp_path)) for file in create_app(tmp_path)}
    git(tmp_path, "init", "--quiet")
    for name in (
        ".bedrock-local/local-aws.json",
        ".bedrock-local/results/prompts.jsonl.out",
        ".venv/bin/python",
        "node_modules/.bin/cdk",
        "tests/__pycache__/test_app.pyc",
        "cdk.out/manifest.json",
        "results.csv",
        "results.html",
        "report.html",
        "answers.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert set(git(tmp_path, "ls-files", "--others", "--exclude-standard").splitlines()) == made


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_the_apps_own_test_passes(tmp_path: Path) -> None:
    """And fails when its job is taken out: a test that always passes would be none."""
    create_app(tmp_path)

    def tested() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    passed = tested()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "3 passed" in passed.stdout
    app = tmp_path / "app.py"
    app.write_text(app.read_text().replace("amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0"))
    assert "1 failed, 2 passed" in tested().stdout


def test_a_link_to_nothing_is_there_too(tmp_path: Path) -> None:
    (tmp_path / "app.py").symlink_to("nowhere")
    with pytest.raises(BedrockBatchError, match=r"has app\.py already"):
        create_app(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]
