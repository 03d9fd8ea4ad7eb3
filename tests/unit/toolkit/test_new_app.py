"""What a new app requires: this package, from where it was had."""

import json
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from packaging.requirements import Requirement

from bedrock_batch import BedrockBatchError, create_app
from bedrock_batch.new_app import requirement as module
from bedrock_batch.new_app.requirement import requirement

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"url": "file:///srv/a%20checkout", "dir_info": {"editable": True}}, " @ file:///srv/a%20checkout"),
        (
            {"url": "file:///x/cdk_bedrock_batch-0.1.0-py3-none-any.whl", "archive_info": {}},
            " @ file:///x/cdk_bedrock_batch-0.1.0-py3-none-any.whl",
        ),
        ({"url": "https://host/wheel.whl", "archive_info": {}}, " @ https://host/wheel.whl"),
        (
            {"url": "https://host/me/it.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f" @ git+https://host/me/it.git@{COMMIT}",
        ),
        (None, "==1.2.3"),
    ],
    ids=["checkout", "wheel", "URL", "repository", "registry"],
)
def test_it_is_had_from_where_it_was(monkeypatch: pytest.MonkeyPatch, told: Any, expected: str) -> None:
    text = None if told is None else json.dumps(told)
    installed = SimpleNamespace(version="1.2.3", read_text=lambda _: text)
    monkeypatch.setattr(module, "distribution", lambda _: installed)
    assert requirement() == f"cdk-bedrock-batch{expected}"
    with_extra = Requirement(requirement("local"))
    assert (with_extra.name, with_extra.extras) == ("cdk-bedrock-batch", {"local"})


def test_modules_without_their_metadata_have_a_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(_: str) -> None:
        raise PackageNotFoundError

    monkeypatch.setattr(module, "distribution", not_found)
    assert requirement() == "cdk-bedrock-batch"


def test_the_files_of_an_app_name_it(tmp_path: Path) -> None:
    create_app(tmp_path)
    assert (tmp_path / "requirements.txt").read_text() == f"{requirement()}\n"
    assert f'pip install "{requirement("local")}"' in (tmp_path / "README.md").read_text()
    ignored = (tmp_path / ".gitignore").read_text().splitlines()
    assert {".venv/", "node_modules/", "cdk.out/", "build/"} <= set(ignored)


def test_a_link_to_nothing_is_there_too(tmp_path: Path) -> None:
    (tmp_path / "app.py").symlink_to("nowhere")
    with pytest.raises(BedrockBatchError, match=r"has app\.py already"):
        create_app(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]
