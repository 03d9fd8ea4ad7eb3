"""The input of a job, on the command line."""

import argparse
import os
from pathlib import Path

from bedrock_batch.files.s3_uri import is_s3_uri


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Add the paths of the input to a command."""
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a JSONL file, a folder, or an S3 URI of either")


def input_size(paths: list[str]) -> int:
    """Return the bytes of some files; 0 if that cannot be told at once."""
    files = [Path(path) for path in paths if os.path.isfile(path)]  # noqa: PTH113 - no error for any path
    return sum(file.stat().st_size for file in files) if len(files) == len(paths) else 0


def s3_client(arguments: argparse.Namespace, places: list[str]) -> object:
    """Make a client if one of the places is in S3."""
    from bedrock_batch.cli.session import client  # noqa: PLC0415 - only S3 needs it

    return client("s3", arguments) if any(is_s3_uri(path) for path in places) else None
