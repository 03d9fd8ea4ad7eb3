"""Templates: which braces are fields, and what is said of the others."""

from pathlib import Path

import pytest

from bedrock_batch import TemplateError
from bedrock_batch.prompts.template import read_template


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{a}", "1"),
        ("x {a} y {b c}{a}", "x 1 y 21"),
        ("{{a}} {a}", "{a} 1"),
        ('{{"n": {a}, "o": {{}}}}', '{"n": 1, "o": {}}'),
        ("{{{a}}}", "{1}"),
        ("{a.b!r:>5}", "3"),
        ("%s {a} %%", "%s 1 %%"),
    ],
)
def test_fields_are_columns_and_nothing_else(text: str, said: str) -> None:
    assert read_template(text, "t").rendered({"a": "1", "b c": "2", "a.b!r:>5": "3"}) == said


@pytest.mark.parametrize("text", ["{a", "a}", "{a}}", '{"a": {"b": 1}}', "x\n {{a}"])
def test_a_single_brace_is_told_with_its_place(text: str) -> None:
    with pytest.raises(
        TemplateError, match=r"^t: at line [12], column \d+, there is a brace without its other; write \{\{"
    ):
        read_template(text, "t")


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ('Answer {"a": 1} to {text}', ["text"], r'the field \{"a": 1\} is no column; write \{\{ and \}\} for braces'),
        ("{}", ["text"], r"the field \{\} is no column; write \{\{ and \}\} for braces"),
        ("{txt}", ["id", "text"], r'the field \{txt\} is no column, "text" is; correct it'),
        ("{Text}", ["id", "text"], r'the field \{Text\} is no column, "text" is; correct it'),
        ("{nothing}", ["id", "text"], r'the field \{nothing\} is no column; the table has "id", "text"; write'),
        ("{text}", ["id;text"], r'the table has one, "id;text": name its delimiter'),
        ("{b}", [f"column{number}" for number in range(30)], r'"column19", …;'),
    ],
)
def test_a_field_that_is_no_column_is_told(text: str, columns: list[str], said: str) -> None:
    with pytest.raises(TemplateError, match=said):
        read_template(text, "t").require(columns)


def test_a_file_ends_without_its_last_line_break(tmp_path: Path) -> None:
    file = tmp_path / "prompt.txt"
    file.write_bytes("\ufeffé {a}\r\n\r\n".encode())
    assert read_template(file, "t").rendered({"a": "1"}) == "é 1\n"


def test_a_template_in_place_of_its_file_is_told() -> None:
    with pytest.raises(TemplateError, match=r"^Is \{text\} good\?: is no file; write the template into one"):
        read_template(Path("Is {text} good?"), "the template")


@pytest.mark.parametrize("content", [b"", b" \n", b"caf\xe9 {a}"])
def test_a_file_that_is_no_template_is_told_by_its_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "prompt.txt"
    file.write_bytes(content)
    with pytest.raises(TemplateError, match=r"prompt\.txt: is (empty|not UTF-8)"):
        read_template(file, "t")
    with pytest.raises(TemplateError, match=r"nosuch\.txt: there is no such file"):
        read_template(tmp_path / "nosuch.txt", "t")
