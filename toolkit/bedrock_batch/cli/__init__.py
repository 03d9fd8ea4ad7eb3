"""The ``bedrock-batch`` command.

Each command is a module of `bedrock_batch.cli.commands`, named in `COMMANDS`, with two functions:

``add_parser(subparsers)``
    describes it, through `bedrock_batch.cli.options.add_command`, which adds ``--help``, ``--json`` and ``--no-color``,
    and with ``aws=True`` also ``--profile``, ``--region`` and ``--endpoint-url``.
``run(arguments) -> int``
    does it and returns the exit code: 0 done, 1 the answer is no (problems, a job that failed), 2 it could not be done.

A command is thin: it calls a function of the toolkit and prints. It imports what is slow to import (boto3, pyarrow, the
JSON library) inside `run`, so that ``--help`` stays quick. What it cannot do it raises as `BedrockBatchError`; that, an
error of AWS and one of the operating system become a line on standard error and exit code 2, here and nowhere else.

AWS clients come from `bedrock_batch.cli.session.client`, progress bars from `bedrock_batch.cli.progress.Progress`,
colours from `bedrock_batch.cli.style.Style`. Everything is printed by `bedrock_batch.cli.printing`, which lets no name
and no message speak to the terminal; what a command was asked to write goes through `bedrock_batch.files.output`.
"""

from bedrock_batch.cli.main import COMMANDS, main

__all__ = ["COMMANDS", "main"]
