import hashlib
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

CHECKOUT = Path(__file__).parents[2]


@dataclass
class Index:
    """An index of packages on loopback.

    Attributes
    ----------
    folder
        What it serves.
    url
        Its address, as pip's ``index-url`` has it.
    asked
        The paths that it was asked for.
    slow
        Until this is set, no wheel is sent.
    """

    folder: Path
    url: str = ""
    asked: list[str] = field(default_factory=list)
    slow: threading.Event = field(default_factory=threading.Event)

    def wheel(self, name: str, code: str = "") -> str:
        """Put version 1 of a package there; return the line of a lock for it."""
        folder = self.folder / "simple" / name
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}-1-py3-none-any.whl"
        with zipfile.ZipFile(file, "w") as wheel:
            wheel.writestr(f"{name}.py", code)
            wheel.writestr(f"{name}-1.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
            text = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            wheel.writestr(f"{name}-1.dist-info/WHEEL", text)
            listed = (f"{name}.py", *(f"{name}-1.dist-info/{each}" for each in ("METADATA", "WHEEL", "RECORD")))
            wheel.writestr(f"{name}-1.dist-info/RECORD", "".join(f"{each},,\n" for each in listed))
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        told = {"filename": file.name, "url": file.name, "hashes": {"sha256": digest}, "size": file.stat().st_size}
        page = {"meta": {"api-version": "1.1"}, "name": name, "versions": ["1"], "files": [told]}
        (folder / "index.html").write_text(json.dumps(page))
        return f"{name}==1 --hash=sha256:{digest}\n"


class Handler(SimpleHTTPRequestHandler):
    """Sends what an index has: https://packaging.python.org/en/latest/specifications/simple-repository-api/."""

    extensions_map: ClassVar = SimpleHTTPRequestHandler.extensions_map | {
        ".html": "application/vnd.pypi.simple.v1+json"
    }

    def __init__(self, *arguments: object, index: Index) -> None:
        self.index = index
        super().__init__(*arguments, directory=str(index.folder))  # type: ignore[arg-type] - what the server gives

    def do_GET(self) -> None:
        self.index.asked.append(self.path)
        if self.path.endswith(".whl"):
            self.index.slow.wait()
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    found = Index(tmp_path / "index")
    found.slow.set()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, index=found)) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/simple"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        found.slow.set()
        server.shutdown()


def install(folder: Path, lock: str, settings: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Install a lock into a folder, with this configuration of pip and no other, and empty caches."""
    command, environment = installing(folder, lock, settings)
    return subprocess.run(
        [*command, *arguments], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )


def installing(folder: Path, lock: str, settings: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Return the command of `install`, and its environment."""
    (folder / "requirements-dev.txt").write_text(lock)
    lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
    (folder / "pip.conf").write_text(f"[global]\n{lines}")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    places = {"PIP_CONFIG_FILE": str(folder / "pip.conf"), "XDG_CONFIG_DIRS": "/nowhere", "HOME": str(folder)}
    caches = {"UV_CACHE_DIR": str(folder / "cache"), "PIP_NO_CACHE_DIR": "1"}
    command = [sys.executable, "-m", "installation", str(folder / "requirements-dev.txt")]
    return [*command, "--target", str(folder / "installed")], inherited | places | caches
