"""How a table is read, on the command line."""

import argparse


def add_table_options(parser: argparse.ArgumentParser, of: str = "TABLE") -> None:
    """Add the options to a command that reads a table."""
    parser.add_argument(
        "--table-format", choices=("csv", "jsonl", "parquet"), help=f"of {of} (default: as its name ends)"
    )
    parser.add_argument(
        "--delimiter", metavar="CHAR", help=f"between the cells of CSV in {of} (default: a comma; a tab in .tsv)"
    )
