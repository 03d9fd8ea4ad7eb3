"""The service role has exactly what its job needs: without any one permission the job fails, and says of which kind."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from .gallery import GALLERY
from .jobs import Jobs
from .permissions import Permission, permissions, without
from .stacks import Deployed, Stacks
from .understudies import Understudies, refusal


@pytest.mark.parametrize("name", GALLERY)
def test_each_permission_of_the_service_role_is_needed(
    gallery: dict[str, Deployed], stacks: Stacks, jobs: Jobs, name: str
) -> None:
    assert _all_problems(stacks, jobs, gallery[name].jobs) == []


def test_a_superfluous_permission_is_found(gallery: dict[str, Deployed], stacks: Stacks, jobs: Jobs) -> None:
    generous = {"Without": gallery["Network"].jobs["Without"]}
    name = jobs.get(generous["Without"])["roleArn"].rpartition("/")[2]
    statement = {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    stacks.iam.put_role_policy(RoleName=name, PolicyName="generous", PolicyDocument=document)
    problems = _all_problems(stacks, jobs, generous)
    assert problems == ["Without has a superfluous permission: s3:DeleteObject on *"]


def _all_problems(stacks: Stacks, jobs: Jobs, deployed: Mapping[str, str]) -> list[str]:
    seen: set[str] = set()
    started = [
        (job, missing, understudy)
        for job, arn in deployed.items()
        for missing, understudy in _start(Understudies(stacks, arn), seen)
    ]
    ended = [(job, missing, jobs.ended(understudy)) for job, missing, understudy in started]
    return [problem for job, missing, end in ended for problem in _problems(job, missing, end)]


def _start(understudies: Understudies, seen: set[str]) -> Iterator[tuple[Permission, str]]:
    """Start a job for each permission that has not been seen, and go through their ARNs."""
    for missing in permissions(understudies.documents):
        kind = understudies.kind(missing, missing.condition)
        if kind not in seen:
            seen.add(kind)
            lacking = [without(document, missing) for document in understudies.documents]
            yield missing, understudies.start(understudies.trust, lacking)


def _problems(job: str, missing: Permission, end: Mapping[str, Any]) -> Iterator[str]:
    if end["status"] == "Completed":
        yield f"{job} has a superfluous permission: {missing}"
    elif refusal(missing.action) not in end.get("message", ""):
        yield f"{job} without {missing} ended as {end['status']}: {end.get('message')}"
