"""What crhelper promises its users still holds for our subclass of it, and what CDK's own answering code promises, too.

The cases are those of crhelper's tests (test_resource_helper, test_utils), of CDK's provider framework and of its
Node.js entry point. The limits of an answer, its retries and its secrets are in tests/unit/handler/test_answer.py.
"""

import json

import pytest

from .aws import Aws
from .other_functions import ask

pytest_plugins = ["tests.faults.scripted_stacks"]

REQUEST_TYPES = ["Create", "Update", "Delete"]
MARKER = "AWSCDK::CustomResourceProviderFramework::CREATE_FAILED"


@pytest.mark.parametrize("request_type", REQUEST_TYPES)
def test_the_function_of_the_request_s_type_gets_event_and_context(scripted: Aws, request_type: str) -> None:
    script = "helper.Data = {'Type': event['RequestType'], 'Time': str(context.get_remaining_time_in_millis() > 0)}"
    assert ask(scripted, script, request_type).data == {"Type": request_type, "Time": "True"}


@pytest.mark.parametrize("request_type", REQUEST_TYPES)
def test_an_exception_is_a_failure_with_its_text(scripted: Aws, request_type: str) -> None:
    answer = ask(scripted, "raise ValueError('no such model')", request_type)
    assert (answer.status, answer.reason) == ("FAILED", "no such model")
    assert request_type == "Create" or answer.physical_id == "known"


def test_a_failure_has_exactly_the_members_that_cloudformation_knows(scripted: Aws) -> None:
    ask(scripted, "raise ValueError('no such model')")
    event, body = scripted.cloudformation.requests[0], json.loads(scripted.endpoint.puts[0].body)
    assert body == {
        "Status": "FAILED",
        "Reason": "no such model",
        "PhysicalResourceId": f"Job-{event['RequestId']}",
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": "Job",
        "NoEcho": False,
        "Data": {},
    }


def test_status_and_reason_can_be_set_without_an_exception(scripted: Aws) -> None:
    answer = ask(scripted, "helper.Status, helper.Reason = 'FAILED', 'because'")
    assert (answer.status, answer.reason) == ("FAILED", "because")


def test_what_a_create_returns_is_the_id(scripted: Aws) -> None:
    assert ask(scripted, "answer = 'mine'").physical_id == "mine"


@pytest.mark.parametrize("returned", ["None", "''", "True"])
def test_a_create_that_returns_no_id_gets_the_same_one_at_each_delivery(scripted: Aws, returned: str) -> None:
    first = ask(scripted, f"answer = {returned}").physical_id
    scripted.cloudformation.function.invoke(scripted.cloudformation.requests[0])
    first_answer, second_answer = scripted.endpoint.answers(scripted.cloudformation.requests[0]["RequestId"])
    assert first == first_answer["PhysicalResourceId"] == second_answer["PhysicalResourceId"]


@pytest.mark.parametrize("returned", ["None", "''", "True", "7", "{}"])
def test_an_update_that_returns_no_id_replaces_nothing(scripted: Aws, returned: str) -> None:
    assert ask(scripted, f"answer = {returned}", "Update").physical_id == "known"


def test_an_update_that_returns_another_id_replaces(scripted: Aws) -> None:
    answer = ask(scripted, "answer = 'another'", "Update")
    assert (answer.status, answer.physical_id) == ("SUCCESS", "another")


@pytest.mark.parametrize("returned", ["None", "'another'", "True", "7"])
def test_a_delete_never_changes_the_id(scripted: Aws, returned: str) -> None:
    assert ask(scripted, f"answer = {returned}", "Delete").physical_id == "known"


def test_a_delete_after_a_create_that_failed_elsewhere_has_that_id(scripted: Aws) -> None:
    answer = ask(scripted, "", "Delete", PhysicalResourceId=MARKER)
    assert (answer.status, answer.physical_id) == ("SUCCESS", MARKER)


def test_data_is_of_one_request_only(scripted: Aws) -> None:
    assert ask(scripted, "helper.Data['First'] = 'here'; answer = 'id'").data == {"First": "here"}
    assert ask(scripted, "answer = 'id'").data == {}


def test_a_failure_is_of_one_request_only(scripted: Aws) -> None:
    ask(scripted, "helper.Status, helper.Reason = 'FAILED', 'because'; helper.PhysicalResourceId = 'first'")
    answer = ask(scripted, "pass")
    assert (answer.status, answer.reason) == ("SUCCESS", "")
    assert answer.physical_id != "first"


def test_data_does_not_go_with_a_failure(scripted: Aws) -> None:
    assert ask(scripted, "helper.Data = {'Half': 'done'}; raise ValueError('no')").data == {}


def test_text_of_any_script_arrives_whole(scripted: Aws) -> None:
    answer = ask(scripted, "helper.Data = {'Text': 'Grüße, 你好, 🂡'}; answer = 'ïd'")
    assert (answer.physical_id, answer.data) == ("ïd", {"Text": "Grüße, 你好, 🂡"})


def test_what_went_wrong_at_the_start_is_answered_with_an_id(scripted: Aws) -> None:
    ask(scripted, "helper.init_failure(ValueError('no configuration'))")
    answer = ask(scripted, "answer = 'id'")
    scripted.cloudformation.function.redeploy()
    assert (answer.status, answer.reason) == ("FAILED", "no configuration")
    assert answer.physical_id


def test_the_timer_ends_with_the_request(scripted: Aws) -> None:
    script = "import builtins; builtins.timers = [*getattr(builtins, 'timers', []), helper._timer]; answer = 'id'"
    ask(scripted, script)
    answer = ask(scripted, "helper.Data = {'Cancelled': str(timers[0].finished.is_set())}; answer = 'id'")
    assert answer.data == {"Cancelled": "True"}


def test_a_delete_is_not_slept_over(scripted: Aws) -> None:
    script = "import time; began = time.monotonic(); ask = helper._sleep_on_delete; helper.Data = {'Sleeps': str(ask)}"
    assert ask(scripted, script, "Delete").data == {"Sleeps": "0"}
