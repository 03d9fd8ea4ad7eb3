"""Lines that are none of OpenAI's, or none that can be converted: each is told with its place and what to change."""

import json
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import BedrockBatchError, RecordLimits, check, convert
from bedrock_batch.openai_batch import ids

from ..bodies.models import HAIKU, NOVA
from .lines import EMBEDDINGS, USER, converted, line

TITAN_V2, COHERE = "amazon.titan-embed-text-v2:0", "cohere.embed-v4:0"


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in line().items() if key != name}


@pytest.mark.parametrize("name", ["custom_id", "method", "url", "body"])
def test_a_member_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    assert converted(tmp_path, without(name)).problem == (
        f"1: has no '{name}', which a line of OpenAI's Batch API has; add it"
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({**line(), "custom_id": 5}, "1:15: 'custom_id' must be a text, got the number 5"),
        ({**line(), "custom_id": ""}, "1: 'custom_id' is empty"),
        ({**line(), "method": "GET"}, '1: \'method\' must be "POST", got the string "GET"'),
        ({**line(), "body": "x"}, "'body' must be an object, got the string"),
        ({**line(), "url": "/v1/responses"}, 'requests to "/v1/responses" are not converted, only those to /v1/chat/'),
        ({**line(), "url": "/v1/completions"}, 'requests to "/v1/completions" are not converted'),
        ({**line(), "url": "/v1/moderations"}, 'requests to "/v1/moderations" are not converted'),
        ({"recordId": "r", "modelInput": {}}, "1: is a record already; leave it out here"),
        (
            {"custom_id": "r", "params": {}},
            "1: is a line of Anthropic's Message Batches API, and only those of OpenAI's",
        ),
        (line(messages=[]), "'messages' must be a list of at least one message, got a list"),
        (line(messages="Hi"), "'messages' must be a list of at least one message, got the string"),
        (line(messages=["Hi"]), 'a message must be an object, got the string "Hi"'),
        (
            line(messages=[{"content": "Hi"}]),
            "'role' must be one of user, system, developer, assistant, tool, got null",
        ),
        (
            line(messages=[{"role": "function", "name": "f", "content": "x"}]),
            "OpenAI's former one for answers of tools",
        ),
        (line(messages=[{"role": "user"}]), "'content' must be a text or a list of parts, got null"),
        (line(messages=[{"role": "user", "content": ["Hi"]}]), "a part must be an object, got the string"),
        (line(messages=[{"role": "user", "content": [{"type": "video"}]}]), 'a part of the type "video" is not known'),
        (
            line(messages=[{"role": "tool", "content": "x"}]),
            "'tool_call_id' must be a text, the id of a call, got null",
        ),
        (
            line(messages=[USER, {"role": "assistant", "tool_calls": [{"type": "custom"}]}]),
            "a call must have a 'function'",
        ),
        (
            line(messages=[USER, {"role": "tool", "tool_call_id": "c", "content": "x"}]),
            "'tool_call_id' \"c\" is the id of no call before it",
        ),
        (line(seed="x"), "'seed' must be a whole number, got the string"),
        (line(response_format={"type": "json_schema"}), "'json_schema' must be an object with a \"schema\", got null"),
        (line(presence_penalty=3), "'presence_penalty' must be a number from -2 to 2, got the number 3"),
        (line(max_tokens=0), "'max_tokens' must be a whole number of at least 1, got the number 0"),
        (line(max_tokens="5"), "'max_tokens' must be a whole number of at least 1, got the string"),
        (line(temperature=2.5), "'temperature' must be a number from 0 to 2, got the number 2.5"),
        (line(top_p=True), "'top_p' must be a number from 0 to 1, got true"),
        (line(stop=[1]), "'stop' must be a text or a list of texts, got a list"),
        (line(tools="find"), "'tools' must be a list, got the string"),
        (line(tools=[{"type": "function"}]), "a tool must have a 'function' with a 'name'"),
        (
            line(tools=[{"type": "function", "function": {"name": "f"}}], tool_choice={"function": {"name": "g"}}),
            "'tool_choice' names \"g\", and 'tools' has no such function",
        ),
        (line(functions=[{"name": "f"}]), "'functions' is OpenAI's former name; write it as 'tools'"),
        (line(url=EMBEDDINGS, input="a"), 'asks "/v1/embeddings" for vectors, and Anthropic Claude answers'),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(tmp_path: Path, wrong: dict[str, Any], message: str) -> None:
    problem = converted(tmp_path, wrong).problem
    assert message in problem
    assert problem.startswith("1:")


def test_a_value_is_told_with_its_column(tmp_path: Path) -> None:
    request = line(messages=[USER, {"role": "user", "content": [{"type": "text", "text": 5}]}])
    column = json.dumps(request).index("5}]}]") + 1
    assert converted(tmp_path, request).problem.startswith(f"1:{column}: 'text' must be a text, got the number 5")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "1:2: is not JSON: "),
        ("[]", "1: must be a JSON object, got a list"),
        (b"\xff", "1:1: is not UTF-8"),
        (b"\xef\xbb\xbf{}", "1:1: starts with a byte order mark (BOM)"),
    ],
)
def test_a_line_that_is_no_object_is_told(tmp_path: Path, text: str | bytes, message: str) -> None:
    assert converted(tmp_path, text).problem.startswith(message)


def test_every_line_is_looked_at_and_nothing_is_written(tmp_path: Path) -> None:
    found = converted(tmp_path, line("a"), "{", line("b", max_tokens=0), line("c"), *("x" for _ in range(30)))
    assert [problem.line for problem in found.report.problems] == [2, 3, *range(5, 23)]
    assert (found.report.hidden, found.report.records) == (12, 0)


