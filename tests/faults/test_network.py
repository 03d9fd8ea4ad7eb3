"""Delete of a job in a VPC: its network interfaces go before what the stack takes away after it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.status import Status

from .aws import Aws, properties
from .front import Reply
from .iam import Role
from .replies import THROTTLED as THROTTLED_BY_BEDROCK
from .replies import dropped, healthy, refused
from .stack import Stack
from .test_delete import GET, running_job
from .waiting import Deployment, eventually

IN_VPC = {"vpcConfig": {"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]}}
OTHER_ROLE = "arn:aws:iam::123456789012:role/other"
DESCRIBE = "DescribeNetworkInterfaces"
DENIED = refused("UnauthorizedOperation", "You are not authorized to perform this operation.", 403)
THROTTLED = refused("RequestLimitExceeded", "Request limit exceeded.", 503)
LEFT = "subnets cannot go before the network interfaces"


def attached(aws: Aws) -> tuple[Stack, Job]:
    """A stack whose job runs in a VPC, with two interfaces there, and whose role and policy the function removes."""
    left = {"RoleName": "batch", "DeleteRole": True, "Policies": ["one"], "ManagedPolicies": []}
    aws.iam.roles["batch"] = Role({"one"})
    stack, job = running_job(aws, {**properties(**IN_VPC), "LeftBehind": left})
    aws.ec2.interfaces[job.arn] = ["eni-1", "eni-2"]
    return stack, job


def destroying(aws: Aws, stack: Stack) -> Deployment:
    """Begin to delete a stack, and go on when its Delete is held and has been looked at."""
    with_it = ThreadPoolExecutor(1)
    deployment = Deployment(aws, stack, Event(), with_it.submit(stack.destroy))
    with_it.shutdown(wait=False)
    eventually(lambda: aws.machine.executions and aws.machine.executions[0].looks)
    return deployment


def test_D29_a_delete_waits_for_interfaces_that_are_left(aws: Aws) -> None:
    """It is held, no function runs, and the job's role stays; when they are gone, the role goes and the Delete ends."""
    stack, job = attached(aws)
    deployment = destroying(aws, stack)
    aws.function.settle()
    aws.clock.skip(120)
    assert stack.status == "DELETE_IN_PROGRESS"
    assert aws.iam.roles["batch"].inline == {"one"}
    del aws.ec2.interfaces[job.arn]
    aws.clock.skip(15)
    assert deployment.done() == "DELETE_COMPLETE"
    assert not aws.iam.roles
    assert LEFT not in aws.function.log
    assert aws.bedrock.statuses == ["Stopped"]


def test_D29_interfaces_that_go_at_once_are_waited_for_in_the_function(aws: Aws) -> None:
    """Nothing is held."""
    stack, _ = attached(aws)
    aws.front.meet(DESCRIBE, lambda call: (call.commit(), aws.ec2.interfaces.clear())[0])
    assert stack.destroy() == "DELETE_COMPLETE"
    assert len(aws.front.of(DESCRIBE)) == 2
    assert not aws.machine.executions
    assert not aws.iam.roles


def test_D29_an_account_of_many_interfaces_is_asked_page_by_page(aws: Aws) -> None:
    """EC2 tells such an account nothing otherwise; a page may have none of the job's, and not be the last."""
    stack, job = attached(aws)
    aws.ec2.others = 2
    deployment = destroying(aws, stack)
    aws.clock.skip(120)
    assert stack.status == "DELETE_IN_PROGRESS"
    del aws.ec2.interfaces[job.arn]
    aws.clock.skip(15)
    assert deployment.done() == "DELETE_COMPLETE"


def test_D29_the_old_job_of_an_update_leaves_the_vpc_before_the_update_is_over(aws: Aws) -> None:
    """Its security group may be another one by then."""
    stack, job = attached(aws)
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(stack.deploy, {"Job": properties(**IN_VPC, modelId="amazon.nova-pro-v1:0")})
        deployment = Deployment(aws, stack, Event(), result)
        eventually(lambda: aws.machine.executions)
        assert stack.status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
        del aws.ec2.interfaces[job.arn]
        aws.clock.skip(15)
        assert deployment.done() == "UPDATE_COMPLETE"


