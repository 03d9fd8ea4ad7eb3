"""The site of the pages: it is made without a warning, a link that leads nowhere is one, and what pages show is run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch.cli.main import parse as parse_batch
from bedrock_local.command.arguments import parse as parse_local
from tests.pages import shown

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
COMMANDS = sorted(
    {
        line.replace("../.venv/bin/", "").replace(".venv/bin/", "")
        for page in PAGES
        for block in shown(page.read_text(encoding="utf-8").replace("\\\n", " "), "sh")
        for line in block.splitlines()
        if re.match(r"(\S*/)?bedrock-(batch|local) ", line)
    }
)


def built(docs: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Make a site as `make docs` does."""
    path = os.pathsep.join([str(ROOT / ".venv" / "site"), *sys.path])
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", docs, site]
    environment = {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"}
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def test_the_site_is_made_without_a_warning(tmp_path: Path) -> None:
    done = built(DOCS, tmp_path)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert {page.relative_to(DOCS).with_suffix(".html") for page in PAGES} <= {
        page.relative_to(tmp_path) for page in tmp_path.rglob("*.html")
    }
    reference = (tmp_path / "api" / "cdk_bedrock_batch.html").read_text(encoding="utf-8")
    assert "accept_partial_completion" in reference
    assert "*args: Any" not in re.sub("<[^>]*>", "", reference)
    assert "nightly_pipeline.py" in {file.name for file in tmp_path.rglob("_downloads/**/*.py")}


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    shutil.copy(DOCS / "conf.py", docs)
    shutil.copytree(DOCS / "static", docs / "static")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (docs / "index.md").write_text("# Here\n\n## Below\n\n[this](index.md#below)\n")
    assert built(docs, tmp_path / "site").returncode == 0
    wrong = ["no-page.md", "index.md#no-heading", "../no-file.md", "no-folder/"]
    (docs / "index.md").write_text("# Here\n\n" + "".join(f"[that]({link})\n" for link in wrong))
    done = built(docs, tmp_path / "site")
    assert done.returncode == 1
    assert set(re.findall(r"no-\w+", done.stderr)) == {"no-page", "no-heading", "no-file", "no-folder"}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_that_a_page_shows_is_one(command: str) -> None:
    words = list(takewhile(lambda word: word != "|", shlex.split(command, comments=True)))
    assert {"bedrock-batch": parse_batch, "bedrock-local": parse_local}[words[0]](words[1:]).command


@pytest.mark.parametrize("page", ["check.md", "testing.md"])
def test_the_samples_of_a_page_run(
    page: str, record_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(record_file().parent)
    names: dict[str, Any] = {}
    for code in shown((DOCS / page).read_text(encoding="utf-8"), "python"):
        exec(compile(code, page, "exec"), names)  # noqa: S102 (the sample is ours)
    for test in [found for name, found in names.items() if name.startswith("test_")]:
        test()


def test_each_page_with_samples_is_named_by_a_test() -> None:
    tests = "".join(test.read_text(encoding="utf-8") for test in ROOT.glob("tests/**/test_*.py"))
    pages = [page.name for page in PAGES if shown(page.read_text(encoding="utf-8"), "python")]
    assert [page for page in pages if f'"{page}"' not in tests] == []
    assert len(pages) > 10
