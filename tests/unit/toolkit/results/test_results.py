import json
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import Manifest, ResultError, ResultsError, read_manifest, read_results

# The counts of a finished job, as the service writes them.
COUNTS = {
    "totalRecordCount": 2400,
    "processedRecordCount": 2400,
    "successRecordCount": 2399,
    "errorRecordCount": 1,
    "inputTokenCount": 1951382,
    "outputTokenCount": 405633,
}

NOVA = {"output": {"message": {"content": [{"text": "A bee."}], "role": "assistant"}}, "stopReason": "end_turn"}


def write_output(folder: Path, *lines: dict[str, Any] | str, name: str = "prompts.jsonl.out") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    (folder / name).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8", newline="\n")
    return folder


def test_a_result_has_its_record_its_response_and_the_text(tmp_path: Path) -> None:
    write_output(tmp_path, {"recordId": "1", "modelInput": {"messages": []}, "modelOutput": NOVA})
    (result,) = read_results(tmp_path)
    assert result.record_id == "1"
    assert result.model_input == {"messages": []}
    assert result.model_output == NOVA
    assert result.text == "A bee."
    assert result.error is None


@pytest.mark.parametrize("flags", [{}, {"expired": False, "retryable": False}])
def test_a_failed_record_has_an_error_and_no_text(tmp_path: Path, flags: dict[str, bool]) -> None:
    error = {"errorCode": 400, "errorMessage": "bad request", **flags}
    write_output(tmp_path, {"recordId": "1", "modelInput": {}, "modelOutput": None, "error": error})
    (result,) = read_results(tmp_path)
    assert result.error == ResultError(400, "bad request")
    assert str(result.error) == "400: bad request"
    assert result.text is None
    assert result.model_output is None


def test_all_output_files_are_read_by_name_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.jsonl.out", "a.jsonl.out"):
        write_output(tmp_path, {"recordId": name, "modelInput": {}, "modelOutput": {}}, name=name)
    write_output(tmp_path / "c", {"recordId": "nested", "modelInput": {}, "modelOutput": {}})
    write_output(tmp_path, COUNTS, name="manifest.json.out")
    write_output(tmp_path, "{", name="a.jsonl")
    assert [result.record_id for result in read_results(tmp_path)] == ["a.jsonl.out", "b.jsonl.out", "nested"]


def test_only_a_line_feed_ends_a_result(tmp_path: Path) -> None:
    text = "one\u2028two\u0085three"
    write_output(tmp_path, {"recordId": "1", "modelInput": {}, "modelOutput": {"generation": text}})
    assert [result.text for result in read_results(tmp_path)] == [text]


def test_results_are_read_one_at_a_time(tmp_path: Path) -> None:
    write_output(tmp_path, {"recordId": "1", "modelInput": {}, "modelOutput": {}}, "{")
    results = read_results(tmp_path)
    assert next(results).record_id == "1"
    with pytest.raises(ResultsError):
        next(results)


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("{", "is not JSON: expecting property name enclosed in double quotes at column 2"),
        ("", "is blank"),
        ("[]", "must be a JSON object, got a list"),
        ({"modelInput": {}, "modelOutput": {}}, "'recordId' must be a string, got nothing"),
        ({"recordId": 1, "modelInput": {}, "modelOutput": {}}, "'recordId' must be a string, got the number 1"),
        ({"recordId": "2", "modelOutput": {}}, "'modelInput' must be an object, got nothing"),
        ({"recordId": "2", "modelInput": {}}, "has neither a 'modelOutput' nor an 'error'"),
        ({"recordId": "2", "modelInput": {}, "modelOutput": 7}, "'modelOutput' must be an object, got the number 7"),
        ({"recordId": "2", "modelInput": {}, "error": "no"}, "'error' must be an object, got the string \"no\""),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: dict[str, Any] | str, fact: str) -> None:
    write_output(tmp_path, {"recordId": "1", "modelInput": {}, "modelOutput": {}}, line)
    with pytest.raises(ResultsError) as caught:
        list(read_results(tmp_path))
    advice = "copy it from the output bucket again, or use open_local_results, which goes on"
    assert str(caught.value) == f"prompts.jsonl.out:2: {fact}; {advice}"


def test_a_folder_without_results_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"has no \*\.jsonl\.out file; wait until the job ends"):
        read_results(tmp_path)
    with pytest.raises(ResultsError, match="there is no such folder"):
        read_results(tmp_path / "missing")


def test_an_output_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "prompts.jsonl.out").mkdir()
    with pytest.raises(ResultsError, match=r"prompts\.jsonl\.out: cannot be read: Is a directory; try another copy"):
        list(read_results(tmp_path))


def test_the_results_of_two_jobs_are_not_mixed(tmp_path: Path) -> None:
    for job in ("a1", "b2"):
        write_output(tmp_path / job, {"recordId": "1", "modelInput": {}, "modelOutput": {}})
        write_output(tmp_path / job, COUNTS, name="manifest.json.out")
    with pytest.raises(ResultsError, match=r"has the results of 2 jobs \(a1, b2\); name the folder of one"):
        read_results(tmp_path)


def test_the_manifest_has_the_counts(tmp_path: Path) -> None:
    write_output(tmp_path, {**COUNTS, "cacheReadInputTokenCount": 0}, name="manifest.json.out")
    assert read_manifest(tmp_path) == Manifest(
        total_record_count=2400,
        processed_record_count=2400,
        success_record_count=2399,
        error_record_count=1,
        input_token_count=1951382,
        output_token_count=405633,
    )


def test_a_manifest_may_lack_the_tokens(tmp_path: Path) -> None:
    records = {name: count for name, count in COUNTS.items() if name.endswith("RecordCount")}
    write_output(tmp_path, records, name="manifest.json.out")
    assert read_manifest(tmp_path).input_token_count is None


def test_a_manifest_must_have_the_records(tmp_path: Path) -> None:
    write_output(tmp_path, {**COUNTS, "errorRecordCount": "1"}, name="manifest.json.out")
    with pytest.raises(ResultsError, match="'errorRecordCount' must be a whole number, got the string \"1\""):
        read_manifest(tmp_path)


def test_a_missing_manifest_says_which_folder_to_name(tmp_path: Path) -> None:
    with pytest.raises(
        ResultsError, match=r"manifest\.json\.out: cannot be read .*; name the folder that is called by"
    ):
        read_manifest(tmp_path)
