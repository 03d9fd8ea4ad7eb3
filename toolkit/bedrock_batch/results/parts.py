"""The parts of which several jobs' results are one set: each is opened when its turn comes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from bedrock_batch.results.job_results import JobResults, open_job_results, open_local_results
from bedrock_batch.results.manifest import MANIFEST_NAME
from bedrock_batch.results.output.files import OUTPUT_FILES

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

    from bedrock_batch.jobs.job import Job


@dataclass(frozen=True)
class Part:
    """What one of the jobs has left, or what was asked on demand in the place of one.

    Attributes
    ----------
    job_id : str
        Of the job; what its notes begin with.
    model : str
        What it asked.
    opened : callable
        Opens it, when its turn comes.
    """

    job_id: str
    model: str
    opened: Callable[[], AbstractContextManager[JobResults]]


def part_of(s3: S3Client, job: Job, *, processes: int = 1) -> Part:
    """Make a job a part of several; it is copied from S3 when its turn comes.

    Parameters
    ----------
    s3, job
        As in `open_job_results`.
    processes : int
        As in `read_results`.
    """
    return Part(job.id, str(job.details["modelId"]), partial(open_job_results, s3, job, processes=processes))


def has_several_jobs(output: Path) -> bool:
    """Say whether a folder has copies of the output of more than one job."""
    return output.is_dir() and sum(1 for _ in islice(output.rglob(MANIFEST_NAME), 2)) > 1


def local_parts(output: Path, *, processes: int = 1) -> list[Part]:
    """Make each folder of a copy of several jobs' output a part, the newest first by the times of the manifests.

    Parameters
    ----------
    output : pathlib.Path
        The copy.
    processes : int
        As in `read_results`.
    """
    folders = {folder for folder in output.iterdir() if folder.is_dir() and any(folder.rglob(OUTPUT_FILES))}
    newest_first = sorted(folders, key=_time, reverse=True)
    return [
        Part(each.name, "", partial(open_local_results, each, job_id=each.name, processes=processes))
        for each in newest_first
    ]


def _time(folder: Path) -> float:
    return max((manifest.stat().st_mtime for manifest in folder.rglob(MANIFEST_NAME)), default=0.0)
