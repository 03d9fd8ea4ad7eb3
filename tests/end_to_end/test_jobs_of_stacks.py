"""The jobs of a stack and of those nested in it, on the command line: while it is there, and when it was deleted."""

import json
from typing import Any

from aws_cdk import CfnOutput, NestedStack, Stack

from cdk_bedrock_batch import WaitUntil
from tests.toolkit_cli.command import bedrock_batch

from .gallery import job
from .jobs import Jobs
from .stacks import Stacks

NAME = "Outermost"


def build(stack: Stack) -> None:
    inner = NestedStack(stack, "Inner")
    innermost = NestedStack(inner, "Innermost")
    for scope, name in ((stack, "First"), (inner, "Second"), (innermost, "Third")):
        arn = job(scope, name, wait_until=WaitUntil.VALIDATED).job_arn
        CfnOutput(scope, f"{name}Arn", value=arn)


def test_a_job_is_found_in_nested_stacks_and_when_they_are_gone(stacks: Stacks, jobs: Jobs) -> None:
    def told(*arguments: str) -> Any:
        answer = bedrock_batch(*arguments, "--json", **settings)
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    settings = stacks.aws.settings()
    deployed = stacks.deploy(build, NAME)
    found = told("list", "--stack", NAME)
    assert [each["submitTime"] for each in found] == sorted((each["submitTime"] for each in found), reverse=True)
    listed = [each["jobArn"] for each in found]
    assert len(listed) == 3
    assert set(jobs.named(f"{NAME}-")) <= set(listed)
    third = told("status", "--stack", NAME, "Third")
    assert "Third" in third["jobName"]
    assert bedrock_batch("watch", "--stack", NAME, **settings).returncode == 0
    stacks.destroy(deployed)
    assert [each["jobArn"] for each in told("list", "--stack", NAME)] == listed
    assert told("status", "--stack", NAME, "Third")["jobArn"] == third["jobArn"]
    assert told("results", third["jobArn"])["succeeded"] > 0
