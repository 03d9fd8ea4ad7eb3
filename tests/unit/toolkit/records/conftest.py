import json
import re
from collections.abc import Callable
from pathlib import Path

import botocore.session
import pytest

from bedrock_batch import RecordLimits, check

WriteInput = Callable[..., Path]

FEW = RecordLimits(min_records_per_job=1)


def only_problem(path: Path, limits: RecordLimits = FEW) -> str:
    """The one problem that a file has, as it is printed, without the file's folder."""
    report = check(path, limits=limits)
    assert not report.ok
    assert report.hidden == 0
    (problem,) = report.problems
    return str(problem).removeprefix(f"{path.parent}/")


@pytest.fixture
def write_input(tmp_path: Path) -> WriteInput:
    """Write an input file of good records, with some of its lines replaced."""

    def write(count: int = 100, *, name: str = "prompts.jsonl", **lines: str | bytes) -> Path:
        content = [json.dumps({"recordId": f"r-{number}", "modelInput": {}}).encode() for number in range(1, count + 1)]
        for place, line in lines.items():
            content[int(place.removeprefix("line_")) - 1] = line if isinstance(line, bytes) else line.encode()
        file = tmp_path / name
        file.write_bytes(b"".join(line + b"\n" for line in content))
        return file

    return write


@pytest.fixture(scope="session")
def s3_uri_pattern() -> Callable[[str], bool]:
    """Botocore's own pattern for the S3 URIs of a job."""
    model = botocore.session.get_session().get_component("data_loader").load_service_model("bedrock", "service-2")
    pattern = re.compile(model["shapes"]["S3Uri"]["pattern"])
    return lambda uri: pattern.fullmatch(uri) is not None
