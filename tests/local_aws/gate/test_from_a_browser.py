"""A page of another origin, in a real browser, reaches nothing; a bucket's CORS rules let it reach that bucket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.browser.website import website
from tests.local_aws.conftest import ACCOUNT

from .calls import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from bedrock_local.running import RunningAws

FETCHED = """
async ([address, options]) => {
    try {
        const answer = await fetch(address, options);
        return [answer.type, answer.status, await answer.text()];
    } catch (error) {
        return ["error", 0, String(error)];
    }
}
"""
CREATE = "Action=CreateUser&UserName=intruder&Version=2010-05-08"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with website("<p>a page of somebody else</p>") as url:
        opened = browser.new_page()
        opened.goto(url)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def bucket(aws: RunningAws) -> str:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="seen")
    s3.put_object(Bucket="seen", Key="k.html", Body=b"<p id=here>content</p>", ContentType="text/html")
    return "seen"


def users(aws: RunningAws) -> list[str]:
    return [user["UserName"] for user in aws.client("iam").list_users()["Users"]]


REQUESTS = {
    "read": ["/", {}],
    "write": [
        "/",
        {"method": "POST", "body": CREATE, "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    ],
    "write unread": ["/", {"method": "POST", "mode": "no-cors", "body": CREATE}],
    "write with a header": [
        "/",
        {"method": "POST", "body": "{}", "headers": {"X-Amz-Target": "DynamoDB_20120810.ListTables"}},
    ],
    "reset": ["/_ministack/reset", {"method": "POST", "mode": "no-cors"}],
    "ask for a fault": ["/_bedrock/faults", {"method": "POST", "mode": "no-cors", "body": '{"kind": "fail-calls"}'}],
    "answer for a resource": ["/_ministack/cfn-response/x", {"method": "PUT", "body": "{}"}],
}


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_of_another_origin_reaches_nothing(aws: RunningAws, page: Page, name: str, host: str) -> None:
    path, options = REQUESTS[name]
    seen: list[int] = []
    page.on("response", lambda response: seen.append(response.status))
    kind, status, _ = page.evaluate(FETCHED, [f"http://{host}:{aws.port}{path}", options])
    assert (kind, status) in {("error", 0), ("opaque", 0)}
    # What the browser does not show the page, it has seen itself.
    assert set(seen) <= {403}
    assert aws.faults.all() == []
    assert "intruder" not in users(aws)


@pytest.mark.usefixtures("bucket")
def test_a_signed_address_is_for_its_owner_and_not_for_a_page(aws: RunningAws, browser: Browser, page: Page) -> None:
    address = aws.endpoint_url + Call("/seen/k.html").presigned(aws, ACCOUNT, aws.secret).path
    assert page.evaluate(FETCHED, [address, {}])[0] == "error"
    # Not in a frame of the page either.
    page.evaluate(
        "address => { const f = document.createElement('iframe'); f.src = address; document.body.append(f); }", address
    )
    page.wait_for_function("document.querySelector('iframe').contentDocument === null")
    assert [frame.query_selector("#here") for frame in page.frames[1:]] == [None]
    typed = browser.new_page()
    typed.goto(address)
    assert typed.inner_text("#here") == "content"
    typed.close()


@pytest.mark.usefixtures("bucket")
def test_a_buckets_rules_let_the_page_in(aws: RunningAws, page: Page) -> None:
    origin = page.evaluate("location.origin")
    s3 = aws.client("s3")
    rules = {"CORSRules": [{"AllowedOrigins": [origin], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"]}]}
    s3.put_bucket_cors(Bucket="seen", CORSConfiguration=rules)
    try:
        read = aws.endpoint_url + Call("/seen/k.html").presigned(aws, ACCOUNT, aws.secret).path
        meta = {"x-amz-meta-a": "b"}
        write = aws.endpoint_url + Call("/seen/new", "PUT", meta).presigned(aws, ACCOUNT, aws.secret).path
        assert page.evaluate(FETCHED, [read, {}]) == ["cors", 200, "<p id=here>content</p>"]
        # With a preflight request of the browser's.
        assert page.evaluate(FETCHED, [write, {"method": "PUT", "body": "of the page", "headers": meta}])[1] == 200
        assert s3.get_object(Bucket="seen", Key="new")["Body"].read() == b"of the page"
        # The rules say who may ask, not who may have.
        assert page.evaluate(FETCHED, [f"{aws.endpoint_url}/seen/k.html", {}])[0] == "error"
        assert page.evaluate(FETCHED, [f"{aws.endpoint_url}/", {}])[0] == "error"
    finally:
        s3.delete_bucket_cors(Bucket="seen")


def test_a_websocket_of_a_page_is_closed(aws: RunningAws, page: Page) -> None:
    opened = """
    address => new Promise(done => {
        const socket = new WebSocket(address);
        socket.onopen = () => done("open");
        socket.onclose = () => done("closed");
    })
    """
    assert page.evaluate(opened, f"ws://127.0.0.1:{aws.port}/_aws/execute-api/a/b") == "closed"


def test_a_form_that_a_page_sends_by_itself_changes_nothing(aws: RunningAws, browser: Browser) -> None:
    fields = "".join(
        f"<input name={name} value={value}>" for name, value in (each.split("=") for each in CREATE.split("&"))
    )
    with website(f"<form method=post action={json.dumps(aws.endpoint_url)}>{fields}</form>") as url:
        opened = browser.new_page()
        opened.goto(url)
        with opened.expect_navigation():
            opened.evaluate("document.forms[0].submit()")
        assert "does not answer a page of" in opened.content()
        opened.close()
    assert "intruder" not in users(aws)
