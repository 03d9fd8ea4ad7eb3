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
    from bedrock_batch.assembly import AssemblyError
    from bedrock_batch.diagnosis.app.diagnose_app import diagnose_app
    from bedrock_batch.diagnosis.diagnose import diagnose
    from bedrock_batch.diagnosis.finding import Diagnosis, Finding, Verdict
    from bedrock_batch.errors import BedrockBatchError
    from bedrock_batch.jobs.job import Job, JobError, get_job, list_jobs, stop_job
    from bedrock_batch.jobs.reference import find_job, retries_of
    from bedrock_batch.jobs.stack import stack_job, stack_jobs
    from bedrock_batch.jobs.watch import watch_job, watch_jobs
    from bedrock_batch.models.offered import Offer, OfferedModel, offered_models
    from bedrock_batch.new_app.create import create_app
    from bedrock_batch.openai_batch.convert import convert
    from bedrock_batch.openai_batch.report import ConversionReport, Loss
    from bedrock_batch.page.facts import Facts, gather_facts
    from bedrock_batch.page.render import render_page
    from bedrock_batch.plan.amount import Amount
    from bedrock_batch.plan.plan import Plan, plan_deployment
    from bedrock_batch.plan.planned_job import PlannedJob
    from bedrock_batch.prices.find import find_prices
    from bedrock_batch.prices.prices import FoundPrices, PriceListError, Prices, ProfileError
    from bedrock_batch.prices.query import endpoint_region
    from bedrock_batch.prompts.prepare import prepare
    from bedrock_batch.prompts.report import PreparedRecords
    from bedrock_batch.prompts.template import TemplateError
    from bedrock_batch.records.check import check
    from bedrock_batch.records.check_report import CheckReport, Problem
    from bedrock_batch.records.limits import RecordLimits
    from bedrock_batch.records.split import split
    from bedrock_batch.records.split_report import SplitError, SplitReport
    from bedrock_batch.results.input_order import in_input_order
    from bedrock_batch.results.job_results import JobResults, open_job_results, open_local_results
    from bedrock_batch.results.join.table_join import TableJoin, open_table_join
    from bedrock_batch.results.manifest import Manifest, ResultsError, read_manifest
    from bedrock_batch.results.output.files import read_results
    from bedrock_batch.results.result import Result, ResultError
    from bedrock_batch.results.several_jobs import SeveralResults, open_several_local_results, open_several_results
    from bedrock_batch.results.table.formats import open_writer
    from bedrock_batch.retry.input import RetryInput, write_retry
    from bedrock_batch.retry.resubmission import Resubmission, submit_retry
    from bedrock_batch.runs.estimate import RunEstimate, estimate_run
    from bedrock_batch.runs.pipeline import Pipeline, RunError, find_pipeline, pipeline_of_stack
    from bedrock_batch.runs.progress import RunProgress
    from bedrock_batch.runs.results import open_run_results, run_jobs
    from bedrock_batch.runs.run import Run, get_run, start_run, stop_run
    from bedrock_batch.runs.watch import watch_run
    from bedrock_batch.tables.errors import TableError

__all__ = [
    "Amount",
    "AssemblyError",
    "BedrockBatchError",
    "CheckReport",
    "ConversionReport",
    "Diagnosis",
    "Facts",
    "Finding",
    "FoundPrices",
    "Job",
    "JobError",
    "JobResults",
    "Loss",
    "Manifest",
    "Offer",
    "OfferedModel",
    "Pipeline",
    "Plan",
    "PlannedJob",
    "PreparedRecords",
    "PriceListError",
    "Prices",
    "Problem",
    "ProfileError",
    "RecordLimits",
    "Resubmission",
    "Result",
    "ResultError",
    "ResultsError",
    "RetryInput",
    "Run",
    "RunError",
    "RunEstimate",
    "RunProgress",
    "SeveralResults",
    "SplitError",
    "SplitReport",
    "TableError",
    "TableJoin",
    "TemplateError",
    "Verdict",
    "check",
    "convert",
    "create_app",
    "diagnose",
    "diagnose_app",
    "endpoint_region",
    "estimate_run",
    "find_job",
    "find_pipeline",
    "find_prices",
    "gather_facts",
    "get_job",
    "get_run",
    "in_input_order",
    "list_jobs",
    "offered_models",
    "open_job_results",
    "open_local_results",
    "open_run_results",
    "open_several_local_results",
    "open_several_results",
    "open_table_join",
    "open_writer",
    "pipeline_of_stack",
    "plan_deployment",
    "prepare",
    "read_manifest",
    "read_results",
    "render_page",
    "retries_of",
    "run_jobs",
    "split",
    "stack_job",
    "stack_jobs",
    "start_run",
    "stop_job",
    "stop_run",
    "submit_retry",
    "watch_job",
    "watch_jobs",
    "watch_run",
    "write_retry",
]

