"""A local S3, and a run in it that is cut."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from batch_inference_pipeline.cutting.cut import Cut
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.listing.survey import Survey
from batch_inference_pipeline.cutting.manifest import Manifest
from batch_inference_pipeline.cutting.store import Store
from batch_inference_pipeline.places import Place, RunPlaces
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws

#: Small, so that a few lines are a dataset.
LIMITS = Limits(min_records_per_job=3, records_per_job=10, bytes_per_file=2000, bytes_per_record=600)


@dataclass(frozen=True)
class Run:
    """A run with an input of its own."""

    s3: Any
    limits: Limits = LIMITS
    key_id: str | None = None
    bucket: str = field(default_factory=lambda: f"b-{uuid.uuid4().hex}")

    def __post_init__(self) -> None:
        self.s3.create_bucket(Bucket=self.bucket)

    @property
    def places(self) -> RunPlaces:
        return RunPlaces(Place(self.bucket, "out/"), "run")

    @property
    def store(self) -> Store:
        return Store(self.s3, self.key_id)

    def put(self, objects: Mapping[str, bytes]) -> None:
        for key, content in objects.items():
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)

    def survey(self, key: str = "in/") -> dict[str, int]:
        return Survey(self.store, self.limits).run(Place(self.bucket, key), self.places.tasks(1))

    def tasks(self) -> list[list[dict[str, Any]]]:
        return [[json.loads(line) for line in lines(self.read(key))] for key in self.keys(self.places.tasks(1).key)]

    def cut(self) -> list[dict[str, Any]]:
        """Cut every task; return the outcomes."""
        names = [key.rpartition("/")[2].removesuffix(".jsonl") for key in self.keys(self.places.tasks(1).key)]
        for name in names:
            Cut(self.store, self.limits).run(self.places, 1, name)
        return [json.loads(self.read(self.places.cut(1).below(f"{name}.json").key)) for name in names]

    def manifest(self, most: int = 0) -> list[dict[str, Any]]:
        """Write the manifest of a run that may have so many records; return its lines."""
        Manifest(self.store, self.limits, most).write(self.places, 1)
        return [json.loads(line) for line in lines(self.read(self.places.manifest(1).key))]

    def shards(self, outcomes: list[dict[str, Any]]) -> list[list[bytes]]:
        """Read the records of each shard, and hold them against what the outcomes say of them."""
        return [self._shard(shard) for outcome in outcomes for shard in outcome["Shards"]]

    def _shard(self, shard: dict[str, Any]) -> list[bytes]:
        content = self.read(shard["Key"])
        records = [line.strip() for line in lines(content)]
        assert (shard["Records"], shard["Bytes"]) == (len(records), len(content))
        assert shard["Digest"] == hashlib.sha256(content).hexdigest()
        return records

    def read(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def keys(self, prefix: str) -> list[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [found["Key"] for page in pages for found in page.get("Contents", [])]


def lines(content: bytes) -> list[bytes]:
    return [line for line in content.split(b"\n") if line]


def record(number: int, text: str = "", **members: Any) -> bytes:
    body = {"modelInput": {"inputText": text}}
    return json.dumps({"recordId": f"r{number}", **body, **members}, ensure_ascii=False).encode()


def records(count: int, text: str = "", first: int = 0) -> bytes:
    return b"".join(record(number, text) + b"\n" for number in range(first, first + count))


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=tmp_path_factory.mktemp("aws")) as running:
        yield running


@pytest.fixture(scope="module")
def s3(aws: RunningAws) -> Any:
    return aws.client("s3")


@pytest.fixture(scope="module")
def key(aws: RunningAws) -> str:
    return str(aws.client("kms").create_key()["KeyMetadata"]["KeyId"])


@pytest.fixture
def run(s3: Any) -> Run:
    return Run(s3)
