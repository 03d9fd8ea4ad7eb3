"""Nobody is answered who does not sign with the secret of this start: at no service, in no way of signing."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.conftest import policy

from .calls import Call

ACCOUNT = "000000000000"
ROUTED: dict[str, Any] = json.loads(
    subprocess.run(
        [sys.executable, Path(__file__).with_name("routed_services.py")], capture_output=True, text=True, check=True
    ).stdout
)
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


def call(service: str) -> Call:
    method, path, headers, scope = ROUTED[service]
    return Call(path, method, headers, b"{}" if method == "POST" else b"", scope)


def test_there_is_a_request_for_every_service_that_is_routed() -> None:
    assert len(ROUTED) > 80
    assert [service for service, found in ROUTED.items() if not found] == []


@pytest.mark.parametrize("service", ROUTED)
def test_a_service_answers_its_owner_alone(aws: RunningAws, service: str) -> None:
    made = call(service)
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


@pytest.mark.usefixtures("bucket")
def test_a_signature_is_for_one_request_only(aws: RunningAws) -> None:
    signed = OBJECT.signed(aws, ACCOUNT, aws.secret)
    assert Call("/kept-apart/other", headers=signed.headers).status(aws) == 403
    assert Call(signed.path, "DELETE", signed.headers).status(aws) == 403
    put = Call("/kept-apart/new", "PUT", body=b"mine").signed(aws, ACCOUNT, aws.secret)
    status, _, content = Call(put.path, "PUT", put.headers, b"ours").send(aws)
    assert (status, b"XAmzContentSHA256Mismatch" in content) == (400, True)
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket="kept-apart", Prefix="new")


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


def test_the_secret_is_another_one_at_each_start_and_is_shown_by_accident_nowhere(
    aws: RunningAws, tmp_path: Path
) -> None:
    with LocalAws(model="echo", directory=tmp_path) as other:
        assert other.secret != aws.secret
        assert len(other.secret) >= 40
        assert Call(service="sts").signed(other, ACCOUNT, aws.secret).status(other) == 403
        shown = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True, check=True).stdout
        assert other.secret not in shown + repr(other) + repr(other.faults) + (tmp_path / "local-aws.log").read_text()
