"""Jobs: the list, and what is shown of one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bedrock_batch.results.output.response import answers_of
from bedrock_local.bedrock.jobs.clock import timestamp
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.jobs.status import TRANSITIONS, Status

# Of those that are kept: a page with more is no longer looked through.
_LISTED = 500
_SHOWN = 200
# Where the families of models have what is asked.
_QUESTIONS = frozenset({"content", "inputText", "input_text", "prompt", "text", "texts"})


def listed(jobs: Sequence[Job]) -> Mapping[str, Any]:
    """List jobs.

    Parameters
    ----------
    jobs
        All of them, oldest first.
    """
    return {"jobs": [_line(job) for job in jobs[: -_LISTED - 1 : -1]], "jobs_in_all": len(jobs)}


def _line(job: Job) -> Mapping[str, Any]:
    counts = job.counts
    return {
        "id": job.arn,
        "name": job.name,
        "status": job.status.value,
        "model": job.model.foundation_id,
        "region": job.place.region,
        "account": job.place.account,
        "submitted": timestamp(job.submit_time),
        "counts": [counts.processed, counts.total, counts.success, counts.error],
        "message": job.message,
        "stoppable": Status.STOPPING in TRANSITIONS[job.status],
    }


def shown(job: Job, lines: Sequence[bytes]) -> Mapping[str, Any]:
    """Show a job.

    Parameters
    ----------
    job
        The job.
    lines
        The latest of its output, newest first.
    """
    request = job.request
    return {
        "id": job.arn,
        "role": request["roleArn"],
        "input": request["inputDataConfig"]["s3InputDataConfig"]["s3Uri"],
        "output": request["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"],
        "tags": ", ".join(f"{key}={value}" for key, value in job.tags.items()) or "none",
        "timeline": [[change.status.value, timestamp(change.at), change.message] for change in job.history],
        "records": [_record(line) for line in lines],
    }


def _record(line: bytes) -> Mapping[str, Any]:
    said = json.loads(line)
    error = said.get("error")
    answer = f"{error['errorCode']}: {error['errorMessage']}" if error else _answer(said["modelOutput"])
    question = next(iter(reversed([*_texts(said["modelInput"])])), "")
    return {
        "id": said["recordId"],
        "failed": error is not None,
        "question": _short(question),
        "answer": _short(answer),
        "line": line.decode().rstrip("\n"),
    }


def _answer(body: Mapping[str, Any]) -> str:
    found = answers_of([body])
    vectors = found.embeddings[0]
    return f"a vector of {len(vectors[0])} numbers" if vectors else found.text[0] or ""


def _texts(value: object, *, asked: bool = False) -> Iterator[str]:
    """Go through the texts of a body that somebody wrote for a model."""
    if isinstance(value, str):
        if asked:
            yield value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _texts(member, asked=name in _QUESTIONS)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, asked=asked)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
