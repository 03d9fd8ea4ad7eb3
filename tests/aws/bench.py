"""What a trial works with: makes jobs of its own name, waits for them, and says in a line how they ended."""

import itertools
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from .events import Events
from .own import ENDED, PREFIX, TAG
from .patience import Seen, until
from .recorder import Recorder
from .world import World

#: A job may wait for its turn for hours.
_JOB_SECONDS = 3 * 60 * 60


class InterruptedTrialError(Exception):
    """Whoever runs this wants no more."""


@dataclass(frozen=True)
class Lab:
    """What all trials of a run have in common.

    Attributes
    ----------
    run
        What no other run is called.
    deployed
        The job's ARN of each stack that was deployed, by its name, when it is.
    over
        Set when no trial shall go on.
    """

    world: World
    model: str
    run: str
    events: Events
    deployed: "Future[Mapping[str, str]]" = field(default_factory=Future)
    over: threading.Event = field(default_factory=threading.Event)

    def sleep(self, seconds: float) -> None:
        """Let seconds pass, unless it is over."""
        if self.over.wait(seconds):
            raise InterruptedTrialError


@dataclass(frozen=True)
class Bench:
    """What one trial has for itself."""

    lab: Lab
    name: str
    recorder: Recorder = field(default_factory=Recorder)
    output: dict[str, Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @cached_property
    def bedrock(self) -> Any:
        return self.recorder.listen(self.lab.world.account.new_client("bedrock"))

    def request(self, *, role: str = "Whole", records: str = "good.jsonl", **parameters: Any) -> dict[str, Any]:
        """Return the parameters of a new job; `role` is one of the template or an ARN."""
        data = f"s3://{self.lab.world.bucket}"
        name = f"{PREFIX}{self.lab.run}-{self.name}"[:60] + f"-{next(self._numbers)}"
        return {
            "jobName": name,
            "roleArn": role if role.startswith("arn:") else self.lab.world.role(role),
            "modelId": self.lab.model,
            "modelInvocationType": "Converse",
            "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"{data}/input/{records}"}},
            "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"{data}/output"}},
            "tags": [{"key": TAG, "value": self.lab.world.account.region}],
            **parameters,
        }

    def create(self, request: Mapping[str, Any]) -> str:
        """Make a job, and return its ARN; while the account has as many as it may, wait."""
        self.names.add(request["jobName"])

        def made() -> str:
            with suppress(self.bedrock.exceptions.ServiceQuotaExceededException):
                return str(self.bedrock.create_model_invocation_job(**request)["jobArn"])
            return ""

        return self.until(made, "room for one more job")

    def get(self, arn: str) -> Mapping[str, Any]:
        job: Mapping[str, Any] = self.bedrock.get_model_invocation_job(jobIdentifier=arn)
        return job

    def until(self, look: Callable[[], Seen], what: str, seconds: float = _JOB_SECONDS) -> Seen:
        """Return what is seen as soon as it is something."""
        return until(look, what, seconds=seconds, sleep=self.lab.sleep)

    def past(self, arn: str, *statuses: str) -> Mapping[str, Any]:
        """Return a job as soon as it is in none of these statuses any more."""
        return self._when(arn, lambda status: status not in statuses)

    def ended(self, arn: str) -> Mapping[str, Any]:
        """Return a job when it has ended."""
        return self._when(arn, lambda status: status in ENDED)

    def _when(self, arn: str, so: Callable[[str], bool]) -> Mapping[str, Any]:
        def look() -> Mapping[str, Any]:
            job = self.get(arn)
            return job if so(job["status"]) else {}

        return self.until(look, f"the end of {arn}")

    def failed(self) -> Mapping[str, Any]:
        """Return a job that has ended at no cost: it had too few records."""
        return self.ended(self.create(self.request(records="few.jsonl")))

    def outcome(self, **changes: Any) -> str:
        """Make a job and say how it ended, or that it was refused."""
        request = self.request(**changes)
        refused, arn = attempt(lambda: self.create(request))
        return f"refused: {refused}" if refused else self.end_of(arn or "")

    def end_of(self, arn: str) -> str:
        """Say how a job ended, and keep some of what it wrote."""
        job = self.ended(arn)
        self.names.add(job["jobName"])
        if job["status"] != "Completed":
            return ": ".join(filter(None, [job["status"], job.get("message")]))
        self.output.update(self._written(job))
        counts = self.output["manifest"]
        return f"Completed: {counts['successRecordCount']} of {counts['totalRecordCount']} records succeeded"

    def _written(self, job: Mapping[str, Any]) -> dict[str, Any]:
        s3 = self.lab.world.account.client("s3")
        uri = job["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
        bucket, _, folder = uri.removeprefix("s3://").partition("/")
        prefix = f"{folder.rstrip('/')}/{job['jobArn'].rpartition('/')[2]}/"
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]]
        read = {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}
        manifest = next(json.loads(body) for key, body in read.items() if key.endswith("/manifest.json.out"))
        files = (body for key, body in read.items() if key.endswith(".jsonl.out"))
        lines = [json.loads(line) for body in files for line in body.split(b"\n") if line]
        # One with an answer, and one with an error.
        kinds = {tuple(sorted(line)): line for line in lines}
        return {"keys": keys, "manifest": manifest, "lines": list(kinds.values())}


def attempt(call: Callable[[], Seen]) -> tuple[str, Seen | None]:
    """Return in which words a call was refused, or what it answered."""
    try:
        return "", call()
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}", None
