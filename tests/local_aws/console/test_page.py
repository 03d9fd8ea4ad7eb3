"""The console as its reader sees and uses it, in a browser."""

from __future__ import annotations

import json
import re
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import Browser, Page, expect

from tests.browser.legible import SCHEMES, ground_of, hard_to_read, outside
from tests.local_aws.conftest import LocalAws, records

from .visitor import Visitor, fresh_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator

MARKUP = "<img src=x onerror=document.title='broken'>"
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
# The one that no test may do without: what has the focus, and no ring around it.
UNSEEN = """() => {
  const focused = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(focused);
  return outlineStyle === "none" || outlineWidth === "0px" ? focused.outerHTML : "";
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
FAILING = {
    "Resources": {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Wait": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "1"},
        },
    }
}
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
SAYING = {
    "Runtime": "python3.12",
    "Handler": "index.say",
    "Code": {"ZipFile": f"def say(event, context):\n    print({MARKUP!r})\n"},
    "Role": {"Fn::GetAtt": ["Role", "Arn"]},
}
WORKING = {
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]},
                "ManagedPolicyArns": ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
            },
        },
        "Function": {"Type": "AWS::Lambda::Function", "Properties": SAYING},
    },
    "Outputs": {"Name": {"Value": {"Ref": "Function"}}},
}


@pytest.fixture(scope="module")
def visitor(aws: LocalAws) -> Visitor:
    return Visitor(aws)


@pytest.fixture(scope="module")
def bucket(aws: LocalAws) -> str:
    return aws.bucket({"in.jsonl": records(text=f"{MARKUP} {{n}}")})


@contextmanager
def opened(browser: Browser, aws: LocalAws, **settings: Any) -> Iterator[Page]:
    """Open the page in a window of its own, in which it must work without complaint."""
    with browser.new_context(viewport={"width": 1000, "height": 800}, **settings) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(fresh_address(aws))
        yield page
        assert complaints == []


@pytest.fixture
def page(browser: Browser, aws: LocalAws) -> Iterator[Page]:
    with opened(browser, aws) as page:
        yield page


def line(page: Page, arn: str) -> Locator:
    """The job's line of the list."""
    return page.locator("#jobs-list > li").filter(has_text=arn)


def status(job: Locator) -> Locator:
    return job.locator("summary > .status")


def test_a_job_is_followed_to_its_end_and_its_records_as_they_come(
    aws: LocalAws, bucket: str, visitor: Visitor, page: Page
) -> None:
    hold = visitor.switch_on(kind="hold-jobs", status="Submitted")
    job = line(page, arn := aws.start(bucket))
    expect(status(job)).to_have_text("Submitted")
    job.locator("summary").first.press("Enter")
    expect(job.locator(".timeline .status")).to_have_text(["Submitted"])
    visitor.switch_off(hold)
    expect(status(job)).to_have_text("Completed")
    expect(page.locator("#news")).to_contain_text("is Completed.")
    stations = ["Submitted", "Validating", "Scheduled", "InProgress", "Completed"]
    expect(job.locator(".timeline .status")).to_have_text(stations)
    expect(job.locator("summary .counts")).to_contain_text("100 of 100 records")
    expect(job.locator(".records > li")).to_have_count(20)
    expect(job.locator("dd").first).to_have_text(arn)
    record = job.locator(".records > li").first
    expect(record.locator(".question")).to_have_text(re.compile(re.escape(MARKUP) + r" \d+"))
    record.locator("summary").press("Enter")
    assert json.loads(record.locator("pre").inner_text())["modelInput"]["messages"][0]["role"] == "user"


def test_a_job_is_stopped(aws: LocalAws, bucket: str, visitor: Visitor, page: Page) -> None:
    hold = visitor.switch_on(kind="hold-jobs", status="Validating")
    arn = aws.start(bucket)
    job = line(page, arn)
    job.locator("summary").first.press("Enter")
    job.get_by_role("button", name="Stop this job").press("Enter")
    expect(status(job)).to_have_text("Stopped")
    expect(job.get_by_role("button", name="Stop this job")).to_be_hidden()
    assert aws.end(arn)["status"] == "Stopped"
    visitor.switch_off(hold)


