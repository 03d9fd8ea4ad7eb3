"""A wait condition with a creation policy: who may signal it, when, and what ends its wait besides."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import LocalAws, allow
from tests.local_aws.emulator.cloudformation.recorder import Recorder, Stack

CONDITION = "AWS::CloudFormation::WaitCondition"
# The longest that CloudFormation takes.
TWELVE_HOURS = "PT12H"
PATIENCE_SECONDS = 60


def condition(*depends_on: str, timeout: str = TWELVE_HOURS) -> dict[str, Any]:
    signal = {"Count": 1, "Timeout": timeout}
    return {"Type": CONDITION, "CreationPolicy": {"ResourceSignal": signal}, "DependsOn": list(depends_on)}


def topic(*depends_on: str, name: str = "") -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name}, "DependsOn": list(depends_on)}


def waiting(aws: LocalAws, **others: dict[str, Any]) -> Stack:
    stack = Stack.begin(aws, Wait=condition(), **others)
    stack.reach("Wait", "CREATE_IN_PROGRESS")
    return stack


def signal(stack: Stack, logical_id: str = "Wait", client: Any = None, **changes: str) -> None:
    request = {"StackName": stack_id(stack), "LogicalResourceId": logical_id, "UniqueId": "job", "Status": "SUCCESS"}
    (client or stack.aws.client("cloudformation")).signal_resource(**{**request, **changes})


def stack_id(stack: Stack) -> str:
    found = stack.aws.client("cloudformation").describe_stack_events(StackName=stack.name)["StackEvents"]
    return str(found[0]["StackId"])


def status(stack: Stack, logical_id: str = "Wait") -> str:
    named = {"StackName": stack.name, "LogicalResourceId": logical_id}
    found = stack.aws.client("cloudformation").describe_stack_resource(**named)
    return str(found["StackResourceDetail"]["ResourceStatus"])


def refusal(stack: Stack, *about: Any, **changes: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        signal(stack, *about, **changes)
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]


def test_its_stack_goes_on_with_a_signal_and_the_others_go_on_without(aws: LocalAws) -> None:
    stack = waiting(aws, Zeta=topic(), After=topic("Wait"))
    stack.reach("Zeta", "CREATE_COMPLETE")
    assert status(stack) == "CREATE_IN_PROGRESS"
    assert stack.events("After") == []
    signal(stack)
    assert stack.settle() == "CREATE_COMPLETE"
    assert status(stack) == "CREATE_COMPLETE"
    assert stack.told("Wait")[1] == ("CREATE_IN_PROGRESS", "Received SUCCESS signal with UniqueId job")
    assert stack.events("After") == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]


def test_a_failure_fails_it(aws: LocalAws) -> None:
    stack = waiting(aws)
    signal(stack, Status="FAILURE")
    assert stack.settle() == "ROLLBACK_COMPLETE"


def test_it_fails_when_its_time_is_over(aws: LocalAws) -> None:
    stack, ended = Stack.create(aws, Wait=condition(timeout="PT1S"))
    assert ended == "ROLLBACK_COMPLETE"
    assert "CREATE_FAILED" in stack.events("Wait")


def test_who_may_not_is_refused(aws: LocalAws) -> None:
    stack, other = waiting(aws), waiting(aws)
    nobody, owner = aws.user(), aws.user(allow("cloudformation:SignalResource", stack_id(stack)))
    may_not, may = (aws.client("cloudformation", who) for who in (nobody, owner))
    assert refusal(stack, client=may_not)[0] == "AccessDenied"
    assert refusal(other, client=may)[0] == "AccessDenied"
    signal(stack, client=may)
    assert stack.settle() == "CREATE_COMPLETE"
    other.delete()


def test_a_signal_too_early_or_for_nobody_is_refused(aws: LocalAws) -> None:
    stack = waiting(aws, Later=condition("Wait"))
    assert refusal(stack, "Later")[0] == "ValidationError"
    assert refusal(stack, "Nobody")[0] == "ValidationError"
    stack.delete()


def test_a_signal_too_late_is_refused(aws: LocalAws) -> None:
    stack = waiting(aws)
    signal(stack)
    stack.settle()
    why = f"Stack {stack_id(stack)} is in CREATE_COMPLETE state and cannot be signaled"
    assert refusal(stack) == ("ValidationError", why)


def test_the_same_signal_twice_is_refused(aws: LocalAws) -> None:
    signals = {"ResourceSignal": {"Count": 2, "Timeout": TWELVE_HOURS}}
    stack = Stack.begin(aws, Wait={"Type": CONDITION, "CreationPolicy": signals})
    stack.reach("Wait", "CREATE_IN_PROGRESS")
    signal(stack)
    why = "Signal with ID job for resource Wait already exists. Signals may only be updated with a FAILURE status."
    assert refusal(stack) == ("ValidationError", why)
    signal(stack, UniqueId="other")
    assert stack.settle() == "CREATE_COMPLETE"


def test_its_stack_can_be_deleted_at_once(aws: LocalAws, recorder: Recorder) -> None:
    stack = waiting(aws, Made=recorder.thing("made"), After=recorder.thing("after", ("Wait",)))
    stack.reach("Made", "CREATE_COMPLETE")
    began, name = time.monotonic(), stack_id(stack)
    stack.delete()
    assert time.monotonic() - began < PATIENCE_SECONDS
    found = aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    assert found["StackStatus"] == "DELETE_COMPLETE"
    assert recorder.story() == [("Create", "made"), ("Delete", "made")]


def test_another_resource_that_fails_ends_the_wait(aws: LocalAws, recorder: Recorder) -> None:
    began = time.monotonic()
    stack = waiting(aws, Fails=recorder.thing("fails", Fail="Create"))
    assert stack.settle() == "ROLLBACK_COMPLETE"
    assert time.monotonic() - began < PATIENCE_SECONDS
    assert ("CREATE_FAILED", "Resource creation cancelled") in stack.told("Wait")


def test_a_cancelled_update_ends_the_wait(aws: LocalAws, recorder: Recorder) -> None:
    stack, _ = Stack.create(aws, Thing=recorder.thing("thing", Version="1"))
    stack.begin_update(Thing=recorder.thing("thing", Version="2"), Wait=condition("Thing"))
    stack.reach("Wait", "UPDATE_IN_PROGRESS")
    began = time.monotonic()
    aws.client("cloudformation").cancel_update_stack(StackName=stack.name)
    assert stack.settle() == "UPDATE_ROLLBACK_COMPLETE"
    assert time.monotonic() - began < PATIENCE_SECONDS
    assert ("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated") in stack.told(stack.name)
    assert recorder.story() == [("Create", "thing"), ("Update", "thing"), ("Update", "thing")]


def test_a_stack_that_is_updated_cannot_be_deleted(aws: LocalAws) -> None:
    stack, _ = Stack.create(aws, Topic=topic())
    stack.begin_update(Topic=topic(), Wait=condition())
    stack.reach("Wait", "UPDATE_IN_PROGRESS")
    with pytest.raises(ClientError, match="cannot be deleted while in status UPDATE_IN_PROGRESS"):
        stack.delete()
    signal(stack)
    assert stack.settle() == "UPDATE_COMPLETE"


def test_an_update_waits_for_a_new_one_and_drops_the_old_one(aws: LocalAws) -> None:
    stack = waiting(aws, Topic=topic())
    signal(stack)
    stack.settle()
    stack.begin_update(Topic=topic(), New=condition("Topic"))
    stack.reach("New", "UPDATE_IN_PROGRESS")
    time.sleep(0.2)
    assert status(stack, "New") == "CREATE_IN_PROGRESS"
    assert status(stack) == "CREATE_COMPLETE"
    signal(stack, "New")
    assert stack.settle() == "UPDATE_COMPLETE"
    assert stack.events("Wait")[-1] == "DELETE_COMPLETE"


@pytest.mark.parametrize("timeout", [TWELVE_HOURS, "PT11H"])
def test_an_update_does_not_wait_for_one_that_is_there(aws: LocalAws, timeout: str) -> None:
    stack = waiting(aws, Topic=topic())
    signal(stack)
    stack.settle()
    assert stack.update(Topic=topic(name="another"), Wait=condition(timeout=timeout)) == "UPDATE_COMPLETE"
