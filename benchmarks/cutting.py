"""How fast a pipeline's input is cut into shards, beside a plain copy of the same bytes through the same S3.

The copy reads an object and writes it again, in parts of the same size; cutting also looks at each record. Both run in
turn, several times: the medians of their times, and of how many times as long cutting took in the same turn. The S3 is
that of the local AWS, so both are far from what a function has from AWS's. Cutting shall take twice as long or less,
and 100 MB over what Python takes with a client of boto3, whatever the size of the input.

Needs Linux for the peak of memory. Run it with ``python benchmarks/cutting.py``; ``--gigabytes 1`` for a whole range.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from batch_inference_pipeline.cutting.cut import Cut
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.listing.survey import Survey
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.cutting.upload import Upload
from batch_inference_pipeline.places import Place, RunPlaces
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from check_speed import TEXTS, records, written

ROUNDS = 5
BUCKET = "benchmark"
PLACES = RunPlaces(Place(BUCKET, "out/"), "run")


def copy(s3: Any, key: str) -> None:  # noqa: ANN401 - boto3's clients have no class
    """Read an object, and write it again."""
    body = s3.get_object(Bucket=BUCKET, Key=key)["Body"]
    target = {"Bucket": BUCKET, "Key": f"copy/{key}"}
    target["UploadId"] = s3.create_multipart_upload(**target)["UploadId"]
    parts: list[dict[str, Any]] = []
    while part := body.read(Upload.PART):
        sent = s3.upload_part(**target, PartNumber=len(parts) + 1, Body=part)
        checksums = {name: value for name, value in sent.items() if name.startswith("Checksum")}
        parts.append({"PartNumber": len(parts) + 1, "ETag": sent["ETag"], **checksums})
    s3.complete_multipart_upload(**target, MultipartUpload={"Parts": parts})


def cut(s3: Any, key: str) -> None:  # noqa: ANN401 - as above
    """Cut an object."""
    store = Store(s3)
    Survey(store, Limits()).run(Place(BUCKET, key), PLACES.tasks(1))
    found = Cut(store, Limits()).run(PLACES, 1, "000001")
    if found["Problems"] or not found["Records"]:
        sys.exit(f"{key} was not cut: {found}")


WAYS: dict[str, Callable[[Any, str], None]] = {"copy": copy, "cut": cut}


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=0.1, help="of each input (default: %(default)s)")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory_of:
        show_memory(**json.loads(arguments.memory_of))
        return
    table = Table("records", "copy MB/s", "cut MB/s", "times the copy", "MB of memory", "MB before")
    with tempfile.TemporaryDirectory() as folder, LocalAws(model="echo", directory=Path(folder, "aws")) as aws:
        aws.client("s3").create_bucket(Bucket=BUCKET)
        for name, text in TEXTS.items():
            lines = records(int(arguments.gigabytes * 1e9), ascii_only=False, text=text)
            path = written(Path(folder, "input.jsonl"), lines)
            aws.client("s3").upload_file(str(path), BUCKET, f"{text}.jsonl")
            table.add_row(name, *compare(aws, f"{text}.jsonl", path.stat().st_size))
    Console().print(table)


def compare(aws: RunningAws, key: str, size: int) -> list[str]:
    """Run both in turn; return the figures of a row."""
    s3 = aws.client("s3")
    times = [{name: seconds(partial(way, s3, key)) for name, way in WAYS.items()} for _ in range(ROUNDS)]
    speeds = [f"{size / median(each[name] for each in times) / 1e6:.0f}" for name in WAYS]
    ratio = median(each["cut"] / each["copy"] for each in times)
    return [*speeds, f"{ratio:.2f}", *(f"{each:.0f}" for each in memory(aws, key))]


def seconds(run: Callable[[], None]) -> float:
    """Return the time of one run."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def memory(aws: RunningAws, key: str) -> list[float]:
    """Return the peak of a process that cuts, and what it had with a client and nothing else, in MB."""
    what = json.dumps({"pid": aws.pid, "port": aws.port, "secret": aws.secret, "key": key})
    command = [sys.executable, __file__, "--memory-of", what]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - this file
    found: list[float] = json.loads(told)
    return found


def show_memory(pid: int, port: int, secret: str, key: str) -> None:
    """Cut in this process, and print its memory."""
    s3 = RunningAws(pid, port, "echo", secret).client("s3")
    s3.head_bucket(Bucket=BUCKET)
    before = peak()
    cut(s3, key)
    sys.stdout.write(json.dumps([peak(), before]))


def peak() -> float:
    """Return the most memory that this process has had, in MB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
