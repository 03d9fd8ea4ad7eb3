"""What holds after every row, whatever the fault was."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.status import Status

from .aws import SECRET, Aws
from .descriptions import RESOURCE_TYPE
from .endpoint import SIGNATURE

#: All that the function may call; above all no rule, no permission and no log group.
ALLOWED = {
    "CreateModelInvocationJob",
    "GetModelInvocationJob",
    "ListModelInvocationJobs",
    "StopModelInvocationJob",
    "ListTagsForResource",
    "TagResource",
    "UntagResource",
    "GetResources",
    "CopyObject",
    "CreateMultipartUpload",
    "UploadPartCopy",
    "CompleteMultipartUpload",
    "DeleteBucket",
    "DeleteObjects",
    "ListObjectVersions",
    "GetObject",
    "PutObject",
    "DescribeStackResource",
    "DescribeStacks",
    "SignalResource",
    "PutItem",
    "GetItem",
    "UpdateItem",
    "DeleteItem",
    "Query",
    "StartExecution",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "DeletePolicy",
    "ListRolePolicies",
    "DeleteRole",
    "DescribeNetworkInterfaces",
}
#: What a role is to blame for, in the words of rows and lives.
_RIGHTS = re.compile("permission|perms|IAM role|not authorized|Denied")
#: The token of a second try: the digests of the first, and so much more.
_SECOND = re.compile(r"[0-9a-f]{32}-[0-9a-f]{32}-[0-9a-f]{32}-2")
#: Bytes. Source: CloudFormation user guide, custom resource response objects.
MAX_ANSWER, MAX_ID = 4096, 1024


def check(aws: Aws) -> None:
    one_job_for_one_request(aws)
    no_job_without_an_owner(aws)
    one_answer_for_one_invocation(aws)
    answers_are_complete(aws)
    logs_keep_secrets(aws)
    nothing_else_is_called(aws)
    addresses_are_in_the_table_only(aws)
    nothing_waits_on(aws)


def one_job_for_one_request(aws: Aws) -> None:
    """I1. However often a request was delivered; a second one where the first failed because its role was young."""
    ours = [job for job in aws.bedrock.jobs if not is_foreign(job.request)]
    tokens = Counter(job.request.get("clientRequestToken") for job in ours)
    assert set(tokens.values()) <= {1}, f"one token, several jobs: {tokens}"
    # A Create that is tried again has its id, and perhaps other properties: then it asks for another job.
    requests = [
        event
        for event in aws.cloudformation.requests
        if event["RequestType"] != "Delete" and event["ResourceType"] == RESOURCE_TYPE
    ]
    asked = {(event["RequestId"], json.dumps(event["ResourceProperties"], sort_keys=True)) for event in requests}
    seconds = [job for job in ours if _SECOND.fullmatch(_token(job))]
    assert len(ours) - len(seconds) <= len(asked), f"{len(ours)} jobs for {len(asked)} requests"
    for second in seconds:
        (first,) = (job for job in ours if f"{_token(job)}-2" == _token(second))
        assert (first.status, first.name[:-2]) == (Status.FAILED, second.name[:-2])
        assert _RIGHTS.search(first.message), f"a second try after '{first.message}'"


def no_job_without_an_owner(aws: Aws) -> None:
    """I2. Each live job is a resource's, or a failure has named it."""
    owned = {resource.physical_id for stack in aws.stacks for resource in stack.resources.values()}
    reasons = " ".join(reason for stack in aws.stacks for reason in stack.reasons)
    ours = [job for job in aws.bedrock.live if not is_foreign(job.request)]
    orphans = [job.arn for job in ours if job.arn not in owned and job.arn not in reasons]
    assert not orphans, f"live jobs without an owner: {orphans}"


def one_answer_for_one_invocation(aws: Aws) -> None:
    """I3. Several PUTs are one answer as long as the bytes are the same.

    A request that was held is answered by other invocations than its own, and again if one of them dies: about one job.
    """
    held = str(aws.front.of("PutItem"))
    bodies = defaultdict(set)
    for put in aws.endpoint.puts:
        if put.invocation not in held:
            bodies[put.invocation].add(put.body)
        elif put.status == 200:
            bodies[put.invocation].add(json.loads(put.body)["PhysicalResourceId"].encode())
    several = {invocation: all_of_them for invocation, all_of_them in bodies.items() if len(all_of_them) > 1}
    assert not several, f"one invocation, several answers: {several}"


def answers_are_complete(aws: Aws) -> None:
    """I4. CloudFormation can use every answer."""
    requests = {event["RequestId"]: event for event in aws.cloudformation.requests}
    for put in aws.endpoint.puts:
        answer, event = json.loads(put.body), requests[put.request_id]
        assert len(put.body) <= MAX_ANSWER
        assert answer["Status"] in ("SUCCESS", "FAILED")
        assert {name: answer[name] for name in ("StackId", "RequestId", "LogicalResourceId")} == {
            name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")
        }
        assert 0 < len(answer["PhysicalResourceId"].encode()) <= MAX_ID
        assert answer["Status"] == "SUCCESS" or answer["Reason"]
        assert all(isinstance(value, str) for value in answer.get("Data", {}).values())


def logs_keep_secrets(aws: Aws) -> None:
    """I5. Neither logs nor answers hold the signature, the hidden property or the text of records."""
    answers = b"".join(put.body for put in aws.endpoint.puts).decode()
    for canary in (SIGNATURE, SECRET):
        assert canary not in aws.function.log, f"{canary} is in the log:\n{aws.function.log}"
        assert canary not in answers, f"{canary} is in an answer"


def nothing_else_is_called(aws: Aws) -> None:
    """I6. No rules, permissions or log groups, nor anything else that nobody cleans up."""
    called = {call.operation for call in aws.front.calls}
    assert called <= ALLOWED, f"the function called {called - ALLOWED}"


def addresses_are_in_the_table_only(aws: Aws) -> None:
    """I7. A signed address is in no execution, no tag, no event and no call but the one that puts it into the table."""
    executions = "".join(text for each in aws.machine.executions for text in each.texts)
    tags = json.dumps([job.tags for job in aws.bedrock.jobs])
    calls = [call for call in aws.front.calls if call.operation != "PutItem"]
    told = {"an execution": executions, "a tag": tags, "an event": str(aws.events.sent), "a call": str(calls)}
    assert not [place for place, text in told.items() if SIGNATURE in text]
    for item in aws.table.items:
        assert not [name for name, value in item.items() if SIGNATURE in value and name != "Event"]


def nothing_waits_on(aws: Aws) -> None:
    """I8. A minute after the end nobody looks any more, and no address is kept."""
    aws.come_to_rest()
    assert not aws.machine.open, f"still open: {[each.input for each in aws.machine.open]}"
    kept = [item["Wait"] for item in aws.table.items if SIGNATURE in str(item)]
    assert not kept, f"requests that are held still: {kept}"
    assert {each.status for each in aws.machine.executions} <= {"SUCCEEDED"}


def _token(job: Job) -> str:
    return str(job.request.get("clientRequestToken"))


def is_foreign(parameters: Mapping[str, Any]) -> bool:
    """Whether somebody else than a stack of this row asked for the job."""
    return "somebody-else" in json.dumps(parameters)
