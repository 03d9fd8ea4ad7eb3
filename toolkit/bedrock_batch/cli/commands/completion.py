"""``bedrock-batch completion``."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bedrock_batch.cli.options import add_command
from bedrock_batch.cli.printing import write, write_json

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers

_EXAMPLES = """\
  eval "$(bedrock-batch completion bash)"                   in ~/.bashrc
  bedrock-batch completion zsh > ~/.zfunc/_bedrock-batch    with fpath+=~/.zfunc before compinit in ~/.zshrc
  bedrock-batch completion fish > ~/.config/fish/completions/bedrock-batch.fish
"""
# What a value is called in the help, where it is a name on this disk.
_FILES, _FOLDERS = ("PATH", "FILE", "PLACE"), ("DIR",)


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers, "completion", run, help="print what lets a shell complete these commands", examples=_EXAMPLES
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="which")


def run(arguments: argparse.Namespace) -> int:
    """Write the script and print it."""
    import shtab  # noqa: PLC0415 - slow to import, and no other command needs it

    from bedrock_batch.cli.main import parser_of  # noqa: PLC0415 - which has imported this module

    parser = parser_of()
    for action in _actions(parser):
        if action.metavar in (*_FILES, *_FOLDERS):
            action.complete = shtab.FILE if action.metavar in _FILES else shtab.DIRECTORY  # type: ignore[attr-defined]  # shtab's
    script = shtab.complete(parser, shell=arguments.shell)
    if arguments.json:
        write_json(script)
    else:
        for line in script.splitlines():
            write(line)
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no public name
        yield action
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - the same
            for subparser in action.choices.values():
                yield from _actions(subparser)
