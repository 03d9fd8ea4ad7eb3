"""Each condition of the service role, in its trust and in its policies, holds: when it asks for another value, the job
fails, and says so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from .conditions import Condition, conditions, with_wrong
from .gallery import GALLERY
from .jobs import Jobs
from .permissions import Document
from .stacks import Deployed, Stacks
from .understudies import Understudies, refusal

#: What there is at least to be tried; a condition that is gone from the templates would be missed here.
KEYS = {
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:ResourceAccount",
    "kms:ViaService",
    "bedrock:InferenceProfileArn",
    "ec2:CreateAction",
    "ec2:Subnet",
    "ec2:ResourceTag/BedrockModelInvocationJobArn",
    "aws:TagKeys",
    "aws:RequestTag/BedrockManaged",
    "aws:RequestTag/BedrockModelInvocationJobArn",
}


@pytest.mark.parametrize("name", GALLERY)
def test_each_condition_of_the_service_role_holds(
    gallery: dict[str, Deployed], stacks: Stacks, jobs: Jobs, name: str
) -> None:
    seen: set[str] = set()
    started = [
        (job, condition, understudy)
        for job, arn in gallery[name].jobs.items()
        for condition, understudy in _start(Understudies(stacks, arn), seen)
    ]
    ended = [(job, condition, jobs.ended(understudy)) for job, condition, understudy in started]
    assert [problem for job, condition, end in ended for problem in _problems(job, condition, end)] == []


def test_all_kinds_of_conditions_are_tried(gallery: dict[str, Deployed], stacks: Stacks) -> None:
    roles = [Understudies(stacks, arn) for deployed in gallery.values() for arn in deployed.jobs.values()]
    documents = [document for role in roles for document in (role.trust, *role.documents)]
    assert {condition.key for document in documents for condition in conditions(document)} == KEYS


def test_a_condition_that_holds_nothing_is_found(gallery: dict[str, Deployed], stacks: Stacks, jobs: Jobs) -> None:
    """It is beside a permission that has none."""
    understudies = Understudies(stacks, gallery["Network"].jobs["Without"])
    generous = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    understudies.documents.append({"Version": "2012-10-17", "Statement": [generous]})
    started = [(condition, jobs.ended(arn)) for condition, arn in _start(understudies, set())]
    problems = [problem for condition, end in started for problem in _problems("Without", condition, end)]
    assert len(problems) == 1
    assert problems[0].startswith("Without completes with another StringEquals aws:ResourceAccount")
    assert problems[0].endswith("of s3:GetObject")


def _start(understudies: Understudies, seen: set[str]) -> Iterator[tuple[Condition, str]]:
    """Start a job for each condition that has not been seen, and go through their ARNs."""
    for condition, trust, documents in _changed(understudies):
        kind = understudies.kind(condition, condition.resources)
        if kind not in seen:
            seen.add(kind)
            yield condition, understudies.start(trust, documents)


def _changed(understudies: Understudies) -> Iterator[tuple[Condition, Document, list[Document]]]:
    """Go through the conditions, with the policies in which each asks for something else."""
    trust, documents = understudies.trust, understudies.documents
    for condition in conditions(trust):
        yield condition, with_wrong(trust, condition), documents
    for index, document in enumerate(documents):
        for condition in conditions(document):
            changed = [*documents[:index], with_wrong(document, condition), *documents[index + 1 :]]
            yield condition, trust, changed


def _problems(job: str, condition: Condition, end: Mapping[str, Any]) -> Iterator[str]:
    if end["status"] == "Completed":
        yield f"{job} completes with another {condition}"
    elif refusal(condition.action) not in end.get("message", ""):
        yield f"{job} with another {condition} ended as {end['status']}: {end.get('message')}"
