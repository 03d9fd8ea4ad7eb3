"""Who is let in to the console, and what a request must have to change anything."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from bedrock_local.errors import LocalAwsError
from bedrock_local.running import RunningAws

from .visitor import HEADER, Visitor, ask, fresh_address, port_of

if TYPE_CHECKING:
    from tests.local_aws.conftest import LocalAws

FAULT = {"kind": "fail-calls", "operation": "Converse"}


def test_an_address_lets_one_browser_in_once(aws: LocalAws) -> None:
    path = fresh_address(aws).removeprefix(aws.url)
    status, headers, body = ask(aws, "GET", path)
    assert (status, body) == (303, "")
    assert "token" not in headers["location"]
    status, headers, body = ask(aws, "GET", path)
    assert status == 403
    assert "Run “bedrock-local console” for a fresh address" in body
    assert "set-cookie" not in headers


@pytest.mark.parametrize("query", ["", "?token=", "?token=guessed", "?token=%C3%A9"])
def test_what_is_no_token_lets_nobody_in(aws: LocalAws, query: str) -> None:
    status, headers, body = ask(aws, "GET", f"/_bedrock/console/{query}")
    assert (status, "set-cookie" in headers) == (403, False)
    assert "bedrock-local console" in body


def test_the_cookie_is_for_this_page_and_no_script(visitor: Visitor) -> None:
    _, *attributes = visitor.set_cookie.split("; ")
    assert attributes == ["HttpOnly", "SameSite=Strict", f"Path={visitor.path}"]
    assert len(visitor.path) > len("/_bedrock/console/") + 40


@pytest.mark.parametrize("name", ["", "state", "console.js", "console.css", "icon.svg"])
def test_nothing_is_seen_without_the_cookie(visitor: Visitor, name: str) -> None:
    assert visitor.get(name)[0] == 200
    for cookie in ("", "bedrock-local-console=guessed", "other=1"):
        status, _, body = visitor.get(name, {"Cookie": cookie})
        assert (status, "bedrock-local console" in body) == (403, True)


def test_the_cookie_of_one_browser_opens_not_the_path_of_another(aws: LocalAws, visitor: Visitor) -> None:
    other = Visitor(aws)
    assert ask(aws, "GET", other.path, {"Cookie": visitor.cookie})[0] == 403
    assert ask(aws, "GET", "/_bedrock/console/state", {"Cookie": visitor.cookie})[0] == 403


@pytest.mark.parametrize("name", ["", "state", "console.js", "absent"])
def test_every_answer_keeps_others_out(visitor: Visitor, name: str) -> None:
    _, headers, _ = visitor.get(name)
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_the_page_may_load_what_is_below_its_own_path_and_nothing_else(visitor: Visitor) -> None:
    _, headers, page = visitor.get("")
    allowed = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    own = f"http://127.0.0.1:{port_of(visitor.aws)}{visitor.path}"
    assert {kind: allowed.pop(f"{kind}-src") for kind in ("script", "style", "img", "connect")} == dict.fromkeys(
        ("script", "style", "img", "connect"), own
    )
    assert set(allowed.values()) == {"'none'"}
    assert set(allowed) == {"default-src", "base-uri", "form-action", "frame-ancestors"}
    assert "style=" not in page
    assert "onclick" not in page


def test_it_is_called_by_either_name_of_this_machine(visitor: Visitor) -> None:
    host = f"localhost:{port_of(visitor.aws)}"
    status, headers, _ = visitor.get("", {"Host": host})
    assert status == 200
    assert f"script-src http://{host}{visitor.path};" in headers["content-security-policy"]


REFUSED: dict[str, dict[str, Any]] = {
    "without its header": {HEADER.replace("-", "_"): None},
    "without the cookie": {"Cookie": None},
    "with a guessed cookie": {"Cookie": "bedrock-local-console=guessed"},
    "of another origin": {"Origin": "https://example.com", "Sec_Fetch_Site": None},
    "of another site": {"Origin": None, "Sec_Fetch_Site": "cross-site"},
    "of another port": {"Origin": "http://127.0.0.1:1", "Sec_Fetch_Site": "same-site"},
    "to another host": {"Host": "example.com"},
    "to a bucket": {"Host": "bucket.localhost"},
}


@pytest.mark.parametrize("how", REFUSED)
def test_a_change_is_refused(visitor: Visitor, how: str) -> None:
    assert visitor.post("faults/add", FAULT, **REFUSED[how])[0] == 403
    assert visitor.seen()["faults"] == []


def test_what_is_asked_for_by_get_changes_nothing(visitor: Visitor) -> None:
    for name in ("faults/add", "faults/remove", "jobs/stop"):
        assert visitor.get(name, {HEADER: "1"})[0] == 404
    assert visitor.seen()["faults"] == []


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_closed(visitor: Visitor, method: str) -> None:
    assert ask(visitor.aws, method, f"{visitor.path}state", {"Cookie": visitor.cookie})[0] == 403


@pytest.mark.parametrize("name", ["../said.html", "page/page.html", "answers.py", "%2e%2e/answers.py", "page.txt"])
def test_nothing_but_the_files_of_the_page_is_given(visitor: Visitor, name: str) -> None:
    status, _, body = visitor.get(name)
    assert status in {403, 404}
    assert "import" not in body


def test_only_the_owner_gets_an_address(aws: LocalAws) -> None:
    assert ask(aws, "POST", "/_bedrock/console-tokens")[0] == 403
    with pytest.raises(LocalAwsError, match="signature"):
        RunningAws(0, port_of(aws), "echo", "not the secret").console_url()


def test_who_asks_one_that_has_ended_is_told() -> None:
    with socket.socket() as taken:
        # Nobody listens.
        taken.bind(("127.0.0.1", 0))
        ended = RunningAws(0, taken.getsockname()[1], "echo", "secret")
        with pytest.raises(LocalAwsError, match="does not answer \\(Connection refused\\); start another"):
            ended.console_url()


def test_of_many_addresses_the_latest_are_good(aws: LocalAws) -> None:
    first, *_, last = [fresh_address(aws).removeprefix(aws.url) for _ in range(17)]
    assert ask(aws, "GET", first)[0] == 403
    assert ask(aws, "GET", last)[0] == 303


def test_what_is_as_it_was_is_not_sent_again(visitor: Visitor) -> None:
    _, headers, _ = visitor.get("state")
    status, again, body = visitor.get("state", {"If-None-Match": headers["etag"]})
    assert (status, again["etag"], body) == (304, headers["etag"], "")
    fault = visitor.switch_on(**FAULT)
    status, changed, _ = visitor.get("state", {"If-None-Match": headers["etag"]})
    assert (status, changed["etag"] != headers["etag"]) == (200, True)
    visitor.switch_off(fault)


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("faults/add", {"kind": "fail-calls", "times": 0}, "times must be at least 1, got 0"),
        ("faults/add", {"kind": "unheard-of"}, "a fault has one of these kinds"),
        ("faults/add", [], "the body is a JSON object"),
        ("faults/remove", {"id": 1}, "the body is a JSON object with id, a text"),
        ("jobs/stop", {"id": "arn:absent"}, "there is no such job any more"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(visitor: Visitor, name: str, body: object, words: str) -> None:
    status, said = visitor.post(name, body)
    assert status == 400
    assert words in said
