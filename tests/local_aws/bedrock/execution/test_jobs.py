"""Whole jobs: from records in S3 to answers in S3."""

import json
from typing import Any

import pytest

from tests.local_aws.conftest import LocalAws, records, serve


def line(text: str, **changes: Any) -> bytes:
    body = {"messages": [{"role": "user", "content": [{"text": text}]}]}
    record = {"recordId": "odd", "modelInput": body, **changes}
    return json.dumps({k: v for k, v in record.items() if v is not None}, ensure_ascii=False).encode() + b"\n"


def text_of(answer: dict) -> str:
    return str(answer["modelOutput"]["output"]["message"]["content"][0]["text"])


def test_a_job_answers_every_record_and_writes_the_manifest(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records(120)})
    arn = aws.start(bucket)
    job = aws.end(arn)
    assert job["status"] == "Completed"
    assert "message" not in job
    assert job["lastModifiedTime"] > job["endTime"] > job["submitTime"]
    counts = {name: job[name] for name in job if name.endswith("Count")}
    assert counts == {
        "totalRecordCount": 120,
        "processedRecordCount": 120,
        "successRecordCount": 120,
        "errorRecordCount": 0,
    }
    assert aws.manifest(bucket, arn) == {**counts, "inputTokenCount": 240, "outputTokenCount": 240}
    answers = aws.answers(bucket, arn)
    assert {answer["recordId"]: text_of(answer) for answer in answers} == {f"r{n}": f"Say {n}" for n in range(120)}
    assert all(set(answer) == {"recordId", "modelInput", "modelOutput"} for answer in answers)


def test_the_order_of_the_output_is_not_that_of_the_input(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    arn = aws.start(bucket)
    aws.end(arn)
    assert [answer["recordId"] for answer in aws.answers(bucket, arn)] != [f"r{n}" for n in range(100)]


def test_only_a_newline_ends_a_line_and_other_characters_stay_as_they_are(aws: LocalAws) -> None:
    text = "Zürich\u2028\u0085\u000b\U0001f600"
    bucket = aws.bucket({"in.jsonl": records(99) + line(text)})
    arn = aws.start(bucket)
    assert aws.end(arn)["successRecordCount"] == 100
    (answer,) = [answer for answer in aws.answers(bucket, arn) if answer["recordId"] == "odd"]
    assert text_of(answer) == text
    assert "\u2028\u0085".encode() in aws.read(bucket, f"out/{arn.rpartition('/')[2]}/in.jsonl.out")


def test_a_record_without_an_id_gets_one(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records(98) + line("x", recordId=None) + line("x", recordId=None)})
    arn = aws.start(bucket)
    aws.end(arn)
    made_up = [answer["recordId"] for answer in aws.answers(bucket, arn) if not answer["recordId"].startswith("r")]
    assert len(set(made_up)) == 2


def test_a_refused_record_gets_an_error_and_the_others_go_on(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records(99) + line("x", modelInput={"prompt": "not Nova's"})})
    arn = aws.start(bucket)
    job = aws.end(arn)
    assert (job["status"], job["successRecordCount"], job["errorRecordCount"]) == ("Completed", 99, 1)
    (answer,) = [answer for answer in aws.answers(bucket, arn) if "error" in answer]
    assert set(answer) == {"recordId", "modelInput", "error"}
    assert answer["error"] == {
        "errorCode": 400,
        "errorMessage": "Malformed input request: #: required key [messages] not found, "
        "please reformat your input and try again.",
        "expired": False,
        "retryable": False,
    }


