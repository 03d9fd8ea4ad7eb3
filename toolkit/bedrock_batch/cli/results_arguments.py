"""Which results a command is about: those of a job, or copies of them on this machine."""

import argparse
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.cli.job_arguments import the_job
from bedrock_batch.cli.progress import Progress
from bedrock_batch.cli.session import client
from bedrock_batch.errors import BedrockBatchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bedrock_batch.results.job_results import JobResults


def add_copy_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a command take copies on this machine in the place of a job."""
    parser.add_argument("--output-dir", type=Path, metavar="DIR", help="a copy of the job's output, in place of JOB")
    parser.add_argument(
        "--input", type=Path, action="append", default=[], metavar="PATH", help="a file or folder of its input"
    )


@contextmanager
def open_results(arguments: argparse.Namespace, *, processes: int = 1, lines: bool = True) -> "Iterator[JobResults]":
    """Open the results of a job in S3, or of copies on this machine, as the command line says."""
    from bedrock_batch.results.job_results import open_job_results, open_local_results  # noqa: PLC0415 - brings the JSON library

    if arguments.output_dir:
        if arguments.job or arguments.stack:
            raise BedrockBatchError("--output-dir takes the place of a job; name one of the two")
        with open_local_results(arguments.output_dir, arguments.input, processes=processes, lines=lines) as opened:
            yield opened
        return
    if arguments.input:
        raise BedrockBatchError("--input goes with --output-dir; the input of a job in AWS is known")
    job = the_job(arguments)
    with (
        Progress("fetching", total=0, unit="bytes") as progress,
        open_job_results(
            client("s3", arguments), job, progress=progress.advance, processes=processes, lines=lines
        ) as opened,
    ):
        yield opened
