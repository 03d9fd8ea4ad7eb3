"""A run in a local S3: what the parts of a pipeline read of it, and what they wrote."""

import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from batch_inference_pipeline.collecting.collecting import Collecting, EndedJob
from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.places import Place, RunPlaces
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from model_invocation_job.results.manifest import S3Manifests

JOBS = "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/"


def record(record_id: str, text: str = "?") -> bytes:
    return json.dumps({"recordId": record_id, "modelInput": {"prompt": text}}).encode() + b"\n"


def answered(record_id: str, text: str = "?") -> bytes:
    line = {"modelInput": {"prompt": text}, "modelOutput": {"generation": text}, "recordId": record_id}
    return json.dumps(line).encode() + b"\n"


def failed(record_id: str, code: int | None = 400, message: str = "no", text: str = "?", **more: bool) -> bytes:
    error = {"errorCode": code, "errorMessage": message, **more}
    return json.dumps({"modelInput": {"prompt": text}, "error": error, "recordId": record_id}).encode() + b"\n"


def _policy(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class OneRun:
    def __init__(self, aws: RunningAws) -> None:
        self.aws, self.s3 = aws, aws.client("s3")
        self.objects = Objects(self.s3)
        self.places = RunPlaces(Place("pipeline", f"{uuid.uuid4().hex}/"), "run")
        self.collecting = Collecting(self.objects, S3Manifests(self.s3), self.places)

    def put(self, place: Place, content: bytes) -> None:
        self.s3.put_object(Bucket=place.bucket, Key=place.key, Body=content)

    def get(self, place: Place) -> bytes:
        content: bytes = self.s3.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()
        return content

    def all_below(self, prefix: Place) -> dict[str, bytes]:
        return {place.key.removeprefix(prefix.key): self.get(place) for place in self.objects.below(prefix)}

    def lines_below(self, prefix: Place) -> list[bytes]:
        return [line for content in self.all_below(prefix).values() for line in content.splitlines(keepends=True)]

    def shard(self, *lines: bytes, name: str = "000001-001", round: int = 1) -> dict[str, Any]:
        place = self.places.shards(round).below(f"{name}.jsonl")
        self.put(place, b"".join(lines))
        return {"Shard": name, "Round": round, "Bucket": place.bucket, "Key": place.key, "Records": len(lines)}

    def job(self, shard: Mapping[str, Any], *lines: bytes, status: str = "Completed", **manifest: int) -> EndedJob:
        """End a job that wrote such lines; one without any wrote nothing."""
        job = EndedJob(f"{JOBS}{uuid.uuid4().hex[:12]}", status)
        folder = self.places.results.below(f"{job.id}/")
        if lines:
            self.put(folder.below(f"{shard['Key'].rpartition('/')[2]}.out"), b"".join(lines))
            self.put(folder.below("manifest.json.out"), json.dumps(manifest).encode())
        return job

    def real_job(self, shard: Mapping[str, Any]) -> EndedJob:
        """Have the local Bedrock answer a shard."""
        iam, bedrock = self.aws.client("iam"), self.aws.client("bedrock")
        name = f"role-{uuid.uuid4().hex}"
        trust = {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
        rights = {"Effect": "Allow", "Action": ["s3:*", "bedrock:InvokeModel"], "Resource": "*"}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=_policy(rights))
        arn = bedrock.create_model_invocation_job(
            jobName=f"job-{uuid.uuid4().hex}",
            roleArn=role,
            modelId="amazon.nova-lite-v1:0",
            inputDataConfig={"s3InputDataConfig": {"s3Uri": Place(shard["Bucket"], shard["Key"]).uri}},
            outputDataConfig={"s3OutputDataConfig": {"s3Uri": self.places.results.uri}},
        )["jobArn"]
        while (job := bedrock.get_model_invocation_job(jobIdentifier=arn)).get("endTime") is None:
            time.sleep(0.05)
        return EndedJob(arn, job["status"], job.get("message", ""))

    def manifest(self, *shards: Mapping[str, Any], round: int = 1) -> None:
        self.put(self.places.manifest(round), b"".join(json.dumps(each).encode() + b"\n" for each in shards))

    def copy_to(self, folder: Path, prefix: Place, objects: Iterable[str] | None = None) -> Path:
        """Copy what stands below a prefix to a folder."""
        for name, content in self.all_below(prefix).items():
            if objects is None or name in objects:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        return folder


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    directory = tmp_path_factory.mktemp("aws")
    with LocalAws(model="echo", directory=directory, admin=True, behaviours={"role_propagation": 0}) as running:
        running.client("s3").create_bucket(Bucket="pipeline")
        yield running


@pytest.fixture
def run(aws: RunningAws) -> OneRun:
    return OneRun(aws)
