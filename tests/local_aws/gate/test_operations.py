"""A caller's policies are asked for the operation that is served, however a request names it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from bedrock_local.running import RunningAws
from tests.local_aws.conftest import ACCOUNT, REGION, policy

from .calls import Call

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/x-amz-json-1.0"}
LISTS = [
    "dynamodb:ListTables",
    "iam:ListUsers",
    "lambda:ListFunctions",
    "s3:ListBucket",
    "sns:ListTopics",
    "sqs:ListQueues",
]
CREATE_USER = b"Action=CreateUser&UserName=made&Version=2010-05-08"
LIST_USERS = "Action=ListUsers&Version=2010-05-08"
PROTOCOLS = """
import json
from ministack.app import SERVICE_HANDLERS
from bedrock_local.services.protocols import takes_action, takes_target
print(json.dumps({name: [takes_action(name), takes_target(name)] for name in SERVICE_HANDLERS}))
"""
#: As botocore calls what the emulator calls otherwise.
BOTOCORE = {
    "acm": "acm",
    "cognito-idp": "cognito-idp",
    "elasticloadbalancing": "elbv2",
    "events": "events",
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
}


@pytest.fixture(scope="module")
def lister(aws: RunningAws) -> tuple[str, str]:
    """Somebody who may list, and nothing else."""
    iam = aws.client("iam")
    iam.create_user(UserName="lister")
    statement = {"Effect": "Allow", "Action": LISTS, "Resource": "*"}
    iam.put_user_policy(UserName="lister", PolicyName="p", PolicyDocument=policy(statement))
    key = iam.create_access_key(UserName="lister")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


@pytest.fixture(scope="module", autouse=True)
def things(aws: RunningAws) -> None:
    aws.client("s3").create_bucket(Bucket="operations")
    aws.client("s3").put_object(Bucket="operations", Key="k", Body=b"secret")


def target(name: str) -> Mapping[str, str]:
    return {"X-Amz-Target": name}


def json_and_form(action: str, **parameters: str) -> bytes:
    """A body that may be read as either."""
    return json.dumps({**parameters, "z": f"&Action={action}&"}).encode()


OTHERWISE = {
    "a form of another type": Call(
        "/",
        "POST",
        {"Content-Type": f"{FORM['Content-Type']}; x=amz-json", **target("a.CreateUser")},
        json_and_form("ListUsers", UserName="made"),
        "iam",
    ),
    "a form and a target": Call(
        "/", "POST", {**FORM, **target("AmazonSQS.CreateQueue")}, json_and_form("ListQueues", QueueName="made"), "sqs"
    ),
    "a target and a form of no type": Call(
        "/",
        "POST",
        {"Content-Type": "text/plain", **target("a.ListQueues")},
        b"Action=CreateQueue&QueueName=made&Version=2012-11-05",
        "sqs",
    ),
    "a target of a service without": Call("/", "POST", {**JSON, **target("a.ListUsers")}, CREATE_USER, "iam"),
    "a path that is encoded twice": Call("/2015-03-31/functions/f%252Fpolicy", "GET", service="lambda"),
    "address and form": Call(f"/?{LIST_USERS}", "POST", FORM, CREATE_USER, "iam"),
    "target and form": Call("/", "POST", {**FORM, **target("a.ListUsers")}, CREATE_USER, "iam"),
    "address and text": Call(f"/?{LIST_USERS}", "POST", {"Content-Type": "text/plain"}, CREATE_USER, "iam"),
    "target and text": Call("/", "POST", {"Content-Type": "text/plain", **target("a.ListUsers")}, CREATE_USER, "iam"),
    "text alone": Call("/", "POST", {"Content-Type": "text/plain"}, CREATE_USER, "iam"),
    "no type": Call("/", "POST", {}, CREATE_USER, "iam"),
    "form in a GET": Call(f"/?{LIST_USERS}", "GET", FORM, CREATE_USER, "iam"),
    "resource in the address": Call("/?UserName=lister", "POST", FORM, CREATE_USER, "iam"),
    "target and address": Call(
        "/?Action=ListTables", "POST", {**JSON, **target("DynamoDB_20120810.DeleteTable")}, b"{}", "dynamodb"
    ),
    "a path and an address": Call("/2015-03-31/functions?Action=ListFunctions", "POST", {}, b"{}", "lambda"),
    "a path and a target": Call("/2015-03-31/functions/f", "DELETE", target("a.ListFunctions"), b"", "lambda"),
    "a path and a form": Call("/2015-03-31/functions", "POST", FORM, b"Action=ListFunctions", "lambda"),
    "an unknown path": Call("/2015-03-31/unheard-of", "POST", {}, b"{}", "lambda"),
    "an object and an address": Call("/operations/new?Action=ListBucket", "PUT", {}, b"x"),
    "an object and a target": Call("/operations/k", "GET", target("a.ListBucket")),
    "an object and a form": Call("/operations/new", "PUT", FORM, b"Action=ListBucket"),
    "a deletion and a target": Call("/operations/k", "DELETE", target("a.ListBucket")),
    "a bucket's host": Call("/k?Action=ListBucket", "GET", {"Host": "operations.localhost"}),
}


@pytest.mark.parametrize("case", OTHERWISE)
def test_what_is_named_beside_what_is_served_counts_for_nothing(
    aws: RunningAws, lister: tuple[str, str], case: str
) -> None:
    status, _, told = OTHERWISE[case].signed(aws, *lister).send(aws)
    assert status in (400, 403, 413), told
    assert b"secret" not in told
    assert [user["UserName"] for user in aws.client("iam").list_users()["Users"] if user["UserName"] == "made"] == []
    assert not aws.client("sqs").list_queues().get("QueueUrls")
    assert [o["Key"] for o in aws.client("s3").list_objects_v2(Bucket="operations")["Contents"]] == ["k"]


def test_what_may_be_done_is_done_in_every_form_of_aws(aws: RunningAws, lister: tuple[str, str]) -> None:
    forms = [
        Call(f"/?{LIST_USERS}", "GET", service="iam"),
        Call("/", "POST", FORM, LIST_USERS.encode(), "iam"),
        Call("/", "POST", {**JSON, **target("DynamoDB_20120810.ListTables")}, b"{}", "dynamodb"),
        Call("/", "POST", {**JSON, **target("AmazonSQS.ListQueues")}, b"{}", "sqs"),
        Call("/", "POST", FORM, b"Action=ListQueues&Version=2012-11-05", "sqs"),
        Call("/?Action=ListTopics&Version=2010-03-31", "GET", service="sns"),
        Call("/2015-03-31/functions/?MaxItems=5", "GET", service="lambda"),
        Call("/operations?list-type=2&prefix=k", "GET"),
    ]
    assert [form.signed(aws, *lister).status(aws) for form in forms] == [200] * len(forms)
    # Also in an address, as who signs in to EKS sends it.
    assert forms[0].presigned(aws, *lister).status(aws) == 200


def test_lambdas_operations_have_the_names_of_their_permissions(aws: RunningAws) -> None:
    iam = aws.client("iam")
    iam.create_user(UserName="of-lambda")
    named = ["GetAlias", "DeleteAlias", "GetAccountSettings", "ListLayerVersions", "UpdateEventSourceMapping"]
    statement = {"Effect": "Allow", "Action": [f"lambda:{name}" for name in named], "Resource": "*"}
    iam.put_user_policy(UserName="of-lambda", PolicyName="p", PolicyDocument=policy(statement))
    key = iam.create_access_key(UserName="of-lambda")["AccessKey"]
    calls = {
        ("GET", "/2015-03-31/functions/f/aliases/a"): True,
        ("DELETE", "/2015-03-31/functions/f/aliases/a"): True,
        ("PUT", "/2015-03-31/functions/f/aliases/a"): False,
        ("GET", "/2015-03-31/functions/f/aliases"): False,
        ("GET", "/2016-08-19/account-settings/"): True,
        ("GET", "/2018-10-31/layers/l/versions"): True,
        ("GET", "/2018-10-31/layers/l/versions/1"): False,
        ("PUT", "/2015-03-31/event-source-mappings/e"): True,
        ("PUT", "/2019-09-25/functions/f/event-invoke-config"): False,
        ("DELETE", "/2015-03-31/functions/f"): False,
    }
    for (method, path), may in calls.items():
        signed = Call(path, method, service="lambda").signed(aws, key["AccessKeyId"], key["SecretAccessKey"])
        assert (b"not authorized to perform" in signed.send(aws)[2]) is not may, path


def test_nobody_may_what_no_policy_can_name(aws: RunningAws, lister: tuple[str, str]) -> None:
    body = b"Action=CreateDBCluster&DBClusterIdentifier=c&Engine=docdb&Version=2014-10-31"
    assert Call("/", "POST", FORM, body, "rds").signed(aws, *lister).status(aws) == 403


def test_who_may_all_of_a_service_may_what_has_no_name_here(aws: RunningAws) -> None:
    iam = aws.client("iam")
    iam.create_user(UserName="all-of-it")
    statement = {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}
    iam.put_user_policy(UserName="all-of-it", PolicyName="p", PolicyDocument=policy(statement))
    key = iam.create_access_key(UserName="all-of-it")["AccessKey"]
    unknown = OTHERWISE["an unknown path"].signed(aws, key["AccessKeyId"], key["SecretAccessKey"])
    assert unknown.status(aws) == 404


def test_how_an_operation_is_named_is_as_in_botocores_models() -> None:
    told: dict[str, Any] = json.loads(
        subprocess.run([sys.executable, "-c", PROTOCOLS], capture_output=True, text=True, check=True).stdout
    )
    session = botocore.session.get_session()
    known = set(session.get_available_services())
    checked = 0
    for name, (action, by_target) in told.items():
        service = BOTOCORE.get(name, name)
        if service in known:
            metadata = session.get_service_model(service).metadata
            protocols = set(metadata.get("protocols", [])) | {metadata["protocol"]}
            assert action == bool(protocols & {"query", "ec2"}) or name == "sqs", name
            assert by_target or "json" not in protocols or not action, name
            checked += 1
    assert checked > 60


@pytest.mark.parametrize("bucket", ["ordinary", "logs", "events", "sts"])
@pytest.mark.parametrize("key", ["environments/prod", "restapi/x", "key-value-stores/y", "plain"])
def test_a_bucket_before_localhost_is_served_whatever_it_and_its_keys_are_called(
    aws: RunningAws, bucket: str, key: str
) -> None:
    aws.client("s3").create_bucket(Bucket=bucket)
    there = {"Host": f"{bucket}.localhost"}
    assert Call(f"/{key}", "PUT", there, b"content").signed(aws, ACCOUNT, aws.secret).status(aws) == 200
    assert Call(f"/{key}", "GET", there).signed(aws, ACCOUNT, aws.secret).send(aws)[2] == b"content"
    assert aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read() == b"content"


def test_an_address_of_one_bucket_is_none_of_another(aws: RunningAws) -> None:
    aws.client("s3").create_bucket(Bucket="glue")
    aws.client("s3").put_object(Bucket="operations", Key="other/k", Body=b"secret")
    signed = Call("/glue/operations/k").presigned_as_before(aws, ACCOUNT, aws.secret)
    moved = Call(signed.path.removeprefix("/glue"), headers={"Host": f"glue.localhost:{aws.port}"})
    assert b"secret" not in moved.send(aws)[2]
    aws.client("s3").delete_object(Bucket="operations", Key="other/k")


def test_an_access_point_takes_the_place_of_a_bucket_in_the_host(aws: RunningAws) -> None:
    body = b"<CreateAccessPointRequest><Bucket>operations</Bucket></CreateAccessPointRequest>"
    create = Call("/v20180820/accesspoint/entrance", "PUT", {"x-amz-account-id": ACCOUNT}, body)
    assert create.signed(aws, ACCOUNT, aws.secret).status(aws) == 200
    iam = aws.client("iam")
    iam.create_user(UserName="visitor")
    arn = f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/entrance"
    resources = [f"{arn}/object/mine/*", "arn:aws:s3:::operations/mine/*"]
    statement = {"Effect": "Allow", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": resources}
    iam.put_user_policy(UserName="visitor", PolicyName="p", PolicyDocument=policy(statement))
    key = iam.create_access_key(UserName="visitor")["AccessKey"]
    user, secret = key["AccessKeyId"], key["SecretAccessKey"]
    there = {"Host": f"entrance-{ACCOUNT}.localhost"}
    paths = {"/mine/k": 200, "/theirs/k": 403}
    assert {path: Call(path, "PUT", there, b"x").signed(aws, user, secret).status(aws) for path in paths} == paths
    aws.client("s3").delete_object(Bucket="operations", Key="mine/k")


def test_a_service_that_is_not_here_is_named(aws: RunningAws) -> None:
    with pytest.raises(
        ClientError, match=r"UnknownOperation.*: The local AWS has no AWSPriceListService\.GetProducts\."
    ):
        aws.client("pricing").get_products(ServiceCode="AmazonBedrock")
    with pytest.raises(ClientError, match=r"The local AWS has no MTurkRequesterServiceV20170117\.GetAccountBalance\."):
        aws.client("mturk").get_account_balance()
