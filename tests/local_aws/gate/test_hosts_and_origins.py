"""By which names the local AWS may be called, from which pages, and what it tells browsers."""

import socket
from collections.abc import Mapping

import pytest

from bedrock_local.running import RunningAws
from tests.local_aws.conftest import ACCOUNT

from .calls import Call, answer


def raw(aws: RunningAws, *lines: str) -> str:
    """Send lines over a socket; return all that comes back."""
    with socket.create_connection(("127.0.0.1", aws.port), timeout=30) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1"))
        return answer(connection).decode("latin-1")


def status_line(aws: RunningAws, *lines: str) -> str:
    return raw(aws, *lines).split("\r\n")[0]


NAMES = ["127.0.0.1", "localhost", "[::1]", "LOCALHOST", "prompts.localhost", "prompts.s3.localhost"]
NAMES += ["prompts.s3.eu-central-1.localhost"]
STRANGERS = ["attacker.example", "localhost.attacker.example", "127.0.0.1.attacker.example", "a.b.localhost", ""]
STRANGERS += ["0.0.0.0", "127.0.0.2", "[::2]", "2130706433", "127.1", "localhost.", "evil@127.0.0.1", "127.0.0.1:x"]  # noqa: S104 -- nothing is bound to it
STRANGERS += ["127.0.0.1:\u0663", "\u212aeys.localhost", "-a.localhost"]


@pytest.mark.parametrize("host", NAMES)
def test_loopback_and_its_buckets_are_called_by_their_names(aws: RunningAws, host: str) -> None:
    answer = raw(aws, "GET / HTTP/1.1", f"Host: {host}:{aws.port}", "Connection: close")
    assert "not signed" in answer


@pytest.mark.parametrize("host", STRANGERS)
def test_another_name_is_refused_whoever_signs(aws: RunningAws, host: str) -> None:
    call = Call(service="sts", headers={"Host": host.encode().decode("latin-1")}).signed(aws, ACCOUNT, aws.secret)
    status, _, content = call.send(aws)
    assert (status, b"InvalidHost" in content) == (403, True)


def test_the_host_is_told_once(aws: RunningAws) -> None:
    good = f"Host: 127.0.0.1:{aws.port}"
    for hosts in ([], [good, "Host: attacker.example"], ["Host: attacker.example", good]):
        assert status_line(aws, "GET / HTTP/1.1", *hosts, "Connection: close").split()[1] in {"400", "403"}
    assert status_line(aws, "GET / HTTP/1.0").split()[1] == "403"


def test_an_absolute_address_does_not_change_the_host(aws: RunningAws) -> None:
    target = f"http://127.0.0.1:{aws.port}/"
    for address, host in ((target, "attacker.example"), ("http://attacker.example/", f"127.0.0.1:{aws.port}")):
        line = status_line(aws, f"GET {address} HTTP/1.1", f"Host: {host}", "Connection: close")
        assert line.split()[1] in {"400", "403"}


SENT_BY_PAGES = [
    {"Origin": "http://attacker.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://127.0.0.1"},
]


@pytest.mark.parametrize("headers", SENT_BY_PAGES)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PUT"])
def test_a_foreign_page_is_refused_even_where_it_can_sign(
    aws: RunningAws, headers: Mapping[str, str], method: str
) -> None:
    for path in ("/", "/_bedrock/faults", "/_ministack/cfn-response/x", "/some-bucket/some-key"):
        call = Call(path, method, headers, service="s3").signed(aws, ACCOUNT, aws.secret)
        status, answered, content = call.send(aws)
        assert status == 403, path
        assert b"InvalidOrigin" in content
        assert [name for name in answered if name.startswith("access-control-")] == []


def test_its_own_pages_and_an_address_that_is_typed_are_answered(aws: RunningAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="typed")
    s3.put_object(Bucket="typed", Key="k", Body=b"content")
    for headers in ({"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin", "Origin": aws.endpoint_url}):
        call = Call("/typed/k").presigned(aws, ACCOUNT, aws.secret)
        status, answered, content = Call(call.path, headers=headers).send(aws)
        assert (status, content) == (200, b"content")
        assert [name for name in answered if name.startswith("access-control-")] == []


def test_no_service_sends_cors_headers(aws: RunningAws) -> None:
    calls = {
        "dynamodb": Call("/", "POST", {"X-Amz-Target": "DynamoDB_20120810.ListTables"}, b"{}", "dynamodb"),
        "sts": Call("/?Action=GetCallerIdentity&Version=2011-06-15", service="sts"),
        "bedrock": Call("/model-invocation-jobs", service="bedrock"),
        "s3": Call("/", service="s3"),
    }
    for service, call in calls.items():
        status, answered, _ = call.signed(aws, ACCOUNT, aws.secret).send(aws)
        assert status == 200, service
        assert [name for name in answered if name.startswith("access-control-")] == [], service


def test_a_websocket_is_closed(aws: RunningAws) -> None:
    upgrade = [
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: " + "A" * 24,
    ]
    line = status_line(aws, "GET /_aws/execute-api/a/b HTTP/1.1", f"Host: 127.0.0.1:{aws.port}", *upgrade)
    assert line.split()[1] == "403"
