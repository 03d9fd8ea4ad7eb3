"""Whatever the job's role lacks of what the construct declares: where the job fails, something is found wrong."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bedrock_batch import Diagnosis
from cdk_bedrock_batch import BatchModel
from tests.diagnosis.declared import Document
from tests.diagnosis.world import Job, World, untold, wrong
from tests.end_to_end.permissions import permissions, without
from tests.local_aws.conftest import LocalAws

#: Those that the profile routes to in the local AWS.
REGIONS = ("us-east-1", "us-east-2", "us-west-2")
_OTHER = {"000000000000": "111122223333", "us-east-1": "eu-west-1", "true": "false"}


def changed_conditions(document: Document) -> Iterator[tuple[str, Document]]:
    """Go through copies of a policy, in each of which one condition asks for something else."""
    for number, statement in enumerate(document["Statement"]):
        for operator, keys in statement.get("Condition", {}).items():
            for key, expected in keys.items():
                changed = copy.deepcopy(document)
                values = expected if isinstance(expected, list) else [expected]
                changed["Statement"][number]["Condition"][operator][key] = [other(value) for value in values]
                yield f"{number} {operator} {key}", changed


def other(value: str) -> str:
    for part, instead in _OTHER.items():
        if part in value:
            return value.replace(part, instead)
    return f"not-{value}"


def started(world: World) -> Iterator[tuple[str, Job]]:
    """Start a job for each permission and each condition of the role's policy and trust."""
    policy, trust = world.declared.policy, world.declared.trust
    for missing in permissions([policy]):
        yield f"without {missing}", world.start(world.role(None, dict(without(policy, missing))))
    for name, document in changed_conditions(policy):
        yield f"other condition {name}", world.start(world.role(None, document))
    for name, document in changed_conditions(trust):
        yield f"other trust {name}", world.start(world.role(document))


@dataclass(frozen=True)
class Case:
    """A job that lacks something, how it ended, and what was found."""

    job: Job
    end: dict[str, Any]
    diagnosis: Diagnosis

    @property
    def failed(self) -> bool:
        return bool(self.end["status"] == "Failed")


@pytest.fixture(scope="module")
def cases(world: World) -> dict[str, Case]:
    jobs = dict(started(world))
    ends = {name: world.aws.end(job.arn) for name, job in jobs.items()}
    return {name: Case(job, ends[name], world.diagnose(job)) for name, job in jobs.items()}


def test_a_job_that_has_all_it_needs_is_found_right(world: World) -> None:
    job = world.run(world.role())
    assert world.aws.end(job.arn)["status"] == "Completed"
    diagnosis = world.diagnose(job)
    assert (wrong(diagnosis), untold(diagnosis)) == ([], [])
    assert len(diagnosis.findings) > 25


def test_where_the_job_fails_something_is_wrong(cases: dict[str, Case]) -> None:
    failed = {name: case for name, case in cases.items() if case.failed}
    assert len(failed) > 20
    assert [name for name, case in failed.items() if not wrong(case.diagnosis)] == []


def test_where_the_job_completes_nothing_is(cases: dict[str, Case]) -> None:
    alarms = {name: wrong(case.diagnosis) for name, case in cases.items() if not case.failed}
    assert {name: found for name, found in alarms.items() if found} == {}


def test_what_is_missing_stands_first_and_what_mends_it_does(world: World, cases: dict[str, Case]) -> None:
    mended = {}
    for name, case in cases.items():
        if name.startswith("without") and case.failed:
            first = case.diagnosis.findings[0]
            assert (first.verdict, first.check) == ("wrong", name.split()[1]), name
            statement = json.loads(first.mends[first.mends.index("{") :])
            role = case.job.role.rpartition("/")[2]
            document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            world.iam.put_role_policy(RoleName=role, PolicyName="mend", PolicyDocument=document)
            mended[name] = world.start(case.job.role)
    assert len(mended) > 15
    ends = {name: world.aws.end(job.arn) for name, job in mended.items()}
    assert {name: end["message"] for name, end in ends.items() if end["status"] != "Completed"} == {}


def test_a_profile_needs_all_models_behind_it(aws: LocalAws) -> None:
    world = World(aws, BatchModel.inference_profile("us.amazon.nova-lite-v1:0", regions=REGIONS))
    job = world.run(world.role())
    diagnosis = world.diagnose(job)
    assert (aws.end(job.arn)["status"], wrong(diagnosis), untold(diagnosis)) == ("Completed", [], [])
    missing = next(each for each in permissions([world.declared.policy]) if "us-west-2" in each.resource)
    lacking = world.run(world.role(None, dict(without(world.declared.policy, missing))))
    assert aws.end(lacking.arn)["message"] == "Customer doesn't have permissions to invokeModel"
    first = world.diagnose(lacking).findings[0]
    assert (first.check, first.verdict) == ("bedrock:InvokeModel", "wrong")
    assert missing.resource in first.says
