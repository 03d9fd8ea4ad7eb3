"""``bedrock-batch init``."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.cli.options import add_command, path
from bedrock_batch.cli.printing import note, write, write_json

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers

_EXAMPLES = """\
  bedrock-batch init my-app
  bedrock-batch init && bedrock-local deploy --model echo
"""


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(subparsers, "init", run, help="write a minimal app with one job", examples=_EXAMPLES)
    parser.add_argument("directory", nargs="?", type=path, default=Path(), metavar="DIR", help="(default: this one)")


def run(arguments: argparse.Namespace) -> int:
    """Write and print."""
    from bedrock_batch.new_app import create_app  # noqa: PLC0415 - reads the files that it copies

    created = [str(file) for file in create_app(arguments.directory)]
    if arguments.json:
        write_json(created)
    else:
        for file in created:
            write(file)
        note("README.md says how to deploy it, on this machine or in an account")
    return 0
