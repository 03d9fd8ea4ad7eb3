"""The console is read easily, by whoever was let in, whatever others have written and however much there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import Browser, Page, expect

from tests.browser.legible import SCHEMES, ground_of, hard_to_read, outside

from .visitor import fresh_address
from .window import MARKUP, line, opened, status

if TYPE_CHECKING:
    from tests.local_aws.conftest import LocalAws

    from .visitor import Visitor

MARK = "document.querySelectorAll('#jobs-list > li').forEach(line => { line.marked = true; })"
MARKED = "[...document.querySelectorAll('#jobs-list > li')].filter(line => line.marked).length"
# The job of each line in which something is written from now on.
WATCH = """() => {
  window.written = new Set();
  new MutationObserver(changes => changes.forEach(({ target, addedNodes }) => {
    const place = target.closest ? target : target.parentElement;
    const lines = target.id === "jobs-list" ? addedNodes : [place.closest("#jobs-list > li")];
    lines.forEach(line => written.add(line.about));
  })).observe(document.getElementById("jobs-list"), {
    attributes: true, characterData: true, childList: true, subtree: true,
  });
}"""
# Run a script of somebody else's, and say whether it was.
INLINE = """() => {
  const script = document.createElement("script");
  script.textContent = "window.ran = true";
  document.head.append(script);
  return Boolean(window.ran);
}"""
LOADED = """address => new Promise(done => {
  const script = document.createElement("script");
  script.onload = () => done(true);
  script.onerror = () => done(false);
  script.src = address;
  document.head.append(script);
})"""


def test_what_others_have_written_is_text(aws: LocalAws, visitor: Visitor, page: Page) -> None:
    nobody = aws.client("s3", aws.user())
    with pytest.raises(ClientError):
        nobody.get_object(Bucket=aws.bucket(), Key=MARKUP)
    fault = visitor.switch_on(kind="fail-calls", operation="Converse", message=MARKUP)
    expect(page.locator("#denials-list code").filter(has_text=MARKUP)).to_have_count(1)
    expect(page.locator("#faults-on")).to_contain_text(f"message: {MARKUP}")
    visitor.switch_off(fault)
    assert page.title() == "The local AWS"
    expect(page.locator("main img")).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_read_easily(aws: LocalAws, bucket: str, browser: Browser, width: int, scheme: Any) -> None:
    aws.end(aws.start(bucket, roleArn=aws.service_role(bucket, without="s3:GetObject")))
    with opened(browser, aws, color_scheme=scheme) as page:
        page.set_viewport_size({"width": width, "height": 800})
        for part in ("jobs", "stacks"):
            for summary in page.locator(f"#{part}-list > li > details > summary").all()[:4]:
                summary.press("Enter")
        expect(page.locator(".timeline > li").first).to_be_visible()
        assert ground_of(page) == scheme
        assert hard_to_read(page) == []
        assert outside(page) == []


def test_hundreds_of_jobs_are_renewed_where_something_has_changed(browser: Browser, idle_aws: LocalAws) -> None:
    """Of 300 lines one is written anew, and none is made anew."""
    bucket = idle_aws.bucket()
    role = idle_aws.service_role(bucket)
    arns = [idle_aws.start(bucket, roleArn=role, jobName=f"many-{n}") for n in range(300)]
    with opened(browser, idle_aws) as page:
        lines = page.locator("#jobs-list > li")
        page.get_by_label("Name, model or status").fill("many- submitted")
        expect(lines).to_have_count(300)
        page.get_by_label("Name, model or status").fill("many-")
        line(page, arns[3]).locator("summary").focus()
        page.evaluate(MARK)
        page.evaluate(WATCH)
        idle_aws.bedrock.stop_model_invocation_job(jobIdentifier=arns[7])
        expect(status(line(page, arns[7]))).to_have_text(re.compile("Stopp"))
        newest = idle_aws.start(bucket, roleArn=role, jobName="many-300")
        expect(lines).to_have_count(301)
        expect(lines.first).to_contain_text("many-300")
        assert page.evaluate(MARKED) == 300
        assert set(page.evaluate("[...written]")) == {arns[7], newest}
        assert page.evaluate("document.activeElement.closest('#jobs-list > li').about") == arns[3]
        page.get_by_label("Name, model or status").fill("many-3 stop")
        expect(lines).to_have_count(0)


def test_what_is_in_a_bucket_has_the_same_origin_and_gets_nothing(browser: Browser, aws: LocalAws) -> None:
    bucket = aws.bucket()
    s3, signed = aws.client("s3"), {}
    for key, kind, body in (("page", "text/html", b"<p>of somebody else"), ("script", "text/javascript", b"")):
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=kind)
        signed[key] = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
    with browser.new_context() as context:
        page, other = context.new_page(), context.new_page()
        page.goto(fresh_address(aws))
        assert not page.evaluate(INLINE)
        assert not page.evaluate(LOADED, signed["script"])
        other.goto(signed["page"])
        assert other.evaluate(LOADED, signed["script"])
        assert other.evaluate("fetch('/_bedrock/console/state').then(answer => answer.status)") == 403
        assert other.evaluate("document.cookie") == ""


def test_an_address_that_was_opened_says_how_to_get_another(browser: Browser, aws: LocalAws) -> None:
    address = fresh_address(aws)
    with browser.new_context() as context, browser.new_context() as another:
        context.new_page().goto(address)
        page = another.new_page()
        page.goto(address)
        expect(page.get_by_role("heading")).to_have_text("This address is good for nothing any more")
        expect(page.locator("p")).to_contain_text("Run “bedrock-local console” for a fresh address")


def test_it_says_when_it_hears_nothing_more(browser: Browser, aws: LocalAws) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(fresh_address(aws))
        expect(page.locator("#faults-kinds > li")).to_have_count(6)
        context.set_offline(offline=True)
        expect(page.locator("#connection")).to_contain_text("The local AWS does not answer.")
        context.set_offline(offline=False)
        expect(page.locator("#connection")).to_be_hidden()
        context.clear_cookies()
        expect(page.locator("#connection")).to_contain_text("run bedrock-local console")
