"""The ``bedrock-local`` command."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING

from bedrock_batch.standard_streams import ERROR, OUTPUT, drop_output, leave_streams, open_streams
from bedrock_batch.values import visible
from bedrock_local.command.arguments import parse
from bedrock_local.command.aws import aws_for, local_aws
from bedrock_local.command.instructions import STAYS, say, say_exports, say_how_to_use, say_up, say_what_next
from bedrock_local.command.lifeline import needed
from bedrock_local.command.places import at_home, home
from bedrock_local.disk import refusal
from bedrock_local.errors import BedrockLocalError, DeploymentError, LocalAwsError
from bedrock_local.private_folder import alone
from bedrock_local.programs import find_cdk, require_extra, search_path
from bedrock_local.running import RunningAws, find, stop

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from types import FrameType

_OK, _DEPLOYMENT_FAILED, _NO_LOCAL_AWS, _JOB_FAILED, _INTERRUPTED, _NO_READER = 0, 1, 2, 3, 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``bedrock-local``; return its exit code.

    Parameters
    ----------
    arguments
        Default: those of this process.
    """
    open_streams()
    if isinstance(sys.stdout, TextIOWrapper):
        # What the locale has no letters for is told by their numbers: names, answers, and what a table is drawn with.
        sys.stdout.reconfigure(errors="backslashreplace")
    # SIGINT, too: a shell without job control lets what it starts in the background ignore it.
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _interrupt)
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except BedrockLocalError as error:
        return _complain(str(error), _DEPLOYMENT_FAILED if isinstance(error, DeploymentError) else _NO_LOCAL_AWS)
    except ModuleNotFoundError as error:
        return _complain(f'{error.name} is missing: pip install "cdk-bedrock-batch[local]"', _NO_LOCAL_AWS)
    except BrokenPipeError:
        return _NO_READER
    except OSError as error:
        printing = f"{error.filename}: {error.strerror}; send it elsewhere"
        return _complain(printing if error.filename in (OUTPUT, ERROR) else refusal(error), _NO_LOCAL_AWS)
    except KeyboardInterrupt:
        drop_output()
        return _complain("interrupted", _INTERRUPTED)
    finally:
        leave_streams()


def _run(arguments: Sequence[str]) -> int:
    commands = {"up": _up, "deploy": _deploy, "env": _env, "console": _console, "down": _down}
    try:
        options = parse(arguments)
        code = commands[options.command](options)
    except SystemExit as end:
        # After --help, which argparse prints without a look at what becomes of it; or after a wrong command line.
        code = int(end.code or _OK)
    sys.stdout.flush()
    return code


def _complain(message: str, code: int) -> int:
    # It may be standard error that cannot be written to.
    with suppress(OSError):
        sys.stderr.write(f"bedrock-local: {visible(message)}\n")
    return code


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _up(options: argparse.Namespace) -> int:
    # Before anything starts.
    home(options)
    aws = local_aws(options)
    if options.detach:
        with aws as running:
            console = running.console_url()
            say_up(running)
            say_how_to_use(at_home(running, options), options.dir, STAYS, console)
            # Who was told of it can stop it; until then we do.
            aws.detach()
        return _OK
    running = aws.start()
    try:
        console = running.console_url()
        say_up(running)
        say_how_to_use(at_home(running, options), options.dir, "Ctrl-C stops it.", console)
        aws.wait()
    except KeyboardInterrupt:
        aws.stop()
    say("the local AWS has stopped")
    return _OK


def _deploy(options: argparse.Namespace) -> int:
    require_extra()
    from bedrock_local.command.deployment import RESULTS, deploy  # noqa: PLC0415 - rich is slow to import, others show nothing

    # Before anything starts.
    home(options)
    find_cdk(search_path(os.environ))
    with alone(options.dir), aws_for(options) as aws, needed(options.dir):
        good = deploy(aws, options.dir, options.app, options.cdk_arguments)
    if not find(options.dir):
        say_what_next(options.dir / RESULTS)
    return _OK if good else _JOB_FAILED


def _env(options: argparse.Namespace) -> int:
    running = at_home(_running(options), options)
    if options.json:
        say(json.dumps(running.settings(), indent=2))
    else:
        say_exports(running)
    return _OK


def _console(options: argparse.Namespace) -> int:
    say(_running(options).console_url())
    return _OK


def _down(options: argparse.Namespace) -> int:
    running = find(options.dir)
    if running is None:
        say(f"no local AWS runs in {options.dir}: there is nothing to stop")
        return _OK
    stop(running)
    say("the local AWS has stopped")
    return _OK


def _running(options: argparse.Namespace) -> RunningAws:
    running = find(options.dir)
    if running is None:
        raise LocalAwsError(f"no local AWS runs in {options.dir}; start one: bedrock-local up --dir {options.dir}")
    return running


if __name__ == "__main__":
    sys.exit(main())
