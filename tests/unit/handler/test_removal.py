"""What a job's role needed, and the template retains: removed by the Delete that leaves nobody to need it."""

import json

import pytest
from botocore.session import Session
from botocore.stub import Stubber

from model_invocation_job.errors import NotYetPermittedError, ThrottledError, UnavailableError
from model_invocation_job.owner.left_running import TAG
from model_invocation_job.owner.notes import POLICIES
from model_invocation_job.provision.roles import IamRoles

from .fakes import ACCOUNT
from .function import FINISHED, Function
from .room import REQUEST

MANAGED = f"arn:aws:iam::{ACCOUNT}:policy/Managed"
LEFT = {"RoleName": "Role", "DeleteRole": "true", "Policies": ["First", "Second"], "ManagedPolicies": [MANAGED]}
PROPERTIES = {**FINISHED, "JobNamePrefix": "Words-0123abcd", "LeftBehind": LEFT}
ALL = ["Role/First", "Role/Second", f"Role/{MANAGED}", "Role"]
OWNER = f"{REQUEST.stack_id}#Job"


def needs(**jobs: tuple[str, ...]) -> tuple[str, ...]:
    """Jobs with their roles and policies, as the function notes them."""
    told = {job: {"Job": job, "Role": role, "Policies": policies} for job, (role, *policies) in jobs.items()}
    return tuple(map(json.dumps, told.values()))


def delete(function: Function, job: str, present: str = "", **properties: object) -> None:
    function.stacks.status, function.stacks.physical_id = "DELETE_IN_PROGRESS", present or job
    function.send(
        RequestType="Delete",
        RequestId="delete",
        PhysicalResourceId=job,
        ResourceProperties={**PROPERTIES, **properties},
    )
    assert function.endpoint.answer["Status"] == "SUCCESS"


