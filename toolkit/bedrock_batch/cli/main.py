"""From the command line to a command, and from its errors to an exit code."""

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType, ModuleType

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.interruptions import INTERRUPTIONS
from bedrock_batch.refusals import refusal
from bedrock_batch.standard_streams import drop_output, leave_streams, open_streams

#: In the order of ``--help``, which is that of use; each is a module of `bedrock_batch.cli.commands`.
COMMANDS = ("check", "split", "list", "status", "watch", "stop", "results", "retry", "report", "init")

_CANNOT, _INTERRUPTED, _NO_READER = 2, 130, 141

_DESCRIPTION = """\
The data of Amazon Bedrock batch inference: check what goes in, follow the job, read what comes out.
"""

_EPILOG = """\
exit codes:
  0    done, and all is well
  1    the answer is no: the input has problems, the job did not succeed
  2    it could not be done: wrong arguments, no credentials, no such file or job, no room for what is written
  130  interrupted; nothing half-written is left
  141  nobody reads any more what it prints

bedrock-batch COMMAND --help shows each command with examples.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``bedrock-batch``; return its exit code.

    Parameters
    ----------
    arguments : sequence of str
        Default: those of this process.
    """
    open_streams()
    # SIGINT, too: a shell without job control lets what it starts in the background ignore it.
    for signum in INTERRUPTIONS:
        signal.signal(signum, _interrupt)
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        drop_output()
        return _say("interrupted", _INTERRUPTED)
    except BrokenPipeError:
        return _NO_READER
    except OSError as error:
        return _say(refusal(error), _CANNOT)
    except BedrockBatchError as error:
        return _say(str(error), _CANNOT)
    except Exception as error:
        if not _is_of_aws(error):
            raise
        return _say(str(error), _CANNOT)
    finally:
        leave_streams()


def _run(words: Sequence[str]) -> int:
    try:
        options = parse(words)
        code: int = options.run(options)
    except SystemExit as end:
        # After --help, which argparse prints without a look at what becomes of it; or after a wrong command line.
        code = int(end.code or 0)
    sys.stdout.flush()
    return code


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Read a command line; ``run`` of the result is its command's own.

    Raises
    ------
    SystemExit
        With 2 if it is wrong, after saying what is; with 0 after ``--help``.
    """
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("bedrock-batch", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=raw)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    wanted = words[0] if words else None
    for name in (wanted,) if wanted in COMMANDS else COMMANDS:
        _command(name).add_parser(subparsers)
    return parser.parse_args(words)


def _command(name: str) -> ModuleType:
    return importlib.import_module(f"bedrock_batch.cli.commands.{name}")


def _is_of_aws(error: Exception) -> bool:
    if "botocore" not in sys.modules:
        return False
    from boto3.exceptions import Boto3Error  # noqa: PLC0415 - slow, and most commands need none
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - the same

    # A transfer that fails is an error of boto3's own.
    return isinstance(error, Boto3Error | BotoCoreError | ClientError)


def _say(message: str, code: int) -> int:
    # It may be standard error that cannot be written to.
    with suppress(OSError):
        sys.stderr.write(f"bedrock-batch: {message}\n")
    return code


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
