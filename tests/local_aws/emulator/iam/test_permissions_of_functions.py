"""Tables, and roles and policies, for a caller with narrow rights: each action is needed, and they suffice together."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import ACCOUNT, REGION, Credentials, LocalAws, Statement, allow
from tests.local_aws.emulator.cloudformation.recorder import Recorder, Stack

TABLE_ACTIONS = ("PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query")
KEY = {"Job": {"S": "job"}, "Wait": {"S": "wait"}}


@pytest.fixture(scope="module")
def table(aws: LocalAws) -> str:
    key = (("Job", "HASH"), ("Wait", "RANGE"))
    name = f"table-{uuid.uuid4().hex}"
    properties = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": each, "AttributeType": "S"} for each, _ in key],
        "KeySchema": [{"AttributeName": each, "KeyType": kind} for each, kind in key],
        "TimeToLiveSpecification": {"AttributeName": "Expires", "Enabled": True},
    }
    _, status = Stack.create(aws, Table={"Type": "AWS::DynamoDB::Table", "Properties": properties})
    assert status == "CREATE_COMPLETE"
    return name


def calls(client: Any, table: str) -> dict[str, Callable[[], Any]]:
    lease = {
        "UpdateExpression": "SET Busy = :until",
        "ConditionExpression": "attribute_exists(Job) AND (attribute_not_exists(Busy) OR Busy < :now)",
        "ExpressionAttributeValues": {":until": {"N": "20"}, ":now": {"N": "10"}},
    }
    query = {"KeyConditionExpression": "Job = :job", "ExpressionAttributeValues": {":job": KEY["Job"]}}
    new = {"ConditionExpression": "attribute_not_exists(Job)"}
    there = {"ConditionExpression": "attribute_exists(Job)"}
    return {
        "PutItem": lambda: client.put_item(TableName=table, Item={**KEY, "Expires": {"N": "1"}}, **new),
        "GetItem": lambda: client.get_item(TableName=table, Key=KEY, ConsistentRead=True),
        "UpdateItem": lambda: client.update_item(TableName=table, Key=KEY, **lease),
        "Query": lambda: client.query(TableName=table, **query),
        "DeleteItem": lambda: client.delete_item(TableName=table, Key=KEY, **there),
    }


def code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])


def who(aws: LocalAws, *statements: Statement) -> Credentials:
    return aws.user(*statements)


def test_a_table_serves_who_may(aws: LocalAws, table: str) -> None:
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"
    user = who(aws, allow([f"dynamodb:{each}" for each in TABLE_ACTIONS], arn))
    asked = calls(aws.client("dynamodb", user), table)
    asked["PutItem"]()
    assert code(asked["PutItem"]) == "ConditionalCheckFailedException"
    asked["UpdateItem"]()
    assert code(asked["UpdateItem"]) == "ConditionalCheckFailedException"
    assert asked["GetItem"]()["Item"]["Busy"] == {"N": "20"}
    assert asked["Query"]()["Count"] == 1
    asked["DeleteItem"]()
    assert code(asked["DeleteItem"]) == "ConditionalCheckFailedException"


@pytest.mark.parametrize("action", TABLE_ACTIONS)
def test_a_table_refuses_who_may_not(aws: LocalAws, table: str, action: str) -> None:
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"
    others = [f"dynamodb:{each}" for each in TABLE_ACTIONS if each != action]
    user = who(aws, allow(others, arn), allow(f"dynamodb:{action}", f"{arn}-other"))
    assert code(calls(aws.client("dynamodb", user), table)[action]).startswith("AccessDenied")


def test_a_table_shows_its_time_to_live(aws: LocalAws, table: str) -> None:
    found = aws.client("dynamodb").describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert (found["AttributeName"], found["TimeToLiveStatus"]) == ("Expires", "ENABLED")


def left_behind(aws: LocalAws) -> tuple[str, str]:
    """Make a role with a policy of its own and an attached one."""
    role = aws.role(allow("s3:GetObject", "*")).rpartition("/")[2]
    document = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}'
    )
    made = aws.client("iam").create_policy(PolicyName=f"p-{uuid.uuid4().hex}", PolicyDocument=document)
    arn = str(made["Policy"]["Arn"])
    aws.client("iam").attach_role_policy(RoleName=role, PolicyArn=arn)
    return role, arn


IAM_ACTIONS = ("DetachRolePolicy", "DeletePolicy", "DeleteRolePolicy", "DeleteRole")


def removals(client: Any, role: str, policy_arn: str) -> dict[str, Callable[[], Any]]:
    return {
        "DetachRolePolicy": lambda: client.detach_role_policy(RoleName=role, PolicyArn=policy_arn),
        "DeletePolicy": lambda: client.delete_policy(PolicyArn=policy_arn),
        "DeleteRolePolicy": lambda: client.delete_role_policy(RoleName=role, PolicyName="p"),
        "DeleteRole": lambda: client.delete_role(RoleName=role),
    }


def test_what_was_left_behind_is_removed_by_who_may(aws: LocalAws) -> None:
    role, policy_arn = left_behind(aws)
    role_arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    of_role = ["iam:DetachRolePolicy", "iam:DeleteRolePolicy", "iam:DeleteRole"]
    user = who(aws, allow(of_role, role_arn), allow("iam:DeletePolicy", policy_arn))
    asked = removals(aws.client("iam", user), role, policy_arn)
    assert code(asked["DeleteRole"]) == "DeleteConflict"
    assert code(asked["DeletePolicy"]) == "DeleteConflict"
    for action in IAM_ACTIONS:
        asked[action]()
    assert code(asked["DeleteRole"]) == "NoSuchEntity"
    assert code(asked["DeletePolicy"]) == "NoSuchEntity"


@pytest.mark.parametrize("action", IAM_ACTIONS)
def test_who_may_not_removes_nothing(aws: LocalAws, action: str) -> None:
    role, policy_arn = left_behind(aws)
    everything = [f"arn:aws:iam::{ACCOUNT}:role/{role}", policy_arn]
    user = who(
        aws, allow([f"iam:{each}" for each in IAM_ACTIONS if each != action], *everything), allow(f"iam:{action}", "x")
    )
    assert code(removals(aws.client("iam", user), role, policy_arn)[action]) == "AccessDenied"


def retained(name: str) -> dict[str, Any]:
    trusted = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "bedrock.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": [allow("s3:GetObject", "*")]}
    role = {"RoleName": name, "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trusted]}}
    policy = {"PolicyName": "own", "PolicyDocument": document, "Roles": [{"Ref": "Role"}]}
    managed = {"ManagedPolicyName": f"m-{name}", "PolicyDocument": document, "Roles": [{"Ref": "Role"}]}
    kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": role, **kept},
        "Policy": {"Type": "AWS::IAM::Policy", "Properties": policy, **kept},
        "Managed": {"Type": "AWS::IAM::ManagedPolicy", "Properties": managed, **kept},
    }


def policies(aws: LocalAws, role: str) -> list[str]:
    iam = aws.client("iam")
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    return [*iam.list_role_policies(RoleName=role)["PolicyNames"], *(each["PolicyName"] for each in attached)]


def failing(recorder: Recorder) -> dict[str, Any]:
    return recorder.thing("fails", ("Policy", "Managed"), Fail="Create")


def test_what_is_retained_stays_after_its_stack(aws: LocalAws) -> None:
    name = f"role-{uuid.uuid4().hex}"
    stack, _ = Stack.create(aws, **retained(name))
    stack.delete()
    assert policies(aws, name) == ["own", f"m-{name}"]


def test_what_is_retained_stays_when_its_creation_is_rolled_back(aws: LocalAws, recorder: Recorder) -> None:
    name = f"role-{uuid.uuid4().hex}"
    _, status = Stack.create(aws, **retained(name), Fails=failing(recorder))
    assert status == "ROLLBACK_COMPLETE"
    assert policies(aws, name) == ["own", f"m-{name}"]


def test_what_is_retained_stays_when_the_update_that_made_it_is_rolled_back(aws: LocalAws, recorder: Recorder) -> None:
    name = f"role-{uuid.uuid4().hex}"
    stack, _ = Stack.create(aws, Topic={"Type": "AWS::SNS::Topic", "Properties": {}})
    topic = {"Type": "AWS::SNS::Topic", "Properties": {}}
    assert stack.update(Topic=topic, **retained(name), Fails=failing(recorder)) == "UPDATE_ROLLBACK_COMPLETE"
    assert policies(aws, name) == ["own", f"m-{name}"]


def test_what_is_retained_stays_when_an_update_removes_it(aws: LocalAws) -> None:
    name = f"role-{uuid.uuid4().hex}"
    topic = {"Type": "AWS::SNS::Topic", "Properties": {}}
    stack, _ = Stack.create(aws, Topic=topic, **retained(name))
    assert stack.update(Topic=topic) == "UPDATE_COMPLETE"
    assert policies(aws, name) == ["own", f"m-{name}"]
