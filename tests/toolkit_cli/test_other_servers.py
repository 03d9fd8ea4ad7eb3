"""What answers in the place of AWS, such as a proxy's page, ends each command in a sentence."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from .in_process import answer_of
from .test_exit_codes import assert_is_a_sentence

JOB = "abcdefghwxyz"


class Page(BaseHTTPRequestHandler):
    """The same for everything that is asked."""

    body = b""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_POST = do_GET  # noqa: N815 - the name that the library looks for

    def log_message(self, *_: object) -> None:
        """Tell nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize("body", [b"<html>\x1b[2J</html>", b"", b"[]", b"\x00\xff"])
@pytest.mark.parametrize(
    "words", [["status", JOB], ["list"], ["list", "--stack", "S"], ["watch", JOB], ["check", "s3://bucket/a/"]]
)
def test_a_page_is_no_answer_of_aws(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, server: str, words: list[str], body: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(Page, "body", body)
    answer = answer_of(monkeypatch, *words, "--endpoint-url", server)
    assert answer.code == 2
    if words[0] != "check":
        assert_is_a_sentence(answer)
        assert "correct" in answer.err
        assert "\x1b" not in answer.err


def test_a_region_that_nobody_names_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    answer = answer_of(monkeypatch, "list")
    assert_is_a_sentence(answer)
    assert "name one such as us-east-1 with --region" in answer.err
