"""The ``bedrock-local`` command."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from bedrock_local.command.arguments import parse
from bedrock_local.command.aws import aws_for, local_aws
from bedrock_local.command.instructions import STAYS, say, say_exports, say_how_to_use, say_up
from bedrock_local.command.lifeline import needed
from bedrock_local.disk import refusal
from bedrock_local.errors import BedrockLocalError, DeploymentError, LocalAwsError
from bedrock_local.running import RunningAws, find, stop

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from types import FrameType

_OK, _DEPLOYMENT_FAILED, _NO_LOCAL_AWS, _JOB_FAILED, _INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``bedrock-local``; return its exit code.

    Parameters
    ----------
    arguments
        Default: those of this process.
    """
    options = parse(sys.argv[1:] if arguments is None else arguments)
    commands = {"up": _up, "deploy": _deploy, "env": _env, "down": _down}
    # SIGINT, too: a shell without job control lets what it starts in the background ignore it.
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _interrupt)
    if sys.__stdout__ is None:
        _complain("standard output is closed; send it somewhere, for instance to /dev/null")
        return _NO_LOCAL_AWS
    try:
        return commands[options.command](options)
    except BedrockLocalError as error:
        _complain(str(error))
        return _DEPLOYMENT_FAILED if isinstance(error, DeploymentError) else _NO_LOCAL_AWS
    except ModuleNotFoundError as error:
        _complain(f'{error.name} is missing: pip install "cdk-bedrock-batch[local]"')
        return _NO_LOCAL_AWS
    except OSError as error:
        # Every error of another file names it.
        printing = f"standard output: {error.strerror}; send it elsewhere"
        _complain(refusal(error) if error.filename else printing)
        # What could not be printed is not tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NO_LOCAL_AWS
    except KeyboardInterrupt:
        _complain("interrupted")
        return _INTERRUPTED


def _complain(why: str) -> None:
    """Say what is wrong where errors go; where nobody reads them, the exit code says it."""
    with suppress(OSError):
        if sys.__stderr__ is not None:
            # Not buffered: what is not taken is not tried again at the end.
            os.write(sys.__stderr__.fileno(), f"bedrock-local: {why}\n".encode(errors="backslashreplace"))


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _up(options: argparse.Namespace) -> int:
    aws = local_aws(options)
    if options.detach:
        with aws as running:
            say_up(running)
            say_how_to_use(running, options.dir, stays=STAYS)
            # Who was told of it can stop it; until then we do.
            aws.detach()
        return _OK
    running = aws.start()
    try:
        say_up(running)
        say_how_to_use(running, options.dir, stays="Ctrl-C stops it.")
        aws.wait()
    except KeyboardInterrupt:
        aws.stop()
    say("the local AWS has stopped")
    return _OK


def _deploy(options: argparse.Namespace) -> int:
    from bedrock_local.command.deployment import deploy  # noqa: PLC0415 - rich is slow to import, others show nothing

    with aws_for(options) as aws, needed(options.dir):
        good = deploy(aws, options.dir, options.app, options.cdk_arguments)
    return _OK if good else _JOB_FAILED


def _env(options: argparse.Namespace) -> int:
    running = _running(options)
    if options.json:
        say(json.dumps(running.settings(), indent=2))
    else:
        say_exports(running)
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
