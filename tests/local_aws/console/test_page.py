"""The console as its reader sees and uses it, in a browser."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.local_aws.conftest import LocalAws, records

from .visitor import Visitor, fresh_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator

MARK = "document.querySelectorAll('#jobs-list > li').forEach(line => { line.marked = true; })"
# The ARN of each line in which something is written from now on.
WATCH = """() => {
  window.written = new Set();
  new MutationObserver(changes => changes.forEach(({ target, addedNodes }) => {
    const place = target.closest ? target : target.parentElement;
    const lines = target.id === "jobs-list" ? addedNodes : [place.closest("#jobs-list > li")];
    lines.forEach(line => written.add(line.job));
  })).observe(document.getElementById("jobs-list"), {
    attributes: true, characterData: true, childList: true, subtree: true,
  });
}"""
MARKUP = "<img src=x onerror=document.title='broken'>"


@pytest.fixture(scope="module")
def visitor(aws: LocalAws) -> Visitor:
    return Visitor(aws)


@pytest.fixture
def page(browser: Browser, aws: LocalAws) -> Iterator[Page]:
    yield from opened(browser, aws)


@pytest.fixture
def idle_page(browser: Browser, idle_aws: LocalAws) -> Iterator[Page]:
    yield from opened(browser, idle_aws)


def opened(browser: Browser, aws: LocalAws) -> Iterator[Page]:
    """The page in a window of its own, which must work without complaint."""
    with browser.new_context(viewport={"width": 1000, "height": 800}) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(fresh_address(aws))
        yield page
        assert complaints == []


@pytest.fixture(scope="module")
def bucket(aws: LocalAws) -> str:
    return aws.bucket({"in.jsonl": records(text=f"{MARKUP} {{n}}")})


@pytest.fixture(scope="module")
def idle_bucket(idle_aws: LocalAws) -> str:
    return idle_aws.bucket({"in.jsonl": records()})


def line(page: Page, arn: str) -> Locator:
    """The job's line of the list; by its id in the ARN, which the page shows where it is open."""
    return page.locator("#jobs-list > li").filter(has_text=arn)


def test_a_job_is_followed_to_its_end_and_its_records_as_they_come(
    aws: LocalAws, bucket: str, visitor: Visitor, page: Page
) -> None:
    hold = visitor.switch_on(kind="hold-jobs", status="Submitted")
    arn = aws.start(bucket)
    job = line(page, arn)
    expect(job.locator("summary > .status")).to_have_text("Submitted")
    job.locator("summary").first.press("Enter")
    expect(job.locator(".timeline .status")).to_have_text(["Submitted"])
    visitor.switch_off(hold)
    expect(job.locator("summary > .status")).to_have_text("Completed")
    expect(page.locator("#news")).to_contain_text("is Completed.")
    expect(job.locator(".timeline .status")).to_have_text(
        ["Submitted", "Validating", "Scheduled", "InProgress", "Completed"]
    )
    expect(job.locator("summary .counts")).to_contain_text("100 of 100 records")
    expect(job.locator(".records > li")).to_have_count(20)
    record = job.locator(".records > li").first
    expect(record.locator(".question")).to_have_text(f"{MARKUP} 99")
    record.locator("summary").press("Enter")
    assert json.loads(record.locator("pre").inner_text())["modelInput"]["messages"][0]["role"] == "user"
    # What records say is text.
    assert page.title() == "The local AWS"
    expect(page.locator("main img")).to_have_count(0)


def test_a_denied_permission_comes_with_the_statement_that_is_missing(aws: LocalAws, bucket: str, page: Page) -> None:
    role = aws.service_role(bucket, without="s3:PutObject")
    arn = aws.start(bucket, roleArn=role)
    expect(line(page, arn).locator("summary > .status")).to_have_text("Failed")
    denial = page.locator("#denials-list > li").filter(has_text=role.rpartition("/")[2])
    statement = json.loads(denial.locator("pre").inner_text())
    assert statement["Action"] == "s3:PutObject"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    denial.get_by_role("button", name="Copy the statement").press("Enter")
    expect(denial.get_by_role("status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    policy = {"Version": "2012-10-17", "Statement": [json.loads(copied)]}
    aws.client("iam").put_role_policy(
        RoleName=role.rpartition("/")[2], PolicyName="missing", PolicyDocument=json.dumps(policy)
    )
    assert aws.end(aws.start(bucket, roleArn=role))["status"] == "Failed"


def test_a_fault_is_switched_on_and_off_by_the_keyboard_alone(aws: LocalAws, bucket: str, page: Page) -> None:
    tab_to(page, "Switch on fail-records", "share")
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    on = page.locator("#faults-on > li")
    expect(on).to_contain_text("share: 0.5")
    arn = aws.start(bucket)
    expect(line(page, arn).locator("summary .counts")).to_contain_text("50 failed")
    on.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(on).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"


def tab_to(page: Page, form: str, field: str) -> None:
    """Go on from where the focus is, as who has no mouse."""
    wanted = page.get_by_role("listitem").filter(has=page.get_by_role("button", name=form)).get_by_label(field)
    expect(wanted).to_be_visible()
    for _ in range(300):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {field}")


def test_hundreds_of_jobs_are_renewed_where_something_has_changed(
    idle_aws: LocalAws, idle_bucket: str, idle_page: Page
) -> None:
    """Of 300 lines one is written anew, and none is made anew."""
    role = idle_aws.service_role(idle_bucket)
    arns = [idle_aws.start(idle_bucket, roleArn=role, jobName=f"many-{n}") for n in range(300)]
    lines = idle_page.locator("#jobs-list > li")
    idle_page.get_by_label("Name, model or status").fill("many-")
    expect(lines).to_have_count(300)
    idle_page.evaluate(MARK)
    idle_page.evaluate(WATCH)
    expect(line(idle_page, arns[7]).locator("summary > .status")).to_have_text("Submitted")
    idle_aws.bedrock.stop_model_invocation_job(jobIdentifier=arns[7])
    expect(line(idle_page, arns[7]).locator("summary > .status")).to_have_text(re.compile("Stopp"))
    newest = idle_aws.start(idle_bucket, roleArn=role, jobName="many-300")
    expect(lines).to_have_count(301)
    expect(lines.first).to_contain_text("many-300")
    assert (
        idle_page.evaluate("[...document.querySelectorAll('#jobs-list > li')].filter(line => line.marked).length")
        == 300
    )
    assert set(idle_page.evaluate("[...written]")) == {arns[7], newest}
