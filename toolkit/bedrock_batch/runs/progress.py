"""How far a run is: its jobs from the Map that runs them, its records from what came of jobs that ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.runs.outcomes import Outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_s3 import S3Client

    from bedrock_batch.files.s3_uri import S3Uri
    from bedrock_batch.runs.run import Run

#: As the ARN of a Map Run has the label of the Map, "mapRun:MACHINE/LABEL:ID".
_JOBS = "/Jobs:"
#: What the pipeline writes with a capital.
_SETTLED = ("succeeded", "failed")
_NOT_THERE = ("NoSuchKey", "404")


@dataclass(frozen=True)
class RunProgress:
    """How far a run is.

    Attributes
    ----------
    round : int
        The round of jobs; 0 while the input is cut.
    jobs, jobs_done : int
        The shards of the round, and those whose job is over.
    records : int
        Those of the run; 0 until they are known.
    succeeded, failed : int
        Those that are answered, and that failed for good.
    summary : mapping or None
        What the pipeline wrote at the end, under its own names; None before.
    """

    round: int = 0
    jobs: int = 0
    jobs_done: int = 0
    records: int = 0
    succeeded: int = 0
    failed: int = 0
    summary: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        if not self.round:
            return "the input is cut into jobs"
        failed = f", {self.failed:,} failed" if self.failed else ""
        jobs = f"round {self.round}: {self.jobs_done:,} of {self.jobs:,} jobs done"
        return f"{jobs}, {self.succeeded:,} of {self.records:,} records answered{failed}"


class ProgressReader:
    """Reads how far a run is, again and again: what came of a job is read once.

    Parameters
    ----------
    states, s3
        Clients for ``stepfunctions`` and ``s3``.
    """

    def __init__(self, states: Any, s3: S3Client) -> None:  # noqa: ANN401 - boto3 makes its clients at run time
        self._states, self._s3 = states, s3
        self._records = 0
        self._outcomes = Outcomes(s3)

    def read(self, run: Run) -> RunProgress:
        """Read it.

        Raises
        ------
        botocore.exceptions.ClientError
            If a service refuses.
        """
        rounds = [arn for arn in self._map_runs(run) if _JOBS in arn]
        jobs, done = self._counts(rounds[0]) if rounds else (0, 0)
        counts = self._summed_up(run) if run.is_summed_up else self._so_far(run)
        return RunProgress(round=len(rounds), jobs=jobs, jobs_done=done, **counts)

    def _summed_up(self, run: Run) -> dict[str, Any]:
        summary = json.loads(self._object(run.own("summary.json")) or "{}")
        names = {name: summary.get(name.capitalize(), 0) for name in ("records", *_SETTLED)}
        return {**names, "summary": summary or None}

    def _so_far(self, run: Run) -> dict[str, int]:
        if not self._records:
            lines = (self._object(run.own("manifest/1.jsonl")) or b"").split(b"\n")
            self._records = sum(json.loads(line)["Records"] for line in lines if line)
        outcomes = [
            each for prefix in ("outcomes/", "demand/outcomes/") for each in self._outcomes.below(run.own(prefix))
        ]
        # What one job has left is of another then: only what is settled is counted once.
        settled = {name: sum(each[name.capitalize()] for each in outcomes) for name in _SETTLED}
        return {"records": self._records, **settled}

    def _map_runs(self, run: Run) -> list[str]:
        """List the Map Runs of an execution, the newest first."""
        pages = self._states.get_paginator("list_map_runs").paginate(executionArn=run.arn)
        found = [each for page in pages for each in page["mapRuns"]]
        return [str(each["mapRunArn"]) for each in sorted(found, key=lambda each: each["startDate"], reverse=True)]

    def _counts(self, map_run: str) -> tuple[int, int]:
        counts = self._states.describe_map_run(mapRunArn=map_run)["itemCounts"]
        return counts["total"], counts["total"] - counts["pending"] - counts["running"]

    def _object(self, place: S3Uri) -> bytes | None:
        from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

        try:
            return self._s3.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOT_THERE:
                raise
            return None
