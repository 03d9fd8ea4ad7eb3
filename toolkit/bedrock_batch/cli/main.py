"""From the command line to a command, and from its errors to an exit code."""

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType, ModuleType
from typing import NoReturn

from bedrock_batch.cli.printing import note, write
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.interruptions import INTERRUPTIONS
from bedrock_batch.refusals import refusal
from bedrock_batch.standard_streams import drop_output, leave_streams, open_streams
from bedrock_batch.values import shortened, visible

#: In the order of ``--help``, which is that of use; each is a module of `bedrock_batch.cli.commands`.
COMMANDS = (
    "models",
    "prepare",
    "convert",
    "check",
    "split",
    "plan",
    "run",
    "list",
    "status",
    "watch",
    "doctor",
    "stop",
    "results",
    "retry",
    "report",
    "init",
    "completion",
)

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
        if _is_of_an_answer(error):
            said = f"an answer is none of AWS's: {shortened(str(error))}; correct --endpoint-url or AWS_ENDPOINT_URL"
        elif _is_of_aws(error):
            said = str(error)
        else:
            raise
        return _say(said, _CANNOT)
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
    return parser_of((words[0],) if words and words[0] in COMMANDS else COMMANDS).parse_args(words)


def parser_of(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """Make the parser of a command line that begins with one of some commands."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = _Parser("bedrock-batch", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=raw)
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in names:
        _command(name).add_parser(subparsers)
    return parser


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command line, in which the name of a file may be anybody's."""

    def error(self, message: str) -> NoReturn:
        super().error(visible(message))


class _Version(argparse.Action):
    """Looks the version up when it is asked for: that takes as long as all the rest of the help."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415 - see above

        write(f"bedrock-batch {version('bedrock-batch')}")
        parser.exit()


def _command(name: str) -> ModuleType:
    return importlib.import_module(f"bedrock_batch.cli.commands.{name}")


def _is_of_aws(error: Exception) -> bool:
    if "botocore" not in sys.modules:
        return False
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow, and most commands need none

    return isinstance(error, BotoCoreError | ClientError) or _is_of_a_transfer(error)


def _is_of_a_transfer(error: Exception) -> bool:
    if "boto3" not in sys.modules:
        return False
    from boto3.exceptions import Boto3Error  # noqa: PLC0415 - slow, and only S3 needs it

    return isinstance(error, Boto3Error)


def _is_of_an_answer(error: Exception) -> bool:
    """Whether boto3 could not read an answer, such as a page of a proxy: it ends with whatever error it meets."""
    step = error.__traceback__
    while step and step.tb_frame.f_globals.get("__name__") != "botocore.parsers":
        step = step.tb_next
    return step is not None


def _say(message: str, code: int) -> int:
    # It may be standard error that cannot be written to.
    with suppress(OSError):
        note(f"bedrock-batch: {message}")
    return code


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
