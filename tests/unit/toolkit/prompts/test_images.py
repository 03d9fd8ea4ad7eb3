"""Images of a table: each family gets them as it takes them, and what is none is told with its row."""

import base64
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from bedrock_batch import BedrockBatchError, RecordLimits, check, prepare
from bedrock_batch.prompts import images, rendering

NOVA, CLAUDE = "amazon.nova-lite-v1:0", "anthropic.claude-3-haiku-20240307-v1:0"
BYTES = {
    "png": b"\x89PNG\r\n\x1a\n....",
    "jpeg": b"\xff\xd8\xff....",
    "gif": b"GIF89a....",
    "webp": b"RIFF\0\0\0\0WEBP....",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table in a folder with its images, below the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("shop/photos").mkdir(parents=True)
    for kind, content in BYTES.items():
        # What an image is, its bytes tell.
        Path(f"shop/photos/{kind}.png").write_bytes(content)
    rows = "".join(f"{kind},photos/{kind}.png\n" for kind in BYTES)
    Path("shop/t.csv").write_text(f"name,photo\n{rows}")
    return tmp_path


def contents(table: Any = "shop/t.csv", **options: Any) -> list[list[dict[str, Any]]]:
    asked = {"template": "What is {name}?", "model": NOVA, "image_columns": ["photo"], "max_tokens": 9} | options
    prepare(table, "out.jsonl", **asked)
    kind = asked.get("invocation_type")
    problems = check(
        "out.jsonl", model=asked["model"], invocation_type=kind, limits=RecordLimits(min_records_per_job=1)
    )
    assert problems.problems == ()
    lines = Path("out.jsonl").read_text().splitlines()
    return [json.loads(line)["modelInput"]["messages"][0]["content"] for line in lines]


def base64_of(kind: str) -> str:
    return base64.b64encode(BYTES[kind]).decode()


@pytest.mark.parametrize("kind", ["InvokeModel", "Converse"])
def test_nova_and_converse_get_bytes_with_their_format(kind: str) -> None:
    for name, (image, text) in zip(BYTES, contents(invocation_type=kind), strict=True):
        assert image == {"image": {"format": name, "source": {"bytes": base64_of(name)}}}
        assert text == {"text": f"What is {name}?"}


def test_claude_gets_base64_with_a_media_type() -> None:
    for name, (image, _) in zip(BYTES, contents(model=CLAUDE), strict=True):
        source = {"type": "base64", "media_type": f"image/{name}", "data": base64_of(name)}
        assert image == {"type": "image", "source": source}


def test_chat_completions_get_a_data_address() -> None:
    for name, (image, _) in zip(BYTES, contents(model="qwen.qwen3-vl-235b-a22b"), strict=True):
        assert image["image_url"]["url"] == f"data:image/{name};base64,{base64_of(name)}"


def test_titan_gets_an_image_with_its_text() -> None:
    prepare(
        "shop/t.csv",
        "out.jsonl",
        template="{name}",
        model="amazon.titan-embed-image-v1",
        image_columns=["photo"],
    )
    first = json.loads(Path("out.jsonl").read_text().splitlines()[0])["modelInput"]
    assert first == {"inputImage": base64_of("png"), "inputText": "png"}


def test_images_in_s3_are_named_to_those_who_read_there() -> None:
    rows = [{"name": "a%b", "photo": "s3://bucket/in/a%20é.JPG"}]
    ((image, text),) = contents(rows)
    assert image == {"image": {"format": "jpeg", "source": {"s3Location": {"uri": "s3://bucket/in/a%20é.JPG"}}}}
    assert text == {"text": "What is a%b?"}
    report = prepare(rows, "out.jsonl", template="{name}", model=NOVA, image_columns=["photo"])
    assert (report.images, report.images_in_s3, report.image_bytes) == (1, 1, 0)
    assert any("folder that is the job's input" in note for note in report.notes)


@pytest.mark.parametrize("kind", ["binary", "struct"])
def test_parquet_may_hold_the_images(kind: str) -> None:
    photos: list[Any] = [*BYTES.values()]
    if kind == "struct":
        photos = [{"bytes": content, "path": "of old.png"} for content in photos]
    parquet.write_table(pa.table({"name": list(BYTES), "photo": photos}), "t.parquet")
    found = [image["image"]["format"] for image, _ in contents("t.parquet")]
    assert found == list(BYTES)


def test_several_columns_and_missing_images() -> None:
    rows = [
        {"name": "x", "photo": "shop/photos/gif.png", "other": None},
        {"name": "y", "photo": "", "other": "shop/photos/png.png"},
        {"name": "z", "photo": "shop/photos/png.png", "other": "s3://b/a.webp"},
    ]
    found = contents(rows, image_columns=["photo", "other"], empty="keep")
    assert [[part["image"]["format"] for part in parts[:-1]] for parts in found] == [["gif"], ["png"], ["png", "webp"]]


def test_the_report_counts_images_apart_from_text() -> None:
    report = prepare("shop/t.csv", "out.jsonl", template="{name}", model=NOVA, image_columns=["photo"])
    size = sum(len(base64_of(name)) for name in BYTES)
    assert (report.images, report.image_bytes) == (4, size)
    # Of an image nothing is text; the names are.
    assert report.estimated_tokens == 4
    assert f"4 records with 4 images ({size} bytes)" in str(report)


@pytest.mark.parametrize(
    ("cell", "options", "said"),
    [
        ("no.png", {}, r'row 2, column "photo", the image "no\.png": there is no such file; check the path'),
        ("text.png", {}, r'the image "text\.png" is no PNG, JPEG, GIF or WebP, as models take them; convert it'),
        ("shop", {}, r'the image "shop": cannot be read: Is a directory'),
        ("a\0b", {}, r"no file can have this path"),
        ("https://x.org/a.png", {}, r"is an address, and no model fetches it; download the image"),
        ("file:///a.png", {}, r'the image "file:///a\.png" is no path; write the path of a file'),
        ("data:image/png;base64," + "A" * 99, {}, r'the image "data:image/png;base64,A+" is no path; write the path'),
        ("s3://b/a.tiff", {}, r"must end in \.png, \.jpg, \.jpeg, \.gif, \.webp, so that its format is known"),
        ("s3://b/a.png", {"model": CLAUDE}, r"row 2 has an image in S3, and Claude takes its bytes"),
        (
            "large.png",
            {},
            r'the image "large\.png" has 50,001 bytes, and a record has room for 50,000; make it smaller',
        ),
        (None, {}, r'row 2, column "photo", is empty'),
        ("shop/photos/png.png", {"model": "meta.llama3-1-8b-instruct-v1:0"}, r"row 1 has an image, and this model"),
        ("shop/photos/png.png", {"model": "cohere.command-r-v1:0"}, r"row 1 has more than text"),
    ],
)
def test_what_is_no_image_is_told_with_its_row(
    monkeypatch: pytest.MonkeyPatch, cell: str | None, options: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr(images, "_MOST_BYTES", 50_000)
    Path("text.png").write_text("a text")
    Path("large.png").write_bytes(BYTES["png"] + b"." * (50_001 - len(BYTES["png"])))
    rows = [{"name": "a", "photo": "shop/photos/png.png"}, {"name": "b", "photo": cell}]
    with pytest.raises(BedrockBatchError, match=said):
        contents(rows, **options)
    assert not Path("out.jsonl").exists()


def test_images_are_written_before_memory_is_full_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_GROUP_BYTES", 300)
    done: list[int] = []
    asked: Any = {"template": "{name}", "model": NOVA, "image_columns": ["photo"], "progress": done.append}
    rows = [{"name": f"{number}", "photo": "shop/photos/png.png"} for number in range(7)]
    report = prepare(rows, "out.jsonl", **asked)
    assert (sum(done), report.records) == (7, 7)
    assert max(done) < 3
    lines = [json.loads(line)["modelInput"] for line in Path("out.jsonl").read_text().splitlines()]
    assert [line["messages"][0]["content"][1]["text"] for line in lines] == [f"{number}" for number in range(7)]
    rows[5]["photo"] = "no.png"
    with pytest.raises(BedrockBatchError, match="row 6"):
        prepare(rows, "out.jsonl", **asked)


def test_a_row_with_an_image_and_an_empty_text_has_the_image_alone() -> None:
    ((image,),) = contents([{"name": " ", "photo": "shop/photos/png.png"}], template="{name}", empty="keep")
    assert "image" in image
