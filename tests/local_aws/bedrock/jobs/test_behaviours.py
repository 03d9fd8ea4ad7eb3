"""What is not known of the service: each possibility, and that the troublesome one is the default."""

import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from botocore.exceptions import ClientError

from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.local_aws import LocalAws as StartedAws
from tests.local_aws.conftest import ACCOUNT, ENDED, LocalAws, allow, policy, records, serve, trust
from tests.local_aws.program import bedrock_local

OTHERWISE = """Behaviours(
    name_of_ended_job="free",
    repeated_token="earlier-job",
    stop_of_ended_job="conflict",
    tags_of_ended_job="readable",
    end_time="same",
    unassumable_role="request-fails",
    role_propagation=0,
    client_request_token="absent",
)"""


@pytest.fixture(scope="module")
def otherwise() -> Iterator[LocalAws]:
    with serve(behaviours=OTHERWISE) as started:
        yield started


def refusal(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def ended(aws: LocalAws, **changes: object) -> dict:
    """Return a job that has failed, for lack of records."""
    return aws.end(aws.start(aws.bucket({"in.jsonl": records(1)}), **changes))


def again(aws: LocalAws, job: dict) -> str:
    request = aws.request(jobName=job["jobName"], roleArn=job["roleArn"])
    return str(aws.bedrock.create_model_invocation_job(**request)["jobArn"])


def test_the_name_of_an_ended_job_stays_reserved(aws: LocalAws) -> None:
    with pytest.raises(ClientError) as error:
        again(aws, ended(aws))
    assert refusal(error) == ("ConflictException", "The provided job name is currently in use")


def test_or_it_becomes_free(otherwise: LocalAws) -> None:
    job = ended(otherwise)
    assert again(otherwise, job) != job["jobArn"]


def test_but_not_before_its_job_has_ended_which_may_be_a_matter_of_validation() -> None:
    behaviours = 'Behaviours(name_of_ended_job="free", name_in_use="validation", role_propagation=0)'
    with serve(pace="Pace(submitted=3600)", behaviours=behaviours) as aws:
        request = aws.request()
        aws.bedrock.create_model_invocation_job(**request)
        with pytest.raises(ClientError) as error:
            aws.bedrock.create_model_invocation_job(**request)
    assert refusal(error) == ("ValidationException", "The provided job name is currently in use")


def test_a_repeated_token_with_other_parameters_is_a_conflict(aws: LocalAws) -> None:
    request = aws.request(clientRequestToken=uuid.uuid4().hex)
    aws.bedrock.create_model_invocation_job(**request)
    with pytest.raises(ClientError) as error:
        aws.bedrock.create_model_invocation_job(**request | {"timeoutDurationInHours": 48})
    assert refusal(error)[0] == "ConflictException"


def test_or_it_answers_the_earlier_job(otherwise: LocalAws) -> None:
    role = otherwise.role()
    request = otherwise.request(clientRequestToken=uuid.uuid4().hex, roleArn=role)
    first = otherwise.bedrock.create_model_invocation_job(**request)["jobArn"]
    other = otherwise.bedrock.create_model_invocation_job(**request | {"timeoutDurationInHours": 48})["jobArn"]
    assert other == first


def test_stop_of_an_ended_job_fails_validation_and_names_its_status(aws: LocalAws) -> None:
    job = ended(aws)
    with pytest.raises(ClientError) as error:
        aws.bedrock.stop_model_invocation_job(jobIdentifier=job["jobArn"])
    assert refusal(error)[0] == "ValidationException"
    assert refusal(error)[1].endswith("State was: Failed")


def test_or_it_is_a_conflict(otherwise: LocalAws) -> None:
    job = ended(otherwise)
    with pytest.raises(ClientError) as error:
        otherwise.bedrock.stop_model_invocation_job(jobIdentifier=job["jobArn"])
    assert refusal(error)[0] == "ConflictException"


def test_the_tags_of_an_ended_job_change_and_are_not_listed(aws: LocalAws) -> None:
    arn = ended(aws, tags=[{"key": "a", "value": "1"}])["jobArn"]
    aws.bedrock.tag_resource(resourceARN=arn, tags=[{"key": "b", "value": "2"}])
    aws.bedrock.untag_resource(resourceARN=arn, tagKeys=["a"])
    with pytest.raises(aws.bedrock.exceptions.ResourceNotFoundException):
        aws.bedrock.list_tags_for_resource(resourceARN=arn)
    (found,) = aws.client("resourcegroupstaggingapi").get_resources(ResourceARNList=[arn])["ResourceTagMappingList"]
    assert found["Tags"] == [{"Key": "b", "Value": "2"}]


def test_or_they_are_listed(otherwise: LocalAws) -> None:
    tags = [{"key": "a", "value": "1"}]
    arn = ended(otherwise, tags=tags)["jobArn"]
    assert otherwise.bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == tags


def test_a_job_shows_that_it_has_ended_later_than_it_did(aws: LocalAws) -> None:
    job = ended(aws)
    assert job["lastModifiedTime"] > job["endTime"]


def test_or_at_that_moment(otherwise: LocalAws) -> None:
    job = ended(otherwise)
    assert job["lastModifiedTime"] == job["endTime"]


def test_a_role_that_nobody_can_assume_may_fail_the_request(otherwise: LocalAws) -> None:
    elsewhere = otherwise.role(trusted={**trust(), "Principal": {"Service": "lambda.amazonaws.com"}})
    for role in (elsewhere, otherwise.request()["roleArn"]):
        request = otherwise.request(roleArn=role)
        with pytest.raises(ClientError) as error:
            otherwise.bedrock.create_model_invocation_job(**request)
        assert refusal(error)[0] == "ValidationException"
        assert refusal(error)[1].startswith("Could not assume provided IAM role")
        assert not otherwise.bedrock.list_model_invocation_jobs(nameContains=request["jobName"])[
            "invocationJobSummaries"
        ]


def test_a_young_role_is_refused_until_iam_has_spread_it() -> None:
    with serve(behaviours="Behaviours(role_propagation=1.0)") as aws:
        bucket = aws.bucket({"in.jsonl": records()})
        began = time.monotonic()
        role = aws.service_role(bucket)
        request, refusals = aws.request(bucket, roleArn=role, clientRequestToken=uuid.uuid4().hex), 0
        while not (arn := created(aws, request)):
            refusals += 1
            time.sleep(0.1)
        assert refusals
        assert time.monotonic() - began >= 1
        assert aws.end(arn)["status"] == "Completed"
        # Another policy makes it no younger, another trust does.
        name = role.rpartition("/")[2]
        aws.client("iam").put_role_policy(RoleName=name, PolicyName="other", PolicyDocument=policy(allow("s3:*", "*")))
        assert created(aws, aws.request(roleArn=role))
        aws.client("iam").update_assume_role_policy(RoleName=name, PolicyDocument=policy(trust(), trust()))
        assert not created(aws, aws.request(roleArn=role))


def created(aws: LocalAws, request: dict) -> str:
    """Create a job; answer nothing if its role cannot be assumed yet."""
    try:
        return str(aws.bedrock.create_model_invocation_job(**request)["jobArn"])
    except aws.bedrock.exceptions.ValidationException as error:
        if not error.response["Error"]["Message"].startswith("Could not assume provided IAM role"):
            raise
        return ""


def test_get_shows_the_token(aws: LocalAws) -> None:
    token = uuid.uuid4().hex
    arn = aws.start("some-bucket", clientRequestToken=token)
    assert aws.bedrock.get_model_invocation_job(jobIdentifier=arn)["clientRequestToken"] == token


def test_or_it_does_not(otherwise: LocalAws) -> None:
    request = otherwise.request(roleArn=otherwise.role(), clientRequestToken=uuid.uuid4().hex)
    arn = otherwise.bedrock.create_model_invocation_job(**request)["jobArn"]
    assert "clientRequestToken" not in otherwise.bedrock.get_model_invocation_job(jobIdentifier=arn)
    assert otherwise.bedrock.create_model_invocation_job(**request)["jobArn"] == arn


@pytest.mark.parametrize(
    ("uris", "shown"),
    [
        ("as-given", ("s3://some/in.jsonl", "s3://some/out/")),
        ("slash-added", ("s3://some/in.jsonl/", "s3://some/out/")),
        ("slash-removed", ("s3://some/in.jsonl", "s3://some/out")),
    ],
)
def test_get_and_list_show_uris_in_one_way(uris: str, shown: tuple[str, str]) -> None:
    with serve(pace="Pace(submitted=3600)", behaviours=f"Behaviours(role_propagation=0, uris={uris!r})") as aws:
        arn = aws.start("some")
        (listed,) = aws.bedrock.list_model_invocation_jobs()["invocationJobSummaries"]
        for job in (listed, aws.bedrock.get_model_invocation_job(jobIdentifier=arn)):
            configs = job["inputDataConfig"]["s3InputDataConfig"], job["outputDataConfig"]["s3OutputDataConfig"]
            assert tuple(config["s3Uri"] for config in configs) == shown
            assert {config["s3BucketOwner"] for config in configs} == {ACCOUNT}


def test_every_default_is_the_first_choice() -> None:
    hints = get_type_hints(Behaviours).items()
    chosen = {name: get_args(hint)[0] for name, hint in hints if get_origin(hint) is Literal}
    assert Behaviours.parse([]) == Behaviours(**chosen)
    assert Behaviours().role_propagation > 0


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("nonsense=1", "must be one of name_of_ended_job, .*, got 'nonsense'"),
        ("name_of_ended_job=gone", "'name_of_ended_job' must be reserved or free, got 'gone'"),
        ("role-propagation=soon", "'role_propagation' must be a number of seconds, got 'soon'"),
        ("role_propagation=-1", "got '-1'"),
        ("young-role=soon", "'young_role' must be a number of seconds, got 'soon'"),
        ("uris=normalized", "'uris' must be as-given or slash-added or slash-removed, got 'normalized'"),
        ("role_propagation=nan", "got 'nan'"),
        ("repeated_token", "got ''"),
        ("profile_regions=us-east-1", "must be like us:us-east-1,us-west-2 .*; got 'us-east-1'"),
        ("profile_regions=mars:us-east-1", "one of us, eu, .*; got 'mars:us-east-1'"),
    ],
)
def test_what_is_no_behaviour_is_named(assignment: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Behaviours.parse([assignment])


def test_the_command_and_the_library_take_them(tmp_path: Path) -> None:
    refused = bedrock_local("up", "--model", "echo", "--behaviour", "nonsense=1", folder=tmp_path)
    assert refused.returncode == 2
    assert re.search("'behaviour' must be one of .* got 'nonsense'", refused.stderr)
    behaviours = {"tags_of_ended_job": "readable", "role_propagation": 0}
    with StartedAws(model="echo", directory=tmp_path, behaviours=behaviours) as aws:
        late = bedrock_local("deploy", "--dir", str(tmp_path), "--behaviour", "name_in_use=conflict", folder=tmp_path)
        assert (late.returncode, "--behaviour is for a local AWS that starts" in late.stderr) == (2, True)
        mine = LocalAws(aws.endpoint_url, aws.secret)
        arn = mine.bedrock.create_model_invocation_job(**mine.request(tags=[{"key": "a", "value": "1"}]))["jobArn"]
        mine.reach(arn, ENDED)
        assert mine.bedrock.list_tags_for_resource(resourceARN=arn)["tags"]
