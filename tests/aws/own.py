"""What is this suite's own in an account, known by its name and by its tag, and taken away; nothing else is touched."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from .account import Account
from .patience import OutOfPatienceError, until

#: How the names of all begin that the suite makes: of stacks and jobs, and so of what CloudFormation names after them.
PREFIX = "BedrockBatchTest-"
#: The stack that has what the others need; it goes last.
WORLD = f"{PREFIX}World"
TAG = "cdk-bedrock-batch:test-aws"
ENDED = {"Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"}
_JOB_SECONDS, _STACK_SECONDS = 20 * 60, 60 * 60


@dataclass(frozen=True)
class Thing:
    """Something that can be taken away.

    Attributes
    ----------
    name
        What it is and how it is called.
    remove
        Takes it away, and returns when it is gone.
    """

    name: str
    remove: Callable[[], None]


def own_tags(account: Account) -> list[dict[str, str]]:
    """Return the tag of what is made here: buckets and roles show no Region, so it says which run they are of."""
    return [{"Key": TAG, "Value": account.region}]


def find(account: Account) -> Iterator[Thing]:
    """Yield what is there of this suite's, in the order in which it can go."""
    # Nothing writes to buckets any more, then no stack has them, then nothing is in them.
    yield from (Thing(f"job {arn}", partial(_stop, account, arn)) for arn in _live_jobs(account))
    stacks = list(_stacks(account))
    yield from (Thing(f"stack {name}", partial(_destroy, account, name)) for name in stacks if name != WORLD)
    # Each is looked for when it is its turn: what CloudFormation has taken away is not there any more.
    yield from (Thing(f"objects of {name}", partial(_empty, account, name)) for name in _buckets(account))
    yield from (Thing(f"stack {name}", partial(_destroy, account, name)) for name in stacks if name == WORLD)
    yield from (Thing(f"bucket {name}", partial(_delete_bucket, account, name)) for name in _buckets(account))
    yield from (Thing(f"role {name}", partial(_delete_role, account, name)) for name in _roles(account))


def clean(account: Account, say: Callable[[str], None]) -> list[str]:
    """Take away what is there; return what could not be, and why, in a line each. One that fails keeps no other."""
    failures: list[str] = []
    for thing in find(account):
        say(f"taking away: {thing.name}")
        try:
            thing.remove()
        except (BotoCoreError, ClientError, OutOfPatienceError) as error:
            failures.append(f"{thing.name} is still there: {error}")
    return failures


def _live_jobs(account: Account) -> Iterator[str]:
    bedrock = account.client("bedrock")
    for page in bedrock.get_paginator("list_model_invocation_jobs").paginate(nameContains=PREFIX):
        for job in page["invocationJobSummaries"]:
            arn, status = job["jobArn"], job["status"]
            if not job["jobName"].startswith(PREFIX) or status in ENDED:
                continue
            # Of one that is stopping the tags may not be told. It is only waited for, for it may still write.
            if status == "Stopping" or _has_tag(bedrock.list_tags_for_resource(resourceARN=arn)["tags"], account):
                yield arn


def _has_tag(tags: list[dict[str, str]], account: Account) -> bool:
    return any(tag.get("Key", tag.get("key")) == TAG and account.region in tag.values() for tag in tags)


def _stop(account: Account, arn: str) -> None:
    bedrock = account.client("bedrock")
    # One that is stopping, or has ended meanwhile, is refused.
    with suppress(bedrock.exceptions.ConflictException, bedrock.exceptions.ValidationException):
        bedrock.stop_model_invocation_job(jobIdentifier=arn)
    until(
        lambda: bedrock.get_model_invocation_job(jobIdentifier=arn)["status"] in ENDED,
        f"the end of {arn}",
        seconds=_JOB_SECONDS,
    )


def _stacks(account: Account) -> Iterator[str]:
    for page in account.client("cloudformation").get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            if stack["StackName"].startswith(PREFIX) and _has_tag(stack["Tags"], account):
                yield stack["StackName"]


def _destroy(account: Account, name: str) -> None:
    client = account.client("cloudformation")
    (stack,) = client.describe_stacks(StackName=name)["Stacks"]
    client.delete_stack(StackName=name)

    def status() -> str:
        (found,) = client.describe_stacks(StackName=stack["StackId"])["Stacks"]
        ended = found["StackStatus"] in ("DELETE_COMPLETE", "DELETE_FAILED")
        return str(found["StackStatus"]) if ended else ""

    if until(status, f"the end of the stack {name}", seconds=_STACK_SECONDS) != "DELETE_COMPLETE":
        raise OutOfPatienceError(f"its deletion failed; look at its events in CloudFormation, in {account.region}")


def _buckets(account: Account) -> Iterator[str]:
    s3 = account.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        if not name.startswith(PREFIX.lower()):
            continue
        try:
            tags = s3.get_bucket_tagging(Bucket=name)["TagSet"]
        except ClientError:
            # It has none, or is somebody else's affair.
            continue
        if _has_tag(tags, account):
            yield name


def _empty(account: Account, name: str) -> None:
    s3 = account.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        keys = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
        if keys:
            s3.delete_objects(Bucket=name, Delete={"Objects": keys, "Quiet": True})


def _delete_bucket(account: Account, name: str) -> None:
    _empty(account, name)
    account.client("s3").delete_bucket(Bucket=name)


def _roles(account: Account) -> Iterator[str]:
    iam = account.client("iam")
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            name = role["RoleName"]
            if name.startswith(PREFIX) and _has_tag(iam.list_role_tags(RoleName=name)["Tags"], account):
                yield name


def _delete_role(account: Account, name: str) -> None:
    iam = account.client("iam")
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)
