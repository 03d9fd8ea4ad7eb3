"""How much a job would read: records, bytes, and about how many tokens."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.response import StreamingBody

from bedrock_batch import Amount, Plan
from bedrock_batch.plan.amount import Count, rounded

from .account import Account, changed, golden, job, refused

KEY = "2ce2178bdb030f4c89e6740c8bc98215b6f0d07f6141775b973d0ac17c0c6001.jsonl"
TEXT = "Say hello to all of them"


def record(number: int, text: str = TEXT, **body: Any) -> dict[str, Any]:
    return {
        "recordId": str(number),
        "modelInput": {"messages": [{"role": "user", "content": [{"text": text}]}], **body},
    }


def lines(records: list[dict[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(each)}\n" for each in records).encode()


TEN = lines([record(number, inferenceConfig={"maxTokens": 100}) for number in range(10)])


def planned(folder: Path, key: str = KEY, path: str = "asset.jsonl") -> Amount:
    (found,) = Account().plan(folder, golden(), {key: path}).jobs
    assert found.amount
    return found.amount


def test_records_of_a_local_file_are_counted(tmp_path: Path) -> None:
    (tmp_path / "asset.jsonl").write_bytes(TEN)
    found = planned(tmp_path)
    assert found == Amount(10, len(TEN), 10 * len(TEXT) // 4, 1000)
    assert str(found) == f"10 records, {len(TEN):,} bytes, about 60 tokens in, at most 1,000 out"


def test_records_of_a_folder_and_of_an_archive_are_counted(tmp_path: Path) -> None:
    def in_archive(template: dict[str, Any]) -> None:
        source = job(template)["StagedInput"][0]["Source"]["Fn::Join"][1]
        source[2] = source[2].replace("jsonl", "zip")

    (tmp_path / "asset").mkdir()
    (tmp_path / "asset" / "more.jsonl").write_bytes(TEN)
    (tmp_path / "asset" / "picture.jpg").write_bytes(b"\xff" * 99)
    with zipfile.ZipFile(tmp_path / "asset.zip", "w") as archive:
        archive.writestr("more.jsonl", TEN)
        archive.writestr("picture.jpg", b"\xff" * 99)
    for path in ("asset", "asset.zip"):
        template = changed(golden(), in_archive)
        (found,) = Account().plan(tmp_path, template, {KEY.replace("jsonl", "zip"): path}).jobs
        assert found.amount == Amount(10, len(TEN), 60, 1000)


def test_records_that_are_not_there_are_not_counted_as_none(tmp_path: Path) -> None:
    for files in ({}, {KEY: "gone.jsonl"}, {"another.jsonl": "asset.jsonl"}):
        (found,) = Account().plan(tmp_path, golden(), files).jobs
        assert found.amount == Amount(doubt="its records are not in the assembly")
        assert str(found.amount).startswith("how much it reads cannot be told")


def test_an_archive_that_cannot_be_read_leaves_the_rest_of_the_plan(tmp_path: Path) -> None:
    (tmp_path / "asset.zip").write_bytes(b"PK and no more")
    found = planned(tmp_path, path="asset.zip")
    assert found == Amount(doubt="asset.zip in the assembly cannot be read (File is not a zip file)")


@pytest.mark.parametrize(
    ("body", "text", "longest"),
    [
        (
            {
                "anthropic_version": "bedrock-2023-05-31",
                "max_tokens": 9,
                "messages": [{"role": "user", "content": "ab"}],
            },
            2,
            9,
        ),
        ({"system": [{"text": "abc"}], "messages": [{"role": "user", "content": [{"text": "de"}]}]}, 5, None),
        ({"inputText": "abcd", "textGenerationConfig": {"maxTokenCount": 7}}, 4, 7),
        ({"prompt": "ab", "max_gen_len": 8}, 2, 8),
        ({"prompt": "äö", "max_gen_len": 8.5}, 4, None),
        # A picture is paid, but not by the length of its base64.
        ({"messages": [{"content": [{"image": {"format": "png", "source": {"bytes": "A" * 99}}}]}]}, 0, None),
        ({"messages": [{"content": [{"type": "image", "source": {"type": "base64", "data": "A" * 99}}]}]}, 0, None),
        ("no body", 7, None),
        (None, 0, None),
    ],
)
def test_what_counts_of_a_body(body: Any, text: int, longest: int | None) -> None:
    count = Count()
    for _ in range(4):
        count.add(json.dumps({"recordId": "r", "modelInput": body}).encode())
    assert (count.amount().input_tokens, count.text_bytes) == (text, 4 * text)
    assert count.amount().output_tokens == (None if longest is None else 4 * longest)


def test_a_line_that_is_no_record_is_one_that_says_nothing() -> None:
    count = Count()
    for line in (b"\n", b"{", b"[]\n", b'{"modelInput": {"prompt": "\xff"}}\n', b"[" * 100_000):
        count.add(line)
    assert (count.records, count.text_bytes) == (4, 0)


def in_s3(uri: str) -> Callable[[dict[str, Any]], None]:
    def change(template: dict[str, Any]) -> None:
        del job(template)["StagedInput"]
        job(template)["Job"]["inputDataConfig"]["s3InputDataConfig"]["s3Uri"] = uri

    return change


def bucket(objects: dict[str, bytes], refusal: str = "") -> Any:
    def pages(Prefix: str, **_: str) -> list[dict[str, Any]]:  # noqa: N803 - the API's name
        if refusal:
            raise refused(refusal, "no")
        found = {key: content for key, content in objects.items() if key.startswith(Prefix)}
        return [{"Contents": [{"Key": key, "Size": len(content)} for key, content in found.items()]}]

    def get(Key: str, Range: str, **_: str) -> dict[str, Any]:  # noqa: N803 - the same
        if not objects[Key]:
            raise refused("InvalidRange", "The requested range is not satisfiable")
        content = objects[Key][: int(Range.rpartition("-")[2]) + 1]
        return {"Body": StreamingBody(io.BytesIO(content), len(content))}

    return SimpleNamespace(get_paginator=lambda _: SimpleNamespace(paginate=pages), get_object=get)


def test_records_in_s3_are_estimated_from_the_beginning(tmp_path: Path) -> None:
    account = Account(s3=bucket({"in/0.jsonl": b"", "in/a.jsonl": TEN, "in/b.jsonl": TEN * 3, "in/other.txt": b"."}))
    (found,) = account.plan(tmp_path, changed(golden(), in_s3("s3://mine/in/"))).jobs
    assert found.amount == Amount(40, 4 * len(TEN), 240, 4000, is_estimate=True)
    assert str(found.amount).startswith("about 40 records")


@pytest.mark.parametrize(
    ("uri", "s3", "doubt"),
    [
        ("s3://mine/none/", bucket({}), 'there are no records in "s3://mine/none/"'),
        ("s3://mine/in/", bucket({"in/a.jsonl": b""}), 'there are no records in "s3://mine/in/"'),
        ("s3://mine/in/", bucket({}, "AccessDenied"), "S3 does not tell of its records (AccessDenied)"),
        ({"Ref": "NumbersJobRoleEE9FA914"}, None, "where it reads is known to CloudFormation only"),
    ],
)
def test_why_an_input_cannot_be_told(tmp_path: Path, uri: Any, s3: Any, doubt: str) -> None:
    (found,) = Account(s3=s3).plan(tmp_path, changed(golden(), in_s3(uri))).jobs
    assert (found.action, found.amount) == ("runs", Amount(doubt=doubt))


def test_totals_are_of_what_is_paid(tmp_path: Path) -> None:
    (tmp_path / "asset.jsonl").write_bytes(TEN)
    plan = Account().plan(tmp_path, golden(), {KEY: "asset.jsonl"})
    assert str(plan) == f"1 job runs and is paid: 10 records, {len(TEN):,} bytes, about 60 tokens in, at most 1,000 out"
    assert str(Plan(plan.jobs * 2)).startswith("2 jobs run and are paid: 20 records")
    some = Plan((*plan.jobs, *Account().plan(tmp_path, golden()).jobs))
    assert str(some).startswith("2 jobs run and are paid: 10 records")
    assert str(some).endswith(", without 1 of which it cannot be told")
    assert some.paid.records is None
    assert str(Account(golden()).plan(tmp_path, golden())) == "1 is unchanged"
    assert str(Plan(())) == "no job is there, and none is to be"


def test_numbers_are_written_as_far_as_they_are_known() -> None:
    assert [rounded(each) for each in (0, 7, 12_345, 999_999, 3_141_592)] == ["0", "7", "12,000", "1,000,000", "3.1 M"]


def test_the_error_of_the_estimate_is_what_the_page_says() -> None:
    page = (Path(__file__).parents[4] / "docs" / "plan.md").read_text(encoding="utf-8")
    texts = json.loads(Path(__file__).with_name("token_counts.json").read_text(encoding="utf-8"))["texts"]
    for each in texts:
        count = Count()
        for _ in range(100):
            count.add(json.dumps(record(1, each["text"])).encode())
        estimated = (count.amount().input_tokens or 0) / 100
        error = round(100 * (estimated / each["tokens"] - 1))
        said = f"{error:+} %" if error else "0 %"
        assert f"| {each['kind']} | {each['tokens']} | {estimated:.0f} | {said} |" in page
