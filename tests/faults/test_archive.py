"""Archives: a folder of records and media, unpacked into the input bucket before the job is made."""

import json
from typing import Any

import pytest

from .aws import Aws, properties
from .front import Exchange, Reply, Response
from .replies import after, before, dropped, healthy, refused
from .s3 import zipped

CREATE, PUT = "CreateModelInvocationJob", "PutObject"
RECORD = {"recordId": "1", "modelInput": {"content": [{"video": {"s3Location": {"uri": "videos/a.mp4"}}}]}}
PLAIN = b'{"recordId": "2",  "modelInput": {"text": "s3"}}\n'
FILES = {
    "records.jsonl": json.dumps(RECORD).encode() + b"\n" + PLAIN,
    "videos/": b"",
    "videos/a.mp4": bytes(range(256)) * 64,
    "videos/what?#.mp4": b"of any name",
}
TARGET = "input/0123abcd/"
PART_COPY = "UploadPartCopy"
#: More than a part.
LARGE = PLAIN * (64 * 1024 * 1024 // len(PLAIN) + 100)
SLOW = refused("SlowDown", "Please reduce your request rate.", 503)
DENIED = refused("AccessDenied", "User is not authorized to perform: kms:GenerateDataKey", 403)


def wish(content: bytes, aws: Aws) -> dict[str, Any]:
    aws.s3.put("assets/folder.zip", content)
    staged = {"Source": "s3://assets/folder.zip", "Target": f"s3://{TARGET}"}
    return {"Job": {**properties(), "StagedInput": [staged]}}


def assert_unpacked(aws: Aws) -> None:
    first, second = aws.s3.get(f"{TARGET}records.jsonl").splitlines(keepends=True)
    content = [{"video": {"s3Location": {"uri": f"s3://{TARGET}videos/a.mp4"}}}]
    assert json.loads(first) == {"recordId": "1", "modelInput": {"content": content}}
    assert second == PLAIN
    for name in ("videos/a.mp4", "videos/what?#.mp4"):
        assert aws.s3.get(f"{TARGET}{name}") == FILES[name]


def test_A01_every_entry_is_put_below_the_target(aws: Aws) -> None:
    """Media as they are, records with the addresses that their media have now; then the job is made."""
    assert aws.stack().deploy(wish(zipped(FILES), aws)) == "CREATE_COMPLETE"
    assert_unpacked(aws)
    assert [call["Target"] for call in aws.front.of(PUT)] == [f"{TARGET}{name}" for name in FILES if name[-1] != "/"]
    operations = [call.operation for call in aws.front.calls]
    assert operations.index(CREATE) > max(index for index, name in enumerate(operations) if name == PUT)


def test_A01_a_plain_object_is_copied_inside_s3(aws: Aws) -> None:
    """Its content does not pass through the function."""
    aws.s3.put("assets/prompts.jsonl", PLAIN)
    staged = {"Source": "s3://assets/prompts.jsonl", "Target": "s3://input/0123/prompts.jsonl"}
    assert aws.stack().deploy({"Job": {**properties(), "StagedInput": [staged]}}) == "CREATE_COMPLETE"
    assert aws.s3.get("input/0123/prompts.jsonl") == PLAIN
    assert not aws.front.of("GetObject")


@pytest.mark.parametrize(
    "replies", [[], [SLOW], [healthy, SLOW]], ids=["at once", "the first again", "the second again"]
)
def test_A07_an_object_of_several_parts_is_copied_part_by_part(aws: Aws, replies: list[Reply]) -> None:
    """No request is for more than a part; one that S3 puts off is sent again, and nothing else is."""
    # A copy takes the machine's time, and the client's time-out is in the function's.
    aws.function.speed = 1
    aws.s3.put("assets/large.jsonl", LARGE)
    aws.front.meet(PART_COPY, *replies)
    staged = {"Source": "s3://assets/large.jsonl", "Target": "s3://input/0123/large.jsonl", "Size": str(len(LARGE))}
    assert aws.stack().deploy({"Job": {**properties(), "StagedInput": [staged]}}) == "CREATE_COMPLETE"
    assert aws.s3.get("input/0123/large.jsonl") == LARGE
    assert len(aws.front.of(PART_COPY)) == 2 + bool(replies)
    assert not [name for name in ("CopyObject", "GetObject") if aws.front.of(name)]


def test_A07_a_part_that_is_refused_for_ever_fails_in_s3_s_words(aws: Aws) -> None:
    """The deployment names the object, and what S3 said; there is no job."""
    aws.s3.put("assets/large.jsonl", LARGE)
    aws.front.always(PART_COPY, refused("InvalidRequest", "The specified copy source is larger than allowed", 400))
    staged = {"Source": "s3://assets/large.jsonl", "Target": "s3://input/0123/large.jsonl", "Size": str(len(LARGE))}
    stack = aws.stack()
    assert stack.deploy({"Job": {**properties(), "StagedInput": [staged]}}) == "ROLLBACK_COMPLETE"
    assert "s3://assets/large.jsonl cannot be copied to s3://input/0123/large.jsonl" in stack.reasons[0]
    assert "larger than allowed" in stack.reasons[0]
    assert not aws.front.of(CREATE)


@pytest.mark.parametrize("moment", [before, after])
def test_A02_the_second_delivery_unpacks_it_again(aws: Aws, moment: Any) -> None:
    """What the first has put is put again, the same; one job is made, when all is there."""
    template = wish(zipped(FILES), aws)
    aws.front.meet(PUT, lambda exchange: exchange.commit(), moment(aws.function.kill))
    assert aws.stack().deploy(template) == "CREATE_COMPLETE"
    assert [each.error for each in aws.function.invocations] == ["killed", None]
    assert_unpacked(aws)
    assert len(aws.bedrock.jobs) == 1


def flipped(content: bytes) -> bytes:
    """The archive with one byte of its first entry changed."""
    at = 60
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize(
    "content",
    [b"", b"no zip at all", zipped(FILES)[:-30], zipped(FILES)[500:], flipped(zipped(FILES))],
    ids=["empty", "text", "end cut off", "beginning cut off", "changed"],
)
def test_A03_a_broken_archive_is_named(aws: Aws, content: bytes) -> None:
    """The deployment fails at once with the archive's address; no job is made."""
    stack = aws.stack()
    assert stack.deploy(wish(content, aws)) == "ROLLBACK_COMPLETE"
    assert "s3://assets/folder.zip cannot be unpacked, publish it again" in stack.reasons[0]
    assert not aws.front.of(CREATE)


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/evil", "C:/evil", "..\\evil", "\\evil"])
def test_A04_a_name_that_leads_out_is_refused(aws: Aws, name: str) -> None:
    """The deployment fails with the entry's name before anything is put anywhere."""
    stack = aws.stack()
    assert stack.deploy(wish(zipped({**FILES, name: b""}), aws)) == "ROLLBACK_COMPLETE"
    assert f"leads out of s3://{TARGET}: '{name}'" in stack.reasons[0]
    assert not aws.front.of(PUT)
    assert not aws.front.of(CREATE)


@pytest.mark.parametrize("operation", ["GetObject", PUT])
def test_A05_a_refusal_that_passes_is_waited_out(aws: Aws, operation: str) -> None:
    """The policy, or the key's, is new: it is unpacked in the end."""
    template = wish(zipped(FILES), aws)
    aws.front.meet(operation, *[DENIED] * 4)
    aws.function.speed = 5
    stack = aws.stack()
    assert stack.deploy(template) == "CREATE_COMPLETE", stack.reasons
    assert_unpacked(aws)


@pytest.mark.parametrize(("operation", "action"), [("GetObject", "s3:GetObject"), (PUT, "kms:GenerateDataKey")])
def test_A05_a_refusal_that_lasts_fails_in_the_services_words(aws: Aws, operation: str, action: str) -> None:
    """The deployment fails with the action that is missing, and no job is made."""
    template = wish(zipped(FILES), aws)
    aws.front.always(operation, refused("AccessDenied", f"User is not authorized to perform: {action}", 403))
    stack = aws.stack()
    assert stack.deploy(template) == "ROLLBACK_COMPLETE"
    assert action in stack.reasons[0]
    assert not aws.front.of(CREATE)


def test_A05_a_bucket_that_does_not_exist_is_named_at_once(aws: Aws) -> None:
    """Waiting does not help, so S3 is asked once."""
    template = wish(zipped(FILES), aws)
    aws.front.always(PUT, refused("NoSuchBucket", "The specified bucket does not exist", 404))
    stack = aws.stack()
    assert stack.deploy(template) == "ROLLBACK_COMPLETE"
    assert "NoSuchBucket" in stack.reasons[0]
    assert len(aws.front.of(PUT)) == 1


def test_A05_a_connection_that_is_lost_is_made_again(aws: Aws) -> None:
    """boto3 repeats the call; what is unpacked is whole."""
    template = wish(zipped(FILES), aws)
    aws.front.meet("GetObject", dropped)
    aws.front.meet(PUT, dropped)
    assert aws.stack().deploy(template) == "CREATE_COMPLETE"
    assert_unpacked(aws)


def test_A05_a_content_that_breaks_off_is_asked_for_again(aws: Aws) -> None:
    """Half of an object is not taken for all of it."""

    def half(exchange: Exchange) -> Response:
        status, headers, content = exchange.commit()
        return (
            status,
            {**headers, "Content-Length": str(len(content)), "Connection": "close"},
            content[: len(content) // 2],
        )

    template = wish(zipped(FILES), aws)
    aws.front.meet("GetObject", healthy, half)
    aws.function.speed = 5
    stack = aws.stack()
    assert stack.deploy(template) == "CREATE_COMPLETE", stack.reasons
    assert_unpacked(aws)


@pytest.mark.parametrize("code", ["SlowDown", "InternalError", "ServiceUnavailable"])
def test_A05_a_failure_of_s3_that_passes_is_waited_out(aws: Aws, code: str) -> None:
    """Also when botocore's own tries do not suffice."""
    template = wish(zipped(FILES), aws)
    aws.front.meet(PUT, *[refused(code, "Please try again.", 503)] * 5)
    aws.function.speed = 5
    stack = aws.stack()
    assert stack.deploy(template) == "CREATE_COMPLETE", stack.reasons
    assert_unpacked(aws)


def test_A06_too_much_for_the_time_fails_before_the_deadline(aws: Aws) -> None:
    """The deployment fails in time and says what to do; no job is made."""
    template = wish(zipped({f"{number}.png": b"picture" for number in range(500)}), aws)
    aws.function.timeout, aws.function.speed = 24, 10
    stack = aws.stack()
    assert stack.deploy(template) == "ROLLBACK_COMPLETE"
    assert "too little time" in stack.reasons[0]
    assert aws.function.invocations[0].error is None
    assert not aws.front.of(CREATE)
