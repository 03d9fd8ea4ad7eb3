"""The data of a Bedrock batch inference job: the records that go in, and the results that come out.

Needs no AWS account, no CDK and nothing but the standard library.

Examples
--------
>>> from bedrock_batch import RecordLimits, check
>>> check("no-such-folder/prompts.jsonl", limits=RecordLimits(min_records_per_job=50)).ok
False
"""

from bedrock_batch.limits import RecordLimits
from bedrock_batch.manifest import Manifest, ResultsError, read_manifest
from bedrock_batch.records import check
from bedrock_batch.report import CheckReport, Problem
from bedrock_batch.results import Result, ResultError, read_results

__all__ = [
    "CheckReport",
    "Manifest",
    "Problem",
    "RecordLimits",
    "Result",
    "ResultError",
    "ResultsError",
    "check",
    "read_manifest",
    "read_results",
]
