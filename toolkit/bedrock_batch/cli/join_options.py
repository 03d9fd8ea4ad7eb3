"""The table that results are put beside, on the command line."""

import argparse
from typing import TYPE_CHECKING

from bedrock_batch.cli.options import path
from bedrock_batch.cli.table_options import add_table_options
from bedrock_batch.errors import BedrockBatchError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from bedrock_batch.results.batch import Batch
    from bedrock_batch.results.join.table_join import TableJoin


def add_join_options(parser: argparse.ArgumentParser) -> None:
    """Let a command take a table."""
    parser.add_argument(
        "--join",
        type=path,
        metavar="TABLE",
        help="put the results beside the rows of the table that the records were made of, in its order",
    )
    parser.add_argument(
        "--id-column", metavar="NAME", help="of TABLE, has the ids of the records (default: as 'prepare' made them)"
    )
    add_table_options(parser)


def require_join(arguments: argparse.Namespace) -> None:
    """Refuse options of a table without one, and a table that would be replaced.

    Raises
    ------
    BedrockBatchError
        If there are such.
    """
    if arguments.join:
        if arguments.input_order:
            raise BedrockBatchError("--join writes in the order of the table; leave --input-order out")
        if _is_one(arguments):
            raise BedrockBatchError(f"{arguments.output}: is the table that is read; name another output")
    elif arguments.id_column or arguments.table_format or arguments.delimiter:
        raise BedrockBatchError("--id-column, --table-format and --delimiter are of the table of --join; name it")


def opened_join(batches: "Iterator[Batch]", arguments: argparse.Namespace) -> "AbstractContextManager[TableJoin]":
    """Put results beside the rows of the table."""
    from bedrock_batch.results.join.table_join import open_table_join  # noqa: PLC0415 - brings the JSON library

    return open_table_join(
        batches,
        arguments.join,
        id_column=arguments.id_column,
        format=arguments.table_format,
        delimiter=arguments.delimiter,
    )


def _is_one(arguments: argparse.Namespace) -> bool:
    try:
        return bool(arguments.output and arguments.output.samefile(arguments.join))
    except (OSError, ValueError):
        return False  # One of the two is not there.
