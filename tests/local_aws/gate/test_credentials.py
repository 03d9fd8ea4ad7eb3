"""Nobody is answered who does not sign with the secret of this start: at no service, in no way of signing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import boto3
import pytest
from botocore.config import Config
from ministack.core.router import SERVICE_PATTERNS

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.conftest import ACCOUNT, policy

from .calls import Call

#: What the emulator routes. Its table has no patterns for the last ones; a service that is not here fails.
SERVICES = [*SERVICE_PATTERNS, "imds", "ecs-metadata", "bedrock-agent", "bedrock-agent-runtime", "bedrock-agentcore"]
# Key and secret; the right secret is put in for OURS.
OURS = "ours"
WRONG = {
    "the constants that everybody knows": ("test", "test"),
    "another account with them": ("123456789012", "test"),
    "the right key with a wrong secret": (ACCOUNT, "wrong"),
    "no key": ("", OURS),
    "a word for a key": ("test", OURS),
    "a user that does not exist": ("AKIAIOSFODNN7EXAMPLE", OURS),
}


@pytest.fixture(scope="module")
def routed() -> dict[str, Any]:
    """For each service, a request that gets there."""
    program = [sys.executable, Path(__file__).with_name("routed_services.py")]
    found: dict[str, Any] = json.loads(subprocess.run(program, capture_output=True, text=True, check=True).stdout)
    return found


def test_there_is_a_request_for_every_service_that_is_routed(routed: dict[str, Any]) -> None:
    assert sorted(routed) == sorted(SERVICES)
    assert len(routed) > 80
    assert [service for service, found in routed.items() if not found] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_its_owner_alone(aws: RunningAws, routed: dict[str, Any], service: str) -> None:
    method, path, headers, scope = routed[service]
    made = Call(path, method, headers, b"{}" if method == "POST" else b"", scope)
    answers = {name: made.signed(aws, key, secret.replace(OURS, aws.secret)) for name, (key, secret) in WRONG.items()}
    answers |= {
        f"{name}, in the address": made.presigned(aws, key, secret.replace(OURS, aws.secret))
        for name, (key, secret) in WRONG.items()
    }
    answers |= {"no signature": made}
    assert {name: status for name, each in answers.items() if (status := each.status(aws)) != 403} == {}
    # Whoever signs with the secret gets further, in either way.
    assert "env` prints" not in str(made.signed(aws, ACCOUNT, aws.secret).send(aws))
    assert "env` prints" not in str(made.presigned(aws, ACCOUNT, aws.secret).send(aws))


@pytest.fixture(scope="module")
def bucket(aws: RunningAws) -> str:
    aws.client("s3").create_bucket(Bucket="kept-apart")
    aws.client("s3").put_object(Bucket="kept-apart", Key="a/b c+d", Body=b"content")
    return "kept-apart"


OBJECT = Call("/kept-apart/a/b%20c%2Bd")


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("form", ["signed", "presigned", "presigned_as_before"])
def test_an_object_is_given_to_whoever_signs_in_any_form(aws: RunningAws, form: str) -> None:
    sign = getattr(OBJECT, form)
    assert sign(aws, ACCOUNT, aws.secret).send(aws)[::2] == (200, b"content")
    assert [sign(aws, *each).status(aws) for each in (("test", "test"), (ACCOUNT, "test"), ("", aws.secret))] == [
        403
    ] * 3


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("form", ["presigned", "presigned_as_before"])
def test_an_address_is_good_for_its_time_only(aws: RunningAws, form: str) -> None:
    assert getattr(OBJECT, form)(aws, ACCOUNT, aws.secret, expires=-5).status(aws) == 403


IN_ADDRESS = {
    "presigned": ["X-Amz-Expires", "X-Amz-Date", "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Algorithm"],
    "presigned_as_before": ["Expires", "Signature", "AWSAccessKeyId"],
}
NONSENSE = ["", "9" * 20, "9" * 5000, "-1", "\u0663", "x", "%ff", "a/b/c/d/e", "[", "\0"]


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(("form", "name"), [(form, name) for form, names in IN_ADDRESS.items() for name in names])
def test_an_address_of_nonsense_is_refused(aws: RunningAws, form: str, name: str) -> None:
    path, _, query = getattr(OBJECT, form)(aws, ACCOUNT, aws.secret).path.partition("?")
    for value in NONSENSE:
        wrong = urlencode({**dict(parse_qsl(query)), name: value})
        for root in (path, "kept-apart/a", "[x"):
            assert Call(f"{root}?{wrong}").status(aws) in {400, 403}, (value, root)


@pytest.mark.parametrize("header", ["Authorization", "X-Amz-Date", "X-Amz-Content-SHA256"])
@pytest.mark.parametrize("value", ["", "\u00e9", "AWS4-HMAC-SHA256 ", "AWS a:b", "AWS4-HMAC-SHA256 Credential=,"])
def test_a_header_of_nonsense_is_refused(aws: RunningAws, header: str, value: str) -> None:
    call = OBJECT.signed(aws, ACCOUNT, aws.secret)
    assert Call(OBJECT.path, headers={**call.headers, header: value}).status(aws) in {400, 403}


@pytest.mark.usefixtures("bucket")
def test_a_signature_is_for_one_request_only(aws: RunningAws) -> None:
    signed = OBJECT.signed(aws, ACCOUNT, aws.secret)
    assert Call("/kept-apart/other", headers=signed.headers).status(aws) == 403
    assert Call(signed.path, "DELETE", signed.headers).status(aws) == 403
    put = Call("/kept-apart/new", "PUT", body=b"mine").signed(aws, ACCOUNT, aws.secret)
    status, _, content = Call(put.path, "PUT", put.headers, b"ours").send(aws)
    assert (status, b"XAmzContentSHA256Mismatch" in content) == (400, True)
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket="kept-apart", Prefix="new")


TABLES = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
USERS = "Action=ListUsers&Version=2010-05-08"


@pytest.mark.usefixtures("bucket")
def test_what_somebody_adds_to_a_signed_request_is_refused_or_counts_for_nothing(aws: RunningAws) -> None:
    no_hash = {"X-Amz-Content-SHA256": ""}
    identity = Call("/?Action=GetCallerIdentity&Version=2011-06-15", service="sts").presigned(aws, ACCOUNT, aws.secret)
    read, uploads = (Call(path, method).presigned(aws, ACCOUNT, aws.secret) for path, method in UPLOADS)
    before = OBJECT.presigned_as_before(aws, ACCOUNT, aws.secret)
    put = Call("/kept-apart/mine", "PUT").presigned(aws, ACCOUNT, aws.secret)
    changed = {
        "a target": Call(read.path, headers=TABLES, body=b"{}"),
        "an action": Call(f"{before.path}&{USERS}"),
        "an action in the older form": Call(before.path, headers=FORM, body=USERS.encode()),
        "a form": Call(uploads.path, "POST", FORM, USERS.encode()),
        "a body": Call(identity.path, headers={**TABLES, **no_hash}, body=b"{}"),
        "a hash": Call(identity.path, headers=no_hash, body=b"{}"),
        "a source": Call(put.path, "PUT", {"x-amz-copy-source": "/kept-apart/a/b%20c%2Bd"}),
        "an encryption": Call(put.path, "PUT", {"x-amz-server-side-encryption": "aws:kms"}),
        "a subresource": Call(f"{before.path}&retention"),
    }
    answers = {what: call.send(aws) for what, call in changed.items()}
    found = [what for what, (_, _, content) in answers.items() if b"TableNames" in content or b"ListUsers" in content]
    assert found == []
    went_on = {what for what, (status, _, _) in answers.items() if status != 403}
    # As if it were not there: S3 starts an upload.
    assert went_on == {"a form"}
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket="kept-apart", Prefix="mine")


UPLOADS = [("/kept-apart/a/b%20c%2Bd", "GET"), ("/kept-apart/of-a-form?uploads", "POST")]
VALID = {
    "get_object": {"Key": "a/b c+d", "ResponseContentDisposition": 'attachment; filename="x.csv"'},
    "get_object_tagging": {"Key": "a/b c+d"},
    "head_object": {"Key": "a/b c+d"},
    "list_objects_v2": {"Prefix": "a/"},
    "create_multipart_upload": {"Key": "new"},
    "put_object": {"Key": "é/ü+ %", "ContentType": "text/csv", "Metadata": {"a": "b"}},
}


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("version", ["s3", "s3v4"])
@pytest.mark.parametrize("operation", VALID)
def test_the_addresses_that_boto3_makes_are_good(aws: RunningAws, operation: str, version: str) -> None:
    more = {"signature_version": version, "s3": {"addressing_style": "path"}}
    s3 = boto3.client(
        "s3",
        "us-east-1",
        endpoint_url=aws.endpoint_url,
        config=Config(**more),
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key=aws.secret,
    )
    parameters = VALID[operation]
    if version == "s3":
        # The emulator takes these for parameters of an anonymous request then.
        parameters = {name: value for name, value in parameters.items() if not name.startswith("Response")}
    address = s3.generate_presigned_url(operation, Params={"Bucket": "kept-apart", **parameters})
    method = {"put_object": "PUT", "create_multipart_upload": "POST", "head_object": "HEAD"}.get(operation, "GET")
    headers = {"Content-Type": "text/csv", "x-amz-meta-a": "b"} if operation == "put_object" else {}
    assert Call(address.removeprefix(aws.endpoint_url), method, headers).status(aws) == 200


@pytest.mark.usefixtures("bucket")
def test_an_older_address_is_read_in_one_way_only(aws: RunningAws) -> None:
    listing = Call("/kept-apart/").presigned_as_before(aws, ACCOUNT, aws.secret).path
    assert Call(f"{listing}&prefix=a").status(aws) == 200
    for more in ("%70refix=a", "prefix=a&prefix=b", "prefix=a&Prefix=b", "prefix=#a", "", "prefix=a&"):
        assert Call(f"{listing}&{more}").status(aws) == 403, more
    put = Call("/kept-apart/typed", "PUT", {"Content-Type": "text/csv"})
    address = put.presigned_as_before(aws, ACCOUNT, aws.secret).path
    assert Call(address, "PUT", {"Content-Type": "text/plain"}).status(aws) == 403
    assert Call(address, "PUT", {"Content-Type": "text/csv"}).status(aws) == 200


def test_two_signatures_are_none(aws: RunningAws) -> None:
    user = aws.client("iam").create_user(UserName="with-little")["User"]["UserName"]
    key = aws.client("iam").create_access_key(UserName=user)["AccessKey"]
    signed = Call("/", service="iam").signed(aws, key["AccessKeyId"], key["SecretAccessKey"])
    address = Call("/", service="iam").presigned(aws, ACCOUNT, "wrong").path
    assert Call(address, headers=signed.headers).status(aws) == 403
    assert Call(f"/?AWSAccessKeyId={ACCOUNT}", headers=signed.headers).status(aws) == 403


def test_a_user_and_a_session_are_asked_for_their_own_secrets(aws: RunningAws) -> None:
    iam, sts = aws.client("iam"), aws.client("sts")
    iam.create_user(UserName="reader")
    everything = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=everything)
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    session = sts.get_session_token()["Credentials"]
    listing = Call("/", "POST", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, b"{}", "dynamodb")
    user, secret = key["AccessKeyId"], key["SecretAccessKey"]
    assert listing.signed(aws, user, secret).status(aws) == 200
    assert listing.signed(aws, user, aws.secret).status(aws) == 403
    there, hidden, token = (session[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
    assert listing.signed(aws, there, hidden, token).status(aws) == 200
    assert [listing.signed(aws, there, hidden, each).status(aws) for each in (None, "other")] == [403, 403]


def test_faults_are_for_the_root_user_alone(aws: RunningAws) -> None:
    iam = aws.client("iam")
    iam.create_user(UserName="mischief")
    iam.put_user_policy(
        UserName="mischief", PolicyName="p", PolicyDocument=policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    )
    key = iam.create_access_key(UserName="mischief")["AccessKey"]
    faults = Call("/_bedrock/faults", service="bedrock")
    assert faults.signed(aws, key["AccessKeyId"], key["SecretAccessKey"]).status(aws) == 403
    assert [faults.status(aws), faults.signed(aws, ACCOUNT, "test").status(aws)] == [403, 403]
    assert faults.signed(aws, "123456789012", aws.secret).status(aws) == 200
    # The address of an object that is called like them is given to others.
    assert Call(faults.path).presigned(aws, ACCOUNT, aws.secret).status(aws) == 403


def test_the_secret_is_another_one_at_each_start_and_is_shown_by_accident_nowhere(
    aws: RunningAws, tmp_path: Path
) -> None:
    with LocalAws(model="echo", directory=tmp_path) as other:
        assert other.secret != aws.secret
        assert len(other.secret) >= 40
        assert Call(service="sts").signed(other, ACCOUNT, aws.secret).status(other) == 403
        shown = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True, check=True).stdout
        assert other.secret not in shown + repr(other) + repr(other.faults) + (tmp_path / "local-aws.log").read_text()