def test_an_id_that_comes_twice_is_told_with_where_it_was(tmp_path: Path) -> None:
    found = converted(tmp_path, line("a"), line("b"), "", line("a"))
    assert found.problem.startswith("4: 'custom_id' \"a\" is already that of ")
    assert "batch.jsonl:1, and results are told apart by it; give each request its own" in found.problem


def test_ids_are_told_apart_on_disk_when_they_are_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_IN_MEMORY", 100)
    lines = [line(f"r{number}") for number in range(1000)]
    assert converted(tmp_path, *lines).report.records == 1000
    assert converted(tmp_path, *lines, line("r3")).problem.startswith("1001: 'custom_id' \"r3\" is already that of ")


def test_ids_of_several_files_are_told_apart(tmp_path: Path) -> None:
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for file in files:
        file.write_text(json.dumps(line("a")) + "\n")
    (problem,) = convert(files, tmp_path / "out.jsonl", model=HAIKU).problems
    assert str(problem).startswith(f"{files[1]}:1: 'custom_id' \"a\" is already that of {files[0]}:1")


def test_blank_lines_are_no_requests(tmp_path: Path) -> None:
    assert converted(tmp_path, line("a"), "", "  ", line("b")).report.records == 2
    assert "has no requests; write one on each line" in str(converted(tmp_path, "", "").report)


def test_what_else_stands_in_a_line_is_counted(tmp_path: Path) -> None:
    found = converted(tmp_path, {**line("a"), "priority": 1}, line("b"))
    assert found.lost == {"priority beside the body": 1}
    assert found.report.records == 2


def test_half_a_surrogate_pair_is_replaced_and_counted(tmp_path: Path) -> None:
    text = json.dumps(line(messages=[{"role": "user", "content": "a?"}])).replace("a?", r"a\ud83d")
    found = converted(tmp_path, text)
    assert found.body["messages"][0]["content"] == "a�"
    assert found.lost == {"a text with half a surrogate pair": 1}


@pytest.mark.parametrize(
    "url", ["/chat/completions", "https://api.openai.com/v1/chat/completions", "/v1/chat/completions/"]
)
def test_the_address_may_be_azure_s_or_whole(tmp_path: Path, url: str) -> None:
    assert converted(tmp_path, line(url=url)).report.ok


def test_numbers_and_texts_stay_as_they_are(tmp_path: Path) -> None:
    text = "\u2028\u0085 \U0001f41d é \\u0000 \x00"
    found = converted(tmp_path, line(messages=[{"role": "user", "content": text}], temperature=0.1), model=NOVA)
    assert found.body["messages"][0]["content"] == [{"text": text}]
    assert found.body["inferenceConfig"] == {"temperature": 0.1}


def test_texts_to_embed_become_bodies_of_embeddings(tmp_path: Path) -> None:
    one = converted(tmp_path, line(url=EMBEDDINGS, input="a", dimensions=256), model=TITAN_V2)
    assert one.body == {"inputText": "a", "dimensions": 256}
    assert one.report.max_tokens is None
    several = converted(
        tmp_path, line(url=EMBEDDINGS, input=["a", "b"], encoding_format="base64", user="u"), model=COHERE
    )
    assert several.body == {"texts": ["a", "b"], "input_type": "search_document"}
    assert several.lost == {"encoding_format": 1, "user": 1}


@pytest.mark.parametrize(
    ("request_line", "message"),
    [
        (line(url=EMBEDDINGS, input=["a", "b"]), "has 2 texts, and this model takes one in each record"),
        (line(url=EMBEDDINGS, input=[1, 2]), "'input' has tokens, which only OpenAI's models read"),
        (line(url=EMBEDDINGS, input=[[1, 2]]), "'input' has tokens, which only OpenAI's models read"),
        (line(url=EMBEDDINGS, input=""), "has an empty text"),
        (line(url=EMBEDDINGS), "'input' must be a text or a list of texts, got null"),
        (line(url=EMBEDDINGS, input="a", dimensions=1536), "wants a vector of 1536 dimensions, and this model has"),
        (line(), 'asks "/v1/chat/completions" for an answer, and Amazon Titan Text Embeddings V2 makes vectors'),
    ],
)
def test_what_cannot_be_embedded_is_told(tmp_path: Path, request_line: dict[str, Any], message: str) -> None:
    assert message in converted(tmp_path, request_line, model=TITAN_V2).problem


def test_the_check_of_a_file_of_openai_s_names_the_command(tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text(json.dumps(line()) + "\n")
    (problem,) = check(file, limits=RecordLimits(min_records_per_job=1)).problems
    assert problem.message == (
        "is a line of OpenAI's Batch API (custom_id, method, url, body); turn the file into records with "
        "bedrock-batch convert FILE --model ID --output RECORDS.jsonl"
    )


def test_what_is_read_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "batch.jsonl"
    file.write_text(json.dumps(line()) + "\n")
    with pytest.raises(BedrockBatchError, match="is what is read; name another file"):
        convert(file, tmp_path / "." / "batch.jsonl", model=HAIKU)
    assert "custom_id" in file.read_text()


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    report = convert(tmp_path / "none.jsonl", tmp_path / "out.jsonl", model=HAIKU)
    assert (report.unread, report.ok) == (1, False)
    assert "there is no such file" in str(report)
    (tmp_path / "zip.jsonl").write_bytes(b"\x1f\x8b\x08")
    zipped = convert(tmp_path / "zip.jsonl", tmp_path / "out.jsonl", model=HAIKU)
    assert (zipped.unread, "is compressed with gzip" in str(zipped)) == (0, True)
