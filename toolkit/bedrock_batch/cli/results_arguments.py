"""Which results a command is about: those of a job, or copies of them on this machine."""

import argparse
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import the_jobs
from bedrock_batch.cli.options import path
from bedrock_batch.cli.progress import Progress
from bedrock_batch.cli.session import client
from bedrock_batch.errors import BedrockBatchError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from bedrock_batch.results.job_results import JobResults
    from bedrock_batch.results.several_jobs import SeveralResults

#: Of every command that reads results.
EXIT_CODES = """\
exit codes:
  0  there is a result for each record, if only an error
  1  something is missing, cannot be read, or does not add up; what is there has been written
"""


def add_copy_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a command take copies on this machine in the place of a job."""
    parser.add_argument(
        "--output-dir",
        type=path,
        metavar="DIR",
        help="a copy of the job's output, or of several jobs', in place of JOB",
    )
    parser.add_argument(
        "--input", type=path, action="append", default=[], metavar="PATH", help="a file or folder of its input"
    )


@contextmanager
def open_results(
    arguments: argparse.Namespace, *, processes: int = 1, lines: bool = True
) -> "Iterator[JobResults | SeveralResults]":
    """Open the results of jobs in S3, or of copies on this machine, as the command line says."""
    if arguments.output_dir:
        if arguments.jobs or arguments.stack or arguments.pipeline_run:
            raise BedrockBatchError("--output-dir takes the place of a job; name one of the two")
        opening = _open_copies(arguments, processes, lines=lines)
    elif arguments.input:
        raise BedrockBatchError("--input goes with --output-dir; the input of a job in AWS is known")
    elif arguments.pipeline_run:
        opening = _open_run(arguments, processes)
    else:
        opening = _open_jobs(arguments, processes, lines=lines)
    with opening as opened:
        yield opened


def _open_copies(
    arguments: argparse.Namespace, processes: int, *, lines: bool
) -> "AbstractContextManager[JobResults | SeveralResults]":
    from bedrock_batch.results.job_results import open_local_results  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.results.parts import has_several_jobs  # noqa: PLC0415 - the same
    from bedrock_batch.results.several_jobs import open_several_local_results  # noqa: PLC0415 - the same

    if not has_several_jobs(arguments.output_dir):
        return open_local_results(arguments.output_dir, arguments.input, processes=processes, lines=lines)
    if arguments.input:
        raise BedrockBatchError(
            f"{arguments.output_dir}: has the results of several jobs, and --input is that of one; name the folder of "
            "one, or leave --input out"
        )
    return open_several_local_results(arguments.output_dir, processes=processes)


def _open_run(arguments: argparse.Namespace, processes: int) -> "AbstractContextManager[JobResults | SeveralResults]":
    from bedrock_batch.cli.pipelines.arguments import the_run  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.runs.results import open_run_results  # noqa: PLC0415 - the same

    run = the_run(arguments)
    return open_run_results(client("bedrock", arguments), client("s3", arguments), run, processes=processes)


@contextmanager
def _open_jobs(
    arguments: argparse.Namespace, processes: int, *, lines: bool
) -> "Iterator[JobResults | SeveralResults]":
    from bedrock_batch.results.job_results import open_job_results  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.results.several_jobs import open_several_results  # noqa: PLC0415 - the same

    jobs, s3 = the_jobs(arguments), client("s3", arguments)
    with ExitStack() as stack:
        if len(jobs) > 1:
            # Each is fetched when its turn comes, and what is read of it tells how far all this is.
            yield stack.enter_context(open_several_results(s3, jobs, processes=processes))
            return
        # Nothing is drawn any more when the first result is printed.
        with Progress("fetching", total=0, unit="bytes") as progress:
            results = open_job_results(s3, jobs[0], progress=progress.advance, processes=processes, lines=lines)
            opened = stack.enter_context(results)
        yield opened