def test_all_of_it_goes_with_the_resource(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    delete(function, job)
    assert function.jobs.stopped == [job]
    assert function.roles.removed == ALL
    assert not function.waits.notes


def test_a_role_of_the_users_stays(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    delete(function, job, LeftBehind={**LEFT, "DeleteRole": "false"})
    assert function.roles.removed == ALL[:-1]


def test_what_another_job_of_the_resource_needs_by_now_stays(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    function.waits.notes[OWNER, POLICIES] += needs(another=("Role", "Second", "Third"))
    delete(function, job, present="another")
    assert function.roles.removed == ["Role/First", f"Role/{MANAGED}"]
    assert function.waits.notes[OWNER, POLICIES] == needs(another=("Role", "Second", "Third"))


def test_a_role_that_the_resource_has_no_more_goes_with_its_last_job(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    function.waits.notes[OWNER, POLICIES] += needs(another=("AnotherRole", "Second"))
    delete(function, job, present="another")
    assert function.roles.removed == ALL
    assert function.waits.notes


def test_what_the_present_job_needs_is_noted_by_each_request(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    assert function.waits.notes[OWNER, POLICIES] == needs(**{job: ("Role", "First", "Second", MANAGED)})


@pytest.mark.parametrize("roll_back", ["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"])
def test_a_replacement_that_is_rolled_back_leaves_what_the_job_of_before_needs(
    function: Function, roll_back: str
) -> None:
    """Also where no Update leads back to that one, and the resource shows the other until the end."""
    before = function.finish(**PROPERTIES)
    changed = {**PROPERTIES, "RunToken": "2", "LeftBehind": {**LEFT, "Policies": ["Second", "Third"]}}
    function.stacks.status, function.stacks.physical_id = "UPDATE_IN_PROGRESS", before
    function.jobs.script = ["Submitted", "Scheduled"]
    asked = {"ResourceProperties": changed, "OldResourceProperties": PROPERTIES}
    function.send(RequestType="Update", RequestId="update", PhysicalResourceId=before, **asked)
    function.endpoint.bodies.clear()
    function.jobs.script, function.stacks.own = [], roll_back
    function.jobs.set_status(before, "Completed")
    delete(function, function.job, **changed)
    assert function.roles.removed == ["Role/Third"]
    function.stacks.own = "DELETE_IN_PROGRESS"
    function.endpoint.bodies.clear()
    delete(function, before)
    assert function.roles.removed == ["Role/Third", *ALL]


def test_where_that_is_not_known_all_of_it_stays(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    function.waits.notes.clear()
    delete(function, job, present="another")
    assert function.roles.removed == []


def test_where_the_resource_cannot_be_seen_all_of_it_stays(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    function.stacks.others["Job"] = ""
    delete(function, job)
    assert function.roles.removed == []


def test_a_job_that_is_left_running_keeps_all_of_it(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    function.jobs.tagged[job] = {TAG: "Stack"}
    delete(function, job)
    assert function.roles.removed == []


def test_another_job_that_was_left_running_keeps_all_of_it(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    function.jobs.script = ["Scheduled"]
    function.send(RequestId="other", ResourceProperties={**PROPERTIES, "RunToken": "2"})
    function.endpoint.bodies.clear()
    function.jobs.script = []
    delete(function, job)
    assert function.roles.removed == []


def test_a_job_that_goes_on_keeps_all_of_it(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    delete(function, job, StopOnDelete="false")
    assert function.roles.removed == []


@pytest.mark.parametrize("error", [NotYetPermittedError("no right"), UnavailableError("no answer")])
def test_what_is_refused_at_first_is_removed_later(function: Function, error: Exception) -> None:
    job = function.finish(**PROPERTIES)
    function.roles.refusals = [error] * 2
    delete(function, job)
    assert function.roles.removed == ALL


def test_what_is_always_refused_blocks_no_stack(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    function.roles.refusals = [NotYetPermittedError("no right")] * 1000
    delete(function, job)
    assert function.roles.removed == []


def test_a_property_that_cannot_be_read_blocks_no_delete(function: Function) -> None:
    job = function.finish(**PROPERTIES)
    delete(function, job, LeftBehind="Role")
    assert function.roles.removed == []


def test_a_role_goes_with_whatever_earlier_jobs_have_left_in_it() -> None:
    client = Session().create_client("iam", "us-east-1", aws_access_key_id="id", aws_secret_access_key="key")
    with Stubber(client) as iam:
        iam.add_response("list_role_policies", {"PolicyNames": ["Old"]}, {"RoleName": "Role"})
        iam.add_response("delete_role_policy", {}, {"RoleName": "Role", "PolicyName": "Old"})
        iam.add_response("delete_role", {}, {"RoleName": "Role"})
        IamRoles(client).delete("Role")
        iam.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["NoSuchEntity", "AccessDenied"])
def test_a_role_whose_policies_cannot_be_listed_is_removed_as_it_is(code: str) -> None:
    client = Session().create_client("iam", "us-east-1", aws_access_key_id="id", aws_secret_access_key="key")
    with Stubber(client) as iam:
        iam.add_client_error("list_role_policies", code)
        iam.add_client_error("delete_role", "NoSuchEntity")
        IamRoles(client).delete("Role")
        iam.assert_no_pending_responses()


def test_a_managed_policy_is_taken_from_the_role_before_it_is_removed() -> None:
    client = Session().create_client("iam", "us-east-1", aws_access_key_id="id", aws_secret_access_key="key")
    with Stubber(client) as iam:
        iam.add_response("detach_role_policy", {}, {"RoleName": "Role", "PolicyArn": MANAGED})
        iam.add_response("delete_policy", {}, {"PolicyArn": MANAGED})
        IamRoles(client).delete_managed("Role", MANAGED)
        iam.add_client_error("delete_role_policy", "Throttling")
        # Of the kind that is waited out: IAM calls it so.
        with pytest.raises(ThrottledError, match="First of Role cannot be removed"):
            IamRoles(client).delete_inline("Role", "First")
        iam.assert_no_pending_responses()
