"""Where no browser is unpacked, one that is installed is taken."""

import os
from pathlib import Path

import pytest

from tests.browser import chromium

INSTALLED = """#!/bin/sh
LD_LIBRARY_PATH="{unpacked}/al2023/lib" FONTCONFIG_PATH="{unpacked}/fonts" exec "{unpacked}/chromium" "$@"
"""


def test_a_chromium_on_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if chromium.UNPACKED.is_dir():  # elsewhere every test takes what is installed
        program = tmp_path / "chromium"
        program.write_text(INSTALLED.format(unpacked=chromium.UNPACKED))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), os.environ["PATH"]]))
        monkeypatch.setattr(chromium, "UNPACKED", tmp_path / "absent")
    with chromium.chromium() as browser:
        page = browser.new_page()
        page.set_content("<title>here</title>")
        assert page.title() == "here"