def test_a_denied_permission_comes_with_the_statement_that_is_missing(aws: LocalAws, bucket: str, page: Page) -> None:
    role = aws.service_role(bucket, without="s3:PutObject").rpartition("/")[2]
    job = line(page, aws.start(bucket, roleArn=f"arn:aws:iam::000000000000:role/{role}"))
    expect(status(job)).to_have_text("Failed")
    expect(job.locator("summary .problem")).to_contain_text("PutObject")
    job.locator("summary").first.press("Enter")
    expect(job.locator(".denied")).to_contain_text(
        f"Denied permissions of its role: s3:PutObject on arn:aws:s3:::{bucket}"
    )
    denial = page.locator("#denials-list > li").filter(has_text=role)
    expect(denial).to_contain_text("Missing in a policy of its own:")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    denial.get_by_role("button", name="Copy the statement").press("Enter")
    expect(denial.get_by_role("status")).to_have_text("Copied.")
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied["Action"] == "s3:PutObject"
    assert copied["Resource"].startswith(f"arn:aws:s3:::{bucket}/out/")


def test_a_fault_is_switched_on_and_off_by_the_keyboard_alone(aws: LocalAws, bucket: str, page: Page) -> None:
    tab_to(page, "Switch on fail-records", "share")
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    on = page.locator("#faults-on > li")
    expect(on).to_contain_text("share: 0.5")
    expect(line(page, aws.start(bucket)).locator("summary .counts")).to_contain_text("50 failed")
    on.get_by_role("button", name="Switch off fail-records").focus()
    page.keyboard.press("Enter")
    expect(on).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    expect(line(page, aws.start(bucket)).locator("summary .counts")).to_have_text(re.compile("100 of 100 records$"))


def tab_to(page: Page, form: str, field: str) -> None:
    """Go on from where the focus is, as who has no mouse; the focus is seen all the way."""
    wanted = page.get_by_role("listitem").filter(has=page.get_by_role("button", name=form)).get_by_label(field)
    expect(wanted).to_be_visible()
    for _ in range(300):
        page.keyboard.press("Tab")
        assert page.evaluate(UNSEEN) == ""
        if wanted.evaluate("node => node === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {field}")


def test_a_fault_that_cannot_be_is_refused_in_a_sentence(browser: Browser, aws: LocalAws) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(fresh_address(aws))
        form = page.locator("#faults-kinds > li").filter(has_text="fail-records")
        form.get_by_label("share").fill("2")
        form.get_by_role("button").click()
        expect(form.get_by_role("alert")).to_have_text("share must be from 0 to 1, got 2.0")


def test_a_stack_shows_its_events_resources_outputs_and_logs(aws: LocalAws, page: Page) -> None:
    cloudformation = aws.client("cloudformation")
    names = [f"{kind}-{uuid.uuid4().hex[:8]}" for kind in ("Works", "Fails")]
    for name, template in zip(names, (WORKING, FAILING), strict=True):
        body = json.dumps(template)
        cloudformation.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    works, fails = (page.locator("#stacks-list > li").filter(has_text=name) for name in names)
    expect(status(works)).to_have_text("CREATE_COMPLETE")
    expect(status(fails)).to_have_text("ROLLBACK_COMPLETE")
    works.locator("summary").press("Enter")
    expect(works.locator(".events > li").first).to_contain_text("CREATE_COMPLETE AWS::CloudFormation::Stack")
    expect(works.locator(".resources")).to_contain_text("Function CREATE_COMPLETE AWS::Lambda::Function")
    expect(works.locator(".outputs > li")).to_contain_text(f"Name {names[0]}-Function")
    function = cloudformation.describe_stacks(StackName=names[0])["Stacks"][0]["Outputs"][0]["OutputValue"]
    aws.client("lambda").invoke(FunctionName=function)
    works.locator(".logs summary").press("Enter")
    expect(works.locator(".logs pre")).to_contain_text(MARKUP)
    fails.locator("summary").press("Enter")
    failed = fails.locator(".events > li").filter(has_text="CREATE_FAILED")
    expect(failed).to_contain_text("timed out")


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
