"""Names, tokens and what they prove. The digests are in the names and tokens of jobs that run: they never change."""

from dataclasses import replace
from typing import Any

import pytest

from model_invocation_job.jobs.jobs import Job
from model_invocation_job.owner.claim import Claim
from model_invocation_job.owner.identity import JobIdentity, is_of_second, name_of_second, parts_of
from model_invocation_job.requests.request import JobRequest

from .room import AGAIN, PARAMETERS, REQUEST

OWNER, FIRST = "36933158e49c8a9b3b9aaac0c0ded494", "72f1e703251fa57f8324cba88c4f7b00"
VPC = {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}


def changed(**fields: Any) -> JobRequest:
    return replace(REQUEST, parameters={**PARAMETERS, **fields})


#: Requests, with what the version before wrote into names and tokens for them.
EARLIER = [
    (REQUEST, "b7fbb515d095408a", "f5e49722304fa8ee125cec8d8420e753"),
    (changed(timeoutDurationInHours=48), "8a688af0c68802dd", "452fd67122c651781eb46fe3690b8180"),
    (changed(vpcConfig=VPC), "37727510418d3fe8", "7550b72826a8dd94b30b557804a7aee2"),
    (replace(REQUEST, run_token="2"), "fcf5409e04a71379", "79075a504cdedef7f265744b5f4ec42c"),
]


def job_of(request: JobRequest, name: str = "", token: str = "", **fields: Any) -> Job:
    """A job as Get shows it, of the version before unless a name is given."""
    places = request.parameters
    return Job(
        arn="arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/job000000000",
        name=name or f"Stack-Job-{JobIdentity.of(request).earlier_wish}-72f1e703",
        status="Completed",
        token=token,
        role_arn=places["roleArn"],
        input_uri=places["inputDataConfig"]["s3InputDataConfig"]["s3Uri"],
        output_uri=places["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"],
        running={"timeoutDurationInHours": 24, "roleArn": places["roleArn"], **fields},
    )


@pytest.mark.parametrize(("request_", "wish", "specification"), EARLIER)
def test_what_the_version_before_made_is_still_looked_for(request_: JobRequest, wish: str, specification: str) -> None:
    identity = JobIdentity.of(request_)
    assert identity.earlier_wish == wish
    assert identity.token == f"{OWNER}-{specification}-{FIRST}"
    assert Claim.of(request_).describes(job_of(request_, f"Stack-Job-{wish}-72f1e703"))
    assert Claim.of(request_).describes(job_of(request_, "x", identity.token))


def test_a_token_of_the_users_is_in_the_digest() -> None:
    assert JobIdentity.of(replace(REQUEST, client_request_token="nightly-1")).earlier_wish == "05b741f4c882a40f"


@pytest.mark.parametrize("request_", [request for request, *_ in EARLIER])
def test_names_of_now_stay_as_they_are_too(request_: JobRequest) -> None:
    results = "7300443a" if request_.run_token else "23ed1e4e"
    identity = JobIdentity.of(request_)
    assert identity.name == f"Stack-Job-{results}{identity.earlier_wish[:8]}-72f1e703"
    assert parts_of(identity.name) == (identity.wish, "72f1e703")


def test_a_second_try_is_named_after_the_first() -> None:
    first = JobIdentity.of(REQUEST)
    assert first.second.name == name_of_second(first.name) == f"{first.name[:-2]}-2"
    assert first.second.token == f"{first.token}-2"
    assert len(first.second.name) == len(first.name)
    assert is_of_second(first.second.name)
    assert not is_of_second(first.name)
    assert parts_of(first.second.name) == (first.wish, "72f1e7-2")


@pytest.mark.parametrize("name", ["", "somebody-elses", "x-b7fbb515d095408a", "x-B7FBB515D095408A-72f1e703"])
def test_a_name_that_is_none_of_ours_tells_nothing(name: str) -> None:
    assert parts_of(name) == ("", "")


@pytest.mark.parametrize(
    "asked",
    [
        changed(timeoutDurationInHours=48),
        changed(vpcConfig=VPC),
        changed(roleArn="arn:aws:iam::000000000000:role/path/Other", timeoutDurationInHours=168),
    ],
)
@pytest.mark.parametrize(
    ("made", "running"),
    [
        (REQUEST, {}),
        (changed(timeoutDurationInHours=72), {"timeoutDurationInHours": 72}),
        (changed(vpcConfig=VPC, timeoutDurationInHours=36), {"vpcConfig": VPC, "timeoutDurationInHours": 36}),
    ],
)
def test_results_are_proved_by_what_the_job_of_the_version_before_shows(
    made: JobRequest, running: dict[str, Any], asked: JobRequest
) -> None:
    job = job_of(made, **running)
    assert Claim.of(asked).has_results_of(job)
    for other in (replace(asked, run_token="2"), replace(asked, logical_id="Other"), changed(modelId="amazon.other")):
        assert not Claim.of(other).has_results_of(job)


@pytest.mark.parametrize("role", ["arn:aws:iam::000000000000:role/Job", "arn:aws:iam::000000000000:role/x/Job/"])
@pytest.mark.parametrize(("read", "write"), [("s3://in/a.jsonl", "s3://out"), ("s3://in/a.jsonl/", "s3://out/")])
def test_role_and_places_are_compared_in_one_spelling(role: str, read: str, write: str) -> None:
    job = replace(job_of(REQUEST), role_arn=role, input_uri=read, output_uri=write)
    assert Claim.of(REQUEST).describes(job)


@pytest.mark.parametrize(
    "disguise",
    [
        {"role_arn": "arn:aws:iam::000000000000:role/Other"},
        {"role_arn": "arn:aws:iam::999999999999:role/Job"},
        {"input_uri": "s3://in/b.jsonl"},
        {"output_uri": "s3://out/more/"},
        {"token": "f" * 98},
        {"name": "Stack-Job-0000000000000000-72f1e703"},
    ],
)
def test_without_a_token_any_other_difference_is_another_job(disguise: dict[str, str]) -> None:
    assert not Claim.of(REQUEST).describes(replace(job_of(REQUEST), **disguise))


@pytest.mark.parametrize(
    ("token", "ours"), [("", True), (f"{OWNER}-any-thing", True), ("f" * 98, False), (f"{OWNER[:-1]}-any", False)]
)
def test_the_job_of_the_physical_id_is_ours_unless_its_token_denies_it(token: str, ours: object) -> None:
    strange = Job("arn", "any-name", "Frozen", token=token, role_arn="role", input_uri="?", output_uri="?")
    assert Claim.of(REQUEST).holds(strange) == ours


def test_which_request_made_a_job_is_told_without_its_token() -> None:
    job = job_of(REQUEST, JobIdentity.of(REQUEST).name)
    assert Claim.of(REQUEST).made(job)
    assert not Claim.of(AGAIN).made(job)
    assert not Claim.of(REQUEST).of_second.made(job)