_MODULES = {
    "Amount": "plan.amount",
    "BedrockBatchError": "errors",
    "CheckReport": "records.check_report",
    "ConversionReport": "openai_batch.report",
    "Diagnosis": "diagnosis.finding",
    "Facts": "page.facts",
    "Finding": "diagnosis.finding",
    "FoundPrices": "prices.prices",
    "Job": "jobs.job",
    "JobError": "jobs.job",
    "JobResults": "results.job_results",
    "Loss": "openai_batch.report",
    "Manifest": "results.manifest",
    "Offer": "models.offered",
    "OfferedModel": "models.offered",
    "Pipeline": "runs.pipeline",
    "Plan": "plan.plan",
    "AssemblyError": "assembly",
    "PlannedJob": "plan.planned_job",
    "PreparedRecords": "prompts.report",
    "PriceListError": "prices.prices",
    "Prices": "prices.prices",
    "Problem": "records.check_report",
    "ProfileError": "prices.prices",
    "RecordLimits": "records.limits",
    "Resubmission": "retry.resubmission",
    "Result": "results.result",
    "ResultError": "results.result",
    "ResultsError": "results.manifest",
    "RetryInput": "retry.input",
    "Run": "runs.run",
    "RunError": "runs.pipeline",
    "RunEstimate": "runs.estimate",
    "RunProgress": "runs.progress",
    "SeveralResults": "results.several_jobs",
    "SplitError": "records.split_report",
    "SplitReport": "records.split_report",
    "TableError": "tables.errors",
    "TableJoin": "results.join.table_join",
    "TemplateError": "prompts.template",
    "Verdict": "diagnosis.finding",
    "check": "records.check",
    "convert": "openai_batch.convert",
    "create_app": "new_app.create",
    "diagnose": "diagnosis.diagnose",
    "diagnose_app": "diagnosis.app.diagnose_app",
    "endpoint_region": "prices.query",
    "estimate_run": "runs.estimate",
    "find_job": "jobs.reference",
    "find_pipeline": "runs.pipeline",
    "find_prices": "prices.find",
    "gather_facts": "page.facts",
    "get_job": "jobs.job",
    "get_run": "runs.run",
    "in_input_order": "results.input_order",
    "list_jobs": "jobs.job",
    "offered_models": "models.offered",
    "open_job_results": "results.job_results",
    "open_local_results": "results.job_results",
    "open_run_results": "runs.results",
    "open_several_local_results": "results.several_jobs",
    "open_several_results": "results.several_jobs",
    "open_table_join": "results.join.table_join",
    "open_writer": "results.table.formats",
    "pipeline_of_stack": "runs.pipeline",
    "plan_deployment": "plan.plan",
    "prepare": "prompts.prepare",
    "read_manifest": "results.manifest",
    "read_results": "results.output.files",
    "render_page": "page.render",
    "retries_of": "jobs.reference",
    "run_jobs": "runs.results",
    "split": "records.split",
    "stack_job": "jobs.stack",
    "stack_jobs": "jobs.stack",
    "start_run": "runs.run",
    "stop_job": "jobs.job",
    "stop_run": "runs.run",
    "submit_retry": "retry.resubmission",
    "watch_job": "jobs.watch",
    "watch_jobs": "jobs.watch",
    "watch_run": "runs.watch",
    "write_retry": "retry.input",
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has that name
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