@pytest.mark.parametrize("change", [{}, {**IN_VPC, "roleArn": OTHER_ROLE}], ids=["network", "role"])
def test_D29_a_job_that_an_update_keeps_leaves_the_vpc_before_that_is_over(aws: Aws, change: dict[str, Any]) -> None:
    """It has completed, and the network or the role that it ran with goes after the update."""
    stack, job = attached(aws)
    aws.bedrock.end(job.arn, Status.COMPLETED)
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(stack.deploy, {"Job": properties(**change)})
        eventually(lambda: aws.front.of(DESCRIBE))
        assert stack.status == "UPDATE_IN_PROGRESS"
        del aws.ec2.interfaces[job.arn]
        assert result.result() == "UPDATE_COMPLETE"
    assert stack.resources["Job"].physical_id == job.arn


def test_D29_a_job_that_an_update_keeps_with_all_that_it_ran_with_is_not_asked_for(aws: Aws) -> None:
    """Another timeout takes nothing away."""
    stack, job = attached(aws)
    aws.bedrock.end(job.arn, Status.COMPLETED)
    assert stack.deploy({"Job": properties(**IN_VPC, timeoutDurationInHours=48)}) == "UPDATE_COMPLETE"
    assert not aws.front.of(DESCRIBE)
    aws.ec2.interfaces.clear()


@pytest.mark.parametrize("stops", [True, False], ids=["no VPC", "goes on"])
def test_D29_who_has_nothing_to_wait_for_does_not_ask(aws: Aws, *, stops: bool) -> None:
    """A job without a VPC, and one that is left running."""
    stack, job = running_job(aws, {**properties(**({} if stops else IN_VPC)), "StopOnDelete": stops})
    aws.ec2.interfaces[job.arn] = ["eni-1"]
    assert stack.destroy() == "DELETE_COMPLETE"
    assert not aws.front.of(DESCRIBE)
    if not stops:
        aws.bedrock.end(job.arn, Status.COMPLETED)


def test_D30_interfaces_that_never_go_are_waited_for_ten_minutes(aws: Aws) -> None:
    """Then the Delete succeeds, the job's role goes, and the log names what is left."""
    stack, job = attached(aws)
    deployment = destroying(aws, stack)
    aws.clock.skip(570)
    assert stack.status == "DELETE_IN_PROGRESS"
    aws.clock.skip(30)
    assert deployment.done() == "DELETE_COMPLETE"
    assert f"{LEFT} that {job.arn} leaves: eni-1, eni-2" in aws.function.log
    assert not aws.iam.roles


def test_D30_a_function_that_cannot_hold_the_request_waits_itself(aws: Aws) -> None:
    """It has less than ten minutes, and answers before they are over."""
    stack, job = attached(aws)
    aws.function.speed = 200
    aws.front.always("PutItem", refused("AccessDeniedException", "not authorized to perform: dynamodb:PutItem"))
    assert stack.destroy() == "DELETE_COMPLETE"
    assert f"{LEFT} that {job.arn} leaves: eni-1, eni-2" in aws.function.log
    assert not aws.machine.executions


def test_D31_what_may_not_be_looked_up_is_not_waited_for(aws: Aws) -> None:
    """An older stack's function may not: after some seconds, for rights are not there at once, the Delete goes on."""
    stack, _ = attached(aws)
    aws.front.always(DESCRIBE, DENIED)
    assert stack.destroy() == "DELETE_COMPLETE"
    assert not aws.machine.executions
    assert "not waiting for what nobody may see" in aws.function.log
    assert not aws.iam.roles


