"""``bedrock-batch retry``."""

import argparse
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import add_job_arguments, bedrock, the_job
from bedrock_batch.cli.limit_option import add_limit_option, limits_of
from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.output_option import add_output_option, goes_to_standard_output
from bedrock_batch.cli.printing import note, write, write_json
from bedrock_batch.cli.progress import Progress
from bedrock_batch.cli.session import client
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.whole_file import may_be_replaced
from bedrock_batch.standard_streams import OUTPUT
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.jobs.job import Job
    from bedrock_batch.retry.input import RetryInput
    from bedrock_batch.retry.resubmission import Resubmission

_EXAMPLES = """\
  bedrock-batch retry abcdefghwxyz
  bedrock-batch retry my-job --output again.jsonl --all
  bedrock-batch retry --stack MyStack --submit
  bedrock-batch retry my-job --submit --input-uri s3://my-bucket/again/retry.jsonl

A second --submit over the same records finds the job of the first, and does not pay again.
"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers,
        "retry",
        run,
        help="write the records that failed for a passing cause, or were never reached, as another input",
        examples=_EXAMPLES,
        aws=True,
    )
    add_job_arguments(parser)
    parser.add_argument("--all", action="store_true", help="also records that failed for a cause that does not pass")
    add_output_option(parser, "where to (default: JOB-ID-retry.jsonl)")
    parser.add_argument("--submit", action="store_true", help="create a job with the same settings over them")
    parser.add_argument("--input-uri", metavar="URI", help="where --submit puts them (default: beside the input)")
    add_limit_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write, submit and print."""
    from bedrock_batch.results.job_results import open_job_results  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.retry.input import write_retry  # noqa: PLC0415 - the same

    printed = goes_to_standard_output(arguments)
    if arguments.submit and (printed or (arguments.output and not may_be_replaced(arguments.output))):
        raise BedrockBatchError("--submit uploads what --output has written; name a file with --output, or none")
    if arguments.pipeline_run:
        raise BedrockBatchError(
            "a run asks again by itself what failed for a passing cause; if it did not come to its end, go on with it: "
            "bedrock-batch run PIPELINE --resume RUN"
        )
    job = the_job(arguments)
    with ExitStack() as stack:
        with Progress("fetching", total=0, unit="bytes") as progress:
            opened = open_job_results(client("s3", arguments), job, progress=progress.advance)
            job_results = stack.enter_context(opened)
        file = arguments.output or Path(f"{job.id}-retry.jsonl")
        retry = write_retry(job_results, file, everything=arguments.all)
    if not arguments.json:
        _tell(retry, printed=printed)
    other = _submit(arguments, job, retry) if arguments.submit and retry.records else None
    if arguments.json:
        write_json({**asdict(retry), "file": retry.file and str(retry.file), "job": other and other.job.details})
    elif other:
        created = (
            "created" if other.is_new else f"not created again: it is {other.job.status}, retry that one if need be:"
        )
        write(f"{created} {other.job.arn}")
    if other and not other.has_tags:
        note("the service no longer tells the tags of the first job, so the new one has none")
    return 0


def _submit(arguments: argparse.Namespace, job: "Job", retry: "RetryInput") -> "Resubmission":
    from bedrock_batch.retry.resubmission import submit_retry  # noqa: PLC0415 - brings the JSON library

    with Progress("uploading", total=retry.bytes, unit="bytes") as progress:
        return submit_retry(
            bedrock(arguments),
            client("s3", arguments),
            job,
            retry,
            limits=limits_of(arguments, str(job.details["modelId"])),
            input_uri=arguments.input_uri,
            progress=progress.advance,
        )


def _tell(retry: "RetryInput", *, printed: bool) -> None:
    if retry.file:
        say, place = (note, OUTPUT) if printed else (write, retry.file)
        which = f"{retry.missing:,} never reached, {retry.failed:,} failed"
        say(f"{place}: {counted(retry.records, 'record')} ({which})")
    else:
        note("there is no record to try again")
    if retry.left:
        note(f"{counted(retry.left, 'more record')} failed for a cause that does not pass; --all takes them too")
