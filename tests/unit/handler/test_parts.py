"""What the function is made of, with and without something to hold requests with."""

import pytest
from botocore.session import Session

from model_invocation_job.parts import Parts

from .fakes import FakeClock, InMemoryStacks
from .room import REQUEST

ENVIRONMENT = {"WAITS_TABLE": "waits", "LOOKS_STATE_MACHINE": "machine"}


def parts(environment: dict[str, str], made: list[str]) -> Parts:
    def client(service: str) -> object:
        made.append(service)
        return Session().create_client(service, "us-east-1", aws_access_key_id="id", aws_secret_access_key="key")

    parts = Parts(client, FakeClock(), environment)
    vars(parts).update(stacks=InMemoryStacks())
    return parts


@pytest.mark.parametrize("missing", ENVIRONMENT)
def test_nothing_is_held_where_there_is_nothing_to_hold_it_with(missing: str) -> None:
    without = parts({**ENVIRONMENT, missing: ""}, [])
    assert without.hold({}, without.demand(REQUEST, None), "function", None) is None
    assert without.registration("function") is None


def test_without_a_table_there_is_nothing_to_look_at_and_nothing_is_removed() -> None:
    without = parts({}, [])
    assert without.looking(pytest.fail) is None
    assert without.removal is None


def test_each_client_is_made_once_and_not_before_it_is_needed() -> None:
    made: list[str] = []
    all_of_it = parts(ENVIRONMENT, made)
    assert made == []
    for _ in range(2):
        assert all_of_it.hold({}, all_of_it.demand(REQUEST, None), "function", None)
        assert all_of_it.registration("function")
        assert all_of_it.looking(pytest.fail)
        assert all_of_it.removal
        assert all_of_it.lifecycle
        assert all_of_it.results
        assert all_of_it.resource_tags
    assert sorted(made) == ["bedrock", "dynamodb", "iam", "resourcegroupstaggingapi", "s3", "s3", "stepfunctions"]
