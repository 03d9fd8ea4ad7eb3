import json
from typing import Any

import pytest

from model_invocation_job.input.media import addressed

FOLDER = "s3://input/0123/"


def one(line: bytes) -> bytes:
    (written,) = addressed([line], FOLDER)
    return written


def record(model_input: Any) -> bytes:
    return json.dumps({"recordId": "1", "modelInput": model_input}).encode()


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_a_relative_address_becomes_one_below_the_folder(ending: bytes) -> None:
    written = one(record({"s3Location": {"uri": "videos/a.mp4", "bucketOwner": "1"}}) + ending)
    location = {"uri": f"{FOLDER}videos/a.mp4", "bucketOwner": "1"}
    assert written == record({"s3Location": location}) + ending


def test_every_address_of_a_record_is_found_at_any_depth() -> None:
    def nested(first: str, second: str) -> Any:
        return {"a": [[{"s3Location": {"uri": first}}], {"b": {"s3Location": {"uri": second, "c": {}}}}]}

    written = one(record(nested("a.mp4", "s3://elsewhere/b.mp4")))
    assert json.loads(written)["modelInput"] == nested(f"{FOLDER}a.mp4", "s3://elsewhere/b.mp4")


def test_text_keeps_its_characters() -> None:
    written = one(record({"s3Location": {"uri": "ä.mp4"}, "text": "\ud83d\ude00 \ud800"}))
    assert json.loads(written)["modelInput"] == {"s3Location": {"uri": f"{FOLDER}ä.mp4"}, "text": "😀 \ud800"}


@pytest.mark.parametrize(
    "line",
    [
        b'{"recordId":"1",  "modelInput":{"prompt":"hello"}}\n',
        b'{"recordId":"1",  "modelInput":{"s3Location":{"uri":"s3://elsewhere/a.mp4"}}}\n',
        b'{"recordId":"1",  "modelInput":{"prompt":"s3Location"}}\n',
        b'{"recordId":"1",  "modelInput":{"s3Location":"videos/a.mp4"}}\n',
        b'{"recordId":"1",  "modelInput":{"s3Location":{"uri":7}}}\n',
        b'{"recordId":"1",  "s3Location":{"uri":"videos/a.mp4"}}\n',
        b'["s3Location"]\n',
        b'"s3Location\n',
        b"s3Location \xff\n",
        b"[" * 100_000 + b"s3Location",
        b"\n",
    ],
    ids=lambda line: line[:60].decode(errors="replace"),
)
def test_a_line_that_needs_no_change_is_passed_byte_for_byte(line: bytes) -> None:
    assert one(line) == line