def test_a_job_of_which_every_record_is_refused_is_completed(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": b'{"modelInput": {}}\n' * 100})
    job = aws.end(aws.start(bucket))
    assert (job["status"], job["successRecordCount"], job["errorRecordCount"]) == ("Completed", 0, 100)


def test_a_folder_means_all_its_jsonl_files_and_nothing_else(aws: LocalAws) -> None:
    bucket = aws.bucket(
        {
            "in/a.jsonl": records(60),
            "in/deep/b.jsonl": records(60),
            "in/picture.png": b"no json",
            "in-other/c.jsonl": b"no json",
        }
    )
    arn = aws.start(bucket, inputDataConfig={"s3InputDataConfig": {"s3Uri": f"s3://{bucket}/in/"}})
    assert aws.end(arn)["totalRecordCount"] == 120
    assert len(aws.answers(bucket, arn, "a.jsonl")) == len(aws.answers(bucket, arn, "deep/b.jsonl")) == 60


def test_converse_spells_out_every_member_of_the_content(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.jsonl": records()})
    arn = aws.start(bucket, modelInvocationType="Converse")
    assert aws.end(arn)["modelInvocationType"] == "Converse"
    content = aws.answers(bucket, arn)[0]["modelOutput"]["output"]["message"]["content"][0]
    assert content.pop("text").startswith("Say ")
    assert "toolUse" in content
    assert set(content.values()) == {None}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (records(1), "Batch job contains less records (1) than the required minimum of: 100"),
        (b"", "Batch job contains less records (0) than the required minimum of: 100"),
        (records(99) + b"no json\n", "in.jsonl contains a malformed JSON record at line 100: not JSON in UTF-8"),
        (records(99) + b"\xff\n", "at line 100: not JSON in UTF-8"),
        (records(99) + b'{"recordId": "x"}\n', "at line 100: not an object with a modelInput object"),
    ],
)
def test_an_input_that_breaks_the_rules_fails_the_job(aws: LocalAws, content: bytes, message: str) -> None:
    job = aws.end(aws.start(aws.bucket({"in.jsonl": content})))
    assert job["status"] == "Failed"
    assert message in job["message"]
    assert job["endTime"]


def test_the_minimum_depends_on_the_model(aws: LocalAws) -> None:
    job = aws.end(aws.start(aws.bucket({"in.jsonl": records(49)}), modelId="us.meta.llama4-scout-17b-instruct-v1:0"))
    assert job["message"] == "Batch job contains less records (49) than the required minimum of: 50"


def test_no_input_fails_the_job(aws: LocalAws) -> None:
    bucket = aws.bucket({"in.json": records()})
    assert f"No .jsonl files were found at S3URI: s3://{bucket}/in" in aws.end(aws.start(bucket))["message"]


def test_a_bucket_that_does_not_exist_fails_the_job(aws: LocalAws) -> None:
    assert "Could not validate ListBucket permissions" in aws.end(aws.start("no-such-bucket"))["message"]


def test_maximums_are_the_quotas() -> None:
    limits = "min_records_per_job=1, records_per_file=3, records_per_job=4, bytes_per_file=2000, bytes_per_job=3000"
    with serve(quotas=f"Quotas({limits})") as aws:
        many = aws.bucket({"in.jsonl": records(4)})
        large = aws.bucket({"in.jsonl": records(1, text="x" * 2000)})
        heavy = aws.bucket({f"in/{n}.jsonl": records(1, text="x" * 1800) for n in range(2)})
        both = aws.bucket({"in/a.jsonl": records(3), "in/b.jsonl": records(3)})
        folder, heavies = ({"s3InputDataConfig": {"s3Uri": f"s3://{bucket}/in"}} for bucket in (both, heavy))
        expected = {
            aws.start(many): "in.jsonl contains more records (4) than the allowed maximum of: 3",
            aws.start(large): "in.jsonl contains more bytes",
            aws.start(heavy, inputDataConfig=heavies): "Batch job contains more bytes",
            aws.start(both, inputDataConfig=folder): "more records (6) than the allowed maximum of: 4",
        }
        for arn, message in expected.items():
            assert message in aws.end(arn)["message"]


def test_one_live_job_more_than_the_quota_is_refused() -> None:
    with serve(pace="Pace()", quotas="Quotas(jobs_per_model=1)") as aws:
        aws.start("some-bucket")
        aws.start("some-bucket", modelId="amazon.nova-micro-v1:0")
        with pytest.raises(aws.bedrock.exceptions.ServiceQuotaExceededException, match="quota of 1"):
            aws.start("some-bucket")
