"""Requests that differ in their texts alone are converted in another way than others, to the same records."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from bedrock_batch import convert
from bedrock_batch.openai_batch import templates
from bedrock_batch.openai_batch.record_maker import RecordMaker
from bedrock_batch.openai_batch.templates import Templates

from ..bodies.models import ANSWERING, HAIKU
from .lines import converted, line

TEXTS = [
    *("Hi", "", " ", "\n", " Hi", "\t\nHi ", "100% of %b and %s", '"quoted"', "\\", "/", "{}", "a" * 70_000),
    *(
        "\u4f60",
        "\u3042",
        "\u3000",
        "\u3000a",
        "\u00a0",
        "\u2028",
        "\x85",
        "\u1680",
        "\x1c",
        "\x00",
        "\ufeff",
        "é",
        "\u0430",
    ),
    *("a\\", 'a"', "a\\n", "\\n a", "a \\ ", '" ', "<s>a", "a</s>", "<class>", "\fa", "a\x1f", "<", "\x7f"),
    *("\U0001f41d", "<|eot_id|>", "[/INST]", "\u3001", "\u202f", "\u200b", "Dear "),
]


def requests(*, ascii_only: bool, ends: bool) -> list[str]:
    found: list[dict[str, Any]] = []
    for number, text in enumerate(TEXTS * 4):
        messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]
        if number % 7 == 3:
            messages += [{"role": "assistant", "content": "Yes?"}, {"role": "user", "content": f"{text}."}]
        if ends and number % 11 == 5:
            messages.append({"role": "assistant", "content": text})
        # What every record says, so that none is refused for saying nothing.
        messages.insert(1, {"role": "user", "content": "Hello"})
        more = {"temperature": 1.5, "seed": 1} if number % 5 else {"max_tokens": 10}
        found.append(line(f'r"{number}', messages=messages, **more))
    return [json.dumps(each, ensure_ascii=ascii_only) for each in found]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize(("model", "invocation_type"), ANSWERING)
def test_the_records_and_what_is_told_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, invocation_type: str | None, *, ascii_only: bool
) -> None:
    kept = requests(ascii_only=ascii_only, ends=False)
    ended = requests(ascii_only=ascii_only, ends=True)
    quick = [converted(tmp_path, *each, model=model, invocation_type=invocation_type) for each in (kept, ended)]
    monkeypatch.setattr(templates, "_TRIED", -1)
    slow = [converted(tmp_path, *each, model=model, invocation_type=invocation_type) for each in (kept, ended)]
    assert quick == slow
    assert len(quick[0].records) == len(kept)


def test_most_lines_of_a_file_are_taken_that_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closely = []
    monkeypatch.setattr(RecordMaker, "make", lambda _maker, line, _lost: closely.append(line) or {})
    messages = [{"role": "system", "content": "A"}, {"role": "user", "content": "Say 100%"}]
    found = converted(tmp_path, *(line(f"r{number}", messages=messages, temperature=2) for number in range(500)))
    assert closely == []
    assert found.records[499] == {
        "recordId": "r499",
        "modelInput": {
            "anthropic_version": "bedrock-2023-05-31",
            "messages": [{"role": "user", "content": "Say 100%"}],
            "temperature": 1,
            "max_tokens": 4096,
            "system": "A",
        },
    }
    assert (found.lost, found.report.models) == ({"temperature above 1": 500}, {"gpt-4o-mini": 500})
    assert found.report.without_limit == 500


def test_a_line_that_is_looked_at_closely_leaves_those_around_it_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closely: list[Any] = []
    make = RecordMaker.make
    monkeypatch.setattr(RecordMaker, "make", lambda maker, line, lost: closely.append(line) or make(maker, line, lost))
    parts = [{"type": "text", "text": "Hi"}]
    lines = [line(f"r{number}") for number in range(9)]
    lines[3] = line("r3", messages=[{"role": "user", "content": parts}])
    lines[5] = line("r5", **{"top-k": 5})
    lines[7] = line("r7", temperature=1)
    found = converted(tmp_path, *lines, model=HAIKU)
    assert [each["recordId"] for each in found.records] == [f"r{number}" for number in range(9)]
    assert [each.custom_id for each in closely] == ["r3", "r5"]
    assert found.lost == {"top-k": 1}
    assert found.records[7]["modelInput"]["temperature"] == 1


@pytest.mark.parametrize("text", ["Café", "\u3042\u3002", "\U0001f41d", '"'])
def test_a_prompt_has_texts_of_any_language_that_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(RecordMaker, "make", lambda _maker, _line, _lost: {})
    messages = [{"role": "user", "content": text}]
    found = converted(tmp_path, line("r", messages=messages), model="meta.llama3-1-8b-instruct-v1:0")
    assert f"<|end_header_id|>\n\n{text}<|eot_id|>" in found.records[0]["modelInput"]["prompt"]


def test_long_conversations_of_many_kinds_are_not_kept_in_memory(tmp_path: Path) -> None:
    talks = [[{"role": "user", "content": "x" * 10_000}] * number for number in range(1, 60)]
    source = tmp_path / "batch.jsonl"
    source.write_text("".join(json.dumps(line(f"r{len(talk)}", messages=talk)) + "\n" for talk in talks))
    tracemalloc.start()
    try:
        assert convert(source, tmp_path / "records.jsonl", model=HAIKU).records == len(talks)
        assert tracemalloc.get_traced_memory()[1] < source.stat().st_size / 2
    finally:
        tracemalloc.stop()


def test_where_few_lines_are_alike_none_is_tried_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    record = Templates.record
    monkeypatch.setattr(Templates, "record", lambda self, line: tried.append(line) or record(self, line))
    lines = [
        line(f"r{number}", user=f"u{number}", messages=[{"role": "user", "content": "x" * 1000}])
        for number in range(1000)
    ]
    assert converted(tmp_path, *lines, model=HAIKU).lost == {"user": 1000}
    assert 100 < len(tried) < 400


def test_a_line_that_is_no_utf_8_is_told_among_those_that_are_alike(tmp_path: Path) -> None:
    lines: list[Any] = [json.dumps(line(f"r{number}")).encode() for number in range(100)]
    lines[50] = lines[50].replace(b"Hi", b"H\xffi")
    assert converted(tmp_path, *lines).problem.startswith("51:147: is not UTF-8")
