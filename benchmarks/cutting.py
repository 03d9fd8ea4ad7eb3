"""How fast a pipeline's input is cut into shards, beside a plain copy of the same bytes through the same S3.

The copy reads an object and writes it again, in parts of the same size; cutting also looks at each record. The S3 is
that of the local AWS, so both are far from what a function has from AWS's. Cutting shall take twice as long or less.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from batch_inference_pipeline.cutting.cut import Cut
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.listing.survey import Survey
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.cutting.upload import Upload
from batch_inference_pipeline.places import Place, RunPlaces
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from check_speed import TEXTS, records, written
from comparison.row import Row
from comparison.trial import BEFORE, Trial

ROUNDS, SIZE, AT_MOST = 5, 50_000_000, 2
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


def on_the_object(way: Callable[[Any, str], None], pid: str, port: str, secret: str, key: str) -> Callable[[], object]:
    """Make a client of the local AWS that runs, and a way with it."""
    s3 = RunningAws(int(pid), int(port), "echo", secret).client("s3")
    s3.head_bucket(Bucket=BUCKET)
    return partial(way, s3, key)


WAYS = {"cut": partial(on_the_object, cut), "copy": partial(on_the_object, copy)}


def rows(trial: Trial) -> Iterator[Row]:
    """Cut inputs of short and of long records beside copies."""
    with LocalAws(model="echo", directory=trial.folder / "aws") as aws:
        aws.client("s3").create_bucket(Bucket=BUCKET)
        for name, text in TEXTS.items():
            lines = records(trial.size(SIZE), ascii_only=False, text=text)
            path = written(trial.folder / "input.jsonl", lines)
            aws.client("s3").upload_file(str(path), BUCKET, f"{text}.jsonl")
            of_it = (aws.pid, aws.port, aws.secret, f"{text}.jsonl")
            turns = trial.in_turn("cutting", "cut", ("copy",), of_it, ROUNDS)
            found = turns.row("cut", "copy", "clock", AT_MOST), turns.row("cut", f"cut, {BEFORE}")
            yield from (replace(row, subject=f"cut, records of {name}") for row in found)
