"""The options that commands share."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    SubParsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name


def add_command(
    subparsers: "SubParsers",
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    help: str,
    examples: str,
    aws: bool = False,
) -> argparse.ArgumentParser:
    """Add a command, with the options that all commands have.

    Parameters
    ----------
    run : callable
        Called with the parsed arguments; returns the exit code.
    help : str
        What the command does, in a line.
    examples : str
        Command lines, one each, with what they do.
    aws : bool
        Whether it takes a profile, a Region and an endpoint. Default: it does not call AWS.
    """
    parser = subparsers.add_parser(
        name,
        help=help,
        description=f"{help[0].upper()}{help[1:]}.",
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    parser.add_argument("--json", action="store_true", help="print JSON, for machines (default: text, for people)")
    parser.add_argument(
        "--no-color", action="store_true", help="print no colours (default: on a terminal, NO_COLOR unset)"
    )
    if aws:
        _add_aws_options(parser)
    return parser


def place(text: str) -> str:
    """Take the name of a place: an empty one, as an unset variable of a shell leaves it, is not the working directory.

    Raises
    ------
    argparse.ArgumentTypeError
        If it is empty.
    """
    if not text:
        raise argparse.ArgumentTypeError("must name a place, got an empty text; . is the working directory")
    return text


def path(text: str) -> Path:
    """Take the name of a file or folder, as `place` does."""
    return Path(place(text))


def _add_aws_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("AWS", "as the AWS CLI takes them; the environment and ~/.aws count as there")
    group.add_argument("--profile", help="of ~/.aws/config (default: AWS_PROFILE, or the default one)")
    group.add_argument("--region", help="(default: AWS_REGION, or the profile's)")
    group.add_argument("--endpoint-url", metavar="URL", help="such as a local AWS (default: AWS_ENDPOINT_URL, or AWS)")
