"""The option ``--output``: a file, or standard output."""

import argparse
from pathlib import Path

from bedrock_batch.cli.options import path
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.output import STANDARD_OUTPUT, is_standard_output


def add_output_option(parser: argparse.ArgumentParser, help: str) -> None:
    """Add the option to a command."""
    parser.add_argument("--output", type=_place, metavar="FILE", help=f"{help}; - is standard output")


def goes_to_standard_output(arguments: argparse.Namespace) -> bool:
    """Say whether a command writes what it was asked for where it prints, so that it can print nothing else.

    Raises
    ------
    BedrockBatchError
        If ``--json`` asks for something else there.
    """
    printed = arguments.output is not None and is_standard_output(arguments.output)
    if printed and arguments.json:
        raise BedrockBatchError("--json and what is written would both be standard output; name a file with --output")
    return printed


def _place(text: str) -> Path:
    return STANDARD_OUTPUT if text == "-" else path(text)
