"""The folder with the secret is its owner's, and what others may need is not closed to them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bedrock_local.errors import LocalAwsError
from bedrock_local.local_aws import LocalAws


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> set[str]:
    return {f"{path.stat().st_mode & 0o777:o}" for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_is_its_owners(tmp_path: Path) -> None:
    folder = tmp_path / "parent" / "state"
    with LocalAws(model="echo", directory=folder) as aws:
        assert aws.secret in (folder / "local-aws.json").read_text()
        aws.client("s3").create_bucket(Bucket="files")
        assert (f"{folder.stat().st_mode & 0o777:o}", modes(folder)) == ("700", {"600"})


@pytest.mark.parametrize("content", [[], ["local-aws.json", "results"]])
def test_an_empty_folder_and_one_from_before_are_closed(tmp_path: Path, content: list[str]) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o755)
    for name in content:
        (folder / name).write_text("")
    with LocalAws(model="echo", directory=folder):
        assert f"{folder.stat().st_mode & 0o777:o}" == "700"
        assert f"{(folder / 'local-aws.json').stat().st_mode & 0o777:o}" == "600"


def test_a_folder_that_others_use_is_left_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir(mode=0o755)
    (folder / "app.py").write_text("")
    with pytest.raises(LocalAwsError, match=r"project is open to others \(mode 755\).*chmod 700 .*project"):
        LocalAws(model="echo", directory=folder).start()
    assert (f"{folder.stat().st_mode & 0o777:o}", [path.name for path in folder.iterdir()]) == ("755", ["app.py"])