def test_D31_a_right_that_comes_late_is_waited_for(aws: Aws) -> None:
    """A first deployment that fails at once takes back what it has just made."""
    stack, _ = attached(aws)
    aws.front.meet(DESCRIBE, DENIED, DENIED, lambda call: (aws.ec2.interfaces.clear(), call.commit())[1])
    assert stack.destroy() == "DELETE_COMPLETE"
    assert not aws.machine.executions


@pytest.mark.parametrize("reply", [THROTTLED, dropped], ids=["throttled", "not answered"])
def test_D31_what_cannot_be_looked_up_now_is_looked_up_later(aws: Aws, reply: Reply) -> None:
    """For minutes nobody tells: the Delete is held until somebody does."""
    stack, _ = attached(aws)
    aws.front.always(DESCRIBE, reply)
    deployment = destroying(aws, stack)
    aws.clock.skip(120)
    assert stack.status == "DELETE_IN_PROGRESS"
    aws.ec2.interfaces.clear()
    aws.front.heal()
    aws.clock.skip(15)
    assert deployment.done() == "DELETE_COMPLETE"
    assert not aws.iam.roles


def test_D31_a_job_that_cannot_be_read_for_a_while_is_waited_for_all_the_same(aws: Aws) -> None:
    """It has been stopped; then Bedrock throttles, and tells of it later."""
    stack, job = attached(aws)
    aws.bedrock.end(job.arn, Status.COMPLETED)
    aws.front.meet(GET, healthy, *[THROTTLED_BY_BEDROCK] * 6)
    deployment = destroying(aws, stack)
    del aws.ec2.interfaces[job.arn]
    aws.clock.skip(15)
    assert deployment.done() == "DELETE_COMPLETE"


def test_D31_a_job_that_can_never_be_read_again_holds_nothing_up(aws: Aws) -> None:
    """It has been stopped: the Delete goes on, and the log says that it has not waited."""
    stack, job = attached(aws)
    aws.bedrock.end(job.arn, Status.COMPLETED)
    aws.function.speed = 200
    aws.front.meet(GET, healthy)
    aws.front.always(GET, refused("AccessDeniedException", "not authorized to perform: bedrock:Get"))
    assert stack.destroy() == "DELETE_COMPLETE"
    assert "it is not known of which jobs" in aws.function.log
    assert not aws.front.of(DESCRIBE)


@pytest.mark.parametrize("operation", ["PutItem", "StartExecution"])
def test_D32_a_function_killed_while_it_holds_the_delete_is_delivered_again(aws: Aws, operation: str) -> None:
    """The second delivery holds it, until the same time."""
    stack, job = attached(aws)
    aws.front.meet(operation, lambda _: aws.function.kill())
    deployment = destroying(aws, stack)
    del aws.ec2.interfaces[job.arn]
    aws.clock.skip(15)
    assert deployment.done() == "DELETE_COMPLETE"
    assert not aws.iam.roles


def test_D32_a_function_killed_while_it_looks_is_followed_by_another(aws: Aws) -> None:
    """The next look sees that they are gone."""
    stack, job = attached(aws)
    deployment = destroying(aws, stack)
    killed = Event()
    aws.front.meet(DESCRIBE, lambda _: killed.set() or aws.function.kill())
    aws.clock.skip(15)
    eventually(killed.is_set)
    del aws.ec2.interfaces[job.arn]
    aws.clock.skip(75)
    assert deployment.done() == "DELETE_COMPLETE"


def test_D32_an_answer_that_cannot_be_delivered_is_given_later(aws: Aws) -> None:
    """CloudFormation's endpoint is away when the interfaces are gone; the Delete of an update shows no resource."""
    stack, job = attached(aws)
    deployment = destroying(aws, stack)
    aws.endpoint.always = 503
    del aws.ec2.interfaces[job.arn]
    aws.clock.skip(15)
    eventually(lambda: aws.endpoint.puts)
    aws.endpoint.heal()
    aws.clock.skip(75)
    assert deployment.done() == "DELETE_COMPLETE"
    assert not aws.iam.roles
