"""A hundred jobs in a stack, within the limits of CloudFormation and of IAM."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

from .conftest import NOVA
from .template import JOB, Synthesized, plain

JOBS = 100
#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
INLINE, MANAGED, MANAGED_POLICIES = 10_240, 6_144, 10


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("records")
    for job in range(JOBS):
        body = {"messages": [{"role": "user", "content": [{"text": f"Say hello to {job}"}]}]}
        lines = (json.dumps({"recordId": f"r{number}", "modelInput": body}) + "\n" for number in range(100))
        (found / f"prompts-{job}.jsonl").write_text("".join(lines))
    return found


@pytest.fixture(scope="module", params=["own roles", "shared role", "shared role and a key"])
def hundred(request: pytest.FixtureRequest, folder: Path) -> Synthesized:
    stack = Stack(App(), "Stack")
    shared = "shared" in request.param
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com")) if shared else None
    key = kms.Key(stack, "Key") if "key" in request.param else None
    for number in range(JOBS):
        ModelInvocationJob(
            stack,
            f"Job{number}",
            model=BatchModel.foundation_model(NOVA),
            input_data=InputData.from_file(folder / f"prompts-{number}.jsonl"),
            role=role,
            encryption_key=key,
        )
    return Synthesized.of(stack)


def as_deployed(document: object) -> str:
    """A policy with every name as long as AWS makes it."""
    text = json.dumps(plain(document), separators=(",", ":"))
    longest = {"AWS::Partition": "aws-us-gov", "AWS::Region": "ap-southeast-99", "AWS::AccountId": "1" * 12}
    longest["AWS::URLSuffix"] = "amazonaws.com"
    text = re.sub(r"\$\{(AWS::\w+)\}", lambda match: longest.get(match[1], "x" * 128), text)
    text = re.sub(r"\$\{\w+Role\w*\.Arn\}", f"arn:aws-us-gov:iam::{'1' * 12}:role/{'r' * 64}", text)
    return re.sub(r"\$\{\w+(\.Arn)?\}", "b" * 100, re.sub(r"\$\{\w+\}(?=/)", "b" * 63, text))


def test_a_hundred_jobs_fit_into_a_stack(hundred: Synthesized) -> None:
    assert len(hundred.all(JOB)) == JOBS
    assert len(hundred.resources) < 500


def test_a_further_job_adds_itself_and_its_role_at_most(hundred: Synthesized) -> None:
    own = [r["Type"] for name, r in hundred.resources.items() if name.startswith("Job7")]
    assert Counter(own)[JOB] == 11, "Job7, and Job70 to Job79"
    assert len(own) in {11, 3 * 11}


def test_every_policy_is_within_the_limits_of_iam(hundred: Synthesized) -> None:
    inline: Counter[str] = Counter()
    managed: Counter[str] = Counter()
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for policy in hundred.properties(kind):
            size = len(as_deployed(policy["PolicyDocument"]))
            for role in plain(policy["Roles"]):
                if kind == "AWS::IAM::Policy":
                    inline[role] += size
                else:
                    assert size <= MANAGED
                    managed[role] += 1
    assert inline
    assert max(inline.values()) <= INLINE
    assert all(count <= MANAGED_POLICIES for count in managed.values())


def test_the_function_is_there_after_all_its_policies(hundred: Synthesized) -> None:
    provider = {name for name in hundred.all("AWS::IAM::ManagedPolicy") if name.startswith("BedrockBatchProviderRole")}
    assert provider, "or this test says nothing"
    for job in hundred.all(JOB):
        assert provider <= hundred.needed(job)


def test_the_shared_role_has_all_its_policies_before_any_job(hundred: Synthesized) -> None:
    overflow = {name for name in hundred.all("AWS::IAM::ManagedPolicy") if name.startswith("Role")}
    for job in hundred.all(JOB):
        assert overflow <= hundred.needed(job)
