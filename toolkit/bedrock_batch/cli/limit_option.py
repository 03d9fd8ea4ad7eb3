"""The option ``--limit``: quotas that are not the published ones."""

import argparse
from dataclasses import fields, replace

from bedrock_batch.records.limits import RecordLimits

_NAMES = tuple(field.name for field in fields(RecordLimits))


def add_limit_option(parser: argparse.ArgumentParser) -> None:
    """Add the option to a command."""
    parser.add_argument(
        "--limit",
        action="append",
        default=[],
        type=_limit,
        metavar="NAME=N",
        help=f"a quota of your account: {', '.join(_NAMES)} (default: as published for the model)",
    )


def limits_of(arguments: argparse.Namespace, model: str | None) -> RecordLimits:
    """Return the limits that the command line asks for; those of a model where it asks for none."""
    return replace(RecordLimits.of_model(model), **dict(arguments.limit))


def _limit(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if name not in _NAMES:
        raise argparse.ArgumentTypeError(f"must begin with one of {', '.join(_NAMES)}, got {text!r}")
    if not number.isdecimal() or int(number) < 1:
        raise argparse.ArgumentTypeError(f"must give {name} a whole number of at least 1, got {text!r}")
    return name, int(number)
