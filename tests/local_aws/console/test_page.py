"""The console as its reader sees and uses it, in a browser."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from .visitor import fresh_address
from .window import MARKUP, line, status

if TYPE_CHECKING:
    from tests.local_aws.conftest import LocalAws

    from .visitor import Visitor

# The one that no test may do without: what has the focus, and no ring around it.
UNSEEN = """() => {
  const focused = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(focused);
  return outlineStyle === "none" || outlineWidth === "0px" ? focused.outerHTML : "";
}"""
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
