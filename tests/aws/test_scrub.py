"""No id is left, wherever it stands, and what is left can still be read."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from .scrub import ACCOUNT, Scrubber

#: Of each kind one that tells of an account.
IDS = {
    "account": "405060708090",
    "job": "k3v9x0qz81mn",
    "bucket": "bedrockbatchtest-world-data-1a2b3c4d5e6f",
    "role": "BedrockBatchTest-World-Whole-1QAZ2WSX3EDC",
    "queue": "https://sqs.us-east-1.amazonaws.com/405060708090/BedrockBatchTest-World-Queue-9OL",
    "run": "5f6e7d8c",
    "job name": "BedrockBatchTest-5f6e7d8c-mixed-1",
    "user": "jane.doe",
    "session": "AWSReservedSSO_Admin_0a1b2c3d4e5f6a7b/jane.doe@corp.example.org",
    "request": "0c8e5c2d-9f0b-4f5e-8a7c-2b1d3e4f5a6b",
    "s3 request": "QB9N3K2J7H5G1F4D",
    "host": "x7Kq0v3ZkWm1pT9uYc8LrS5nE2oHfA4jGbDiB6wQtXzMvRyPsNlUeCa+0123456789/dE=",
    "access key": "ASIAQ3EGZK7LMNOPQRST",
    "principal": "AROAQ3EGZK7LMNOPQRSTU",
    "token": "Zm9vYmFyMTIzNDU2Nzg5MA-next",
    "hash": "9f86d081884c7d659a2feaa0c55ad015",
    "e-mail": "jane.doe@corp.example.org",
}
TIMES = {
    "iso": "2026-12-03T14:29:09.412Z",
    "iso with a zone": "2026-12-03T14:29:09+00:00",
    "spoken": "Dec 3, 2026, 2:29:09 PM",
    "spoken with a narrow space": "Dec 3, 2026, 2:29:09\u202fPM",
    "unix": "Thu Dec 03 14:29:09 UTC 2026",
    "http": "Thu, 03 Dec 2026 14:29:09 GMT",
    "epoch": 1796308149,
    "epoch in milliseconds": 1796308149412,
}
KNOWN = {IDS["role"]: "example-Whole", IDS["run"]: "run", IDS["queue"]: "example-Queue"}
#: Where the kinds are learnt that look like nothing.
TELLS: dict[str, Any] = {
    "jobArn": f"arn:aws:bedrock:us-east-1:{IDS['account']}:model-invocation-job/{IDS['job']}",
    "s3Uri": f"s3://{IDS['bucket']}/input/good.jsonl",
    "jobName": IDS["job name"],
    "nextToken": IDS["token"],
}
ARNS = [
    f"arn:aws:iam::{IDS['account']}:role/{IDS['role']}",
    f"arn:aws:iam::{IDS['account']}:user/{IDS['user']}",
    f"arn:aws:sts::{IDS['account']}:assumed-role/{IDS['session']}",
    f"arn:aws:s3:::{IDS['bucket']}/input/good.jsonl",
]


def places(value: str) -> list[Any]:
    """A value wherever it may stand in an answer."""
    return [
        value,
        {value: value},
        [[{"deep": [value]}]],
        f"Could not read {value}: try again",
        f"({value})",
        f'{{"inner": "{value}"}}',
        f"{value}\n{value}",
        f"before/{value}/after",
    ]


def scrubbed(document: Any) -> str:
    text = json.dumps(document, ensure_ascii=False)
    scrubber = Scrubber(dict(KNOWN))
    scrubber.learn(text)
    return scrubber.scrub(text)


def test_no_id_is_left_wherever_it_stands() -> None:
    alone = {name: places(value) for name, value in IDS.items() if name not in ("user", "session")}
    text = scrubbed([TELLS, {"accountId": int(IDS["account"])}, alone, [places(arn) for arn in ARNS]])
    assert {name: value for name, value in IDS.items() if value in text} == {}
    assert "jane" not in text
    assert "corp" not in text


@pytest.mark.parametrize("name", TIMES)
def test_no_time_is_left_wherever_it_stands(name: str) -> None:
    value = TIMES[name]
    text = scrubbed([value, places(str(value))])
    assert str(value) not in text
    assert not re.search(r"\bDec\b|2026-12|17963", text), text


def test_times_keep_their_distances_and_their_forms() -> None:
    later = {"at": TIMES["iso"], "end": "2026-12-03T14:31:10.500Z", "event": "Dec 3, 2026, 3:29:09 PM", "n": 1796308159}
    assert json.loads(scrubbed(later)) == {
        "at": "2026-01-01T00:00:00.412Z",
        "end": "2026-01-01T00:02:01.500Z",
        "event": "Jan 1, 2026, 1:00:00 AM",
        "n": 1767225610,
    }


def test_equal_ids_stay_equal_and_others_differ() -> None:
    other = "model-invocation-job/aaaabbbbcccc"
    first, second, third, bare = json.loads(scrubbed([TELLS["jobArn"], TELLS["jobArn"], other, IDS["job"]]))
    assert first == second == f"arn:aws:bedrock:us-east-1:{ACCOUNT}:model-invocation-job/{bare}"
    assert third != f"model-invocation-job/{bare}"
    # As the API has it.
    assert re.fullmatch("[a-z0-9]{12}", bare)


def test_what_tells_of_nobody_stays() -> None:
    document = {
        "message": "Batch job contains less records (1) than the required minimum of: 100",
        "modelId": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-micro-v1:0",
        "s3Key": "input/folder/deep/below.jsonl",
        "inputTokenCount": 1951382,
        "error": {"errorCode": 400, "errorMessage": "temperature: 7 is not in [0, 1]", "expired": False},
        "operation": "CreateModelInvocationJob",
    }
    assert json.loads(scrubbed(document)) == document


def test_what_is_scrubbed_is_not_changed_again() -> None:
    text = scrubbed([TELLS, ARNS, [value for name, value in IDS.items() if name != "session"], list(TIMES.values())])
    assert scrubbed(json.loads(text)) == text


def test_the_fixtures_that_are_kept_tell_of_nobody() -> None:
    kept = list(Path(__file__).with_name("fixtures").glob("*.json"))
    for file in kept:
        text = file.read_text(encoding="utf-8")
        scrubber = Scrubber({})
        # The first time of all, which may be another's.
        scrubber.learn(text + " 2026-01-01T00:00:00Z")
        assert scrubber.scrub(text) == text, file
        assert json.loads(text)["recorded"]["at"].endswith(".amazonaws.com"), file
