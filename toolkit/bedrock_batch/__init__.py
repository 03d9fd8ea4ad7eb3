"""The data of a Bedrock batch inference job: the records that go in, and the results that come out.

Checking and reading need no AWS account, and nothing needs the CDK. Each name is loaded when it is first used, so that
who needs one does not wait for all.

Examples
--------
>>> from bedrock_batch import RecordLimits, check
>>> check("no-such-folder/prompts.jsonl", limits=RecordLimits(min_records_per_job=50)).ok
False
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bedrock_batch.errors import BedrockBatchError
    from bedrock_batch.jobs.job import Job, JobError, get_job, list_jobs, stop_job
    from bedrock_batch.jobs.reference import find_job, stack_job, stack_jobs
    from bedrock_batch.jobs.watch import watch_job
    from bedrock_batch.new_app.create import create_app
    from bedrock_batch.page.facts import Facts, Prices, gather_facts
    from bedrock_batch.page.render import render_page
    from bedrock_batch.records.check import check
    from bedrock_batch.records.check_report import CheckReport, Problem
    from bedrock_batch.records.limits import RecordLimits
    from bedrock_batch.records.split import split
    from bedrock_batch.records.split_report import SplitError, SplitReport
    from bedrock_batch.results.job_results import JobResults, open_job_results, open_local_results
    from bedrock_batch.results.manifest import Manifest, ResultsError, read_manifest
    from bedrock_batch.results.output.files import read_results
    from bedrock_batch.results.result import Result, ResultError
    from bedrock_batch.results.table.formats import open_writer
    from bedrock_batch.retry.input import RetryInput, write_retry
    from bedrock_batch.retry.resubmission import Resubmission, submit_retry

__all__ = [
    "BedrockBatchError",
    "CheckReport",
    "Facts",
    "Job",
    "JobError",
    "JobResults",
    "Manifest",
    "Prices",
    "Problem",
    "RecordLimits",
    "Resubmission",
    "Result",
    "ResultError",
    "ResultsError",
    "RetryInput",
    "SplitError",
    "SplitReport",
    "check",
    "create_app",
    "find_job",
    "gather_facts",
    "get_job",
    "list_jobs",
    "open_job_results",
    "open_local_results",
    "open_writer",
    "read_manifest",
    "read_results",
    "render_page",
    "split",
    "stack_job",
    "stack_jobs",
    "stop_job",
    "submit_retry",
    "watch_job",
    "write_retry",
]

_MODULES = {
    "BedrockBatchError": "errors",
    "CheckReport": "records.check_report",
    "Facts": "page.facts",
    "Job": "jobs.job",
    "JobError": "jobs.job",
    "JobResults": "results.job_results",
    "Manifest": "results.manifest",
    "Prices": "page.facts",
    "Problem": "records.check_report",
    "RecordLimits": "records.limits",
    "Resubmission": "retry.resubmission",
    "Result": "results.result",
    "ResultError": "results.result",
    "ResultsError": "results.manifest",
    "RetryInput": "retry.input",
    "SplitError": "records.split_report",
    "SplitReport": "records.split_report",
    "check": "records.check",
    "create_app": "new_app.create",
    "find_job": "jobs.reference",
    "gather_facts": "page.facts",
    "get_job": "jobs.job",
    "list_jobs": "jobs.job",
    "open_job_results": "results.job_results",
    "open_local_results": "results.job_results",
    "open_writer": "results.table.formats",
    "read_manifest": "results.manifest",
    "read_results": "results.output.files",
    "render_page": "page.render",
    "split": "records.split",
    "stack_job": "jobs.reference",
    "stack_jobs": "jobs.reference",
    "stop_job": "jobs.job",
    "submit_retry": "retry.resubmission",
    "watch_job": "jobs.watch",
    "write_retry": "retry.input",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has that name
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
