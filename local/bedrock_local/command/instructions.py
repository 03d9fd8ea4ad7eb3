"""What ``bedrock-local`` tells its user about a local AWS: where it is, how to use it, how to stop it."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local.environment import REGION

if TYPE_CHECKING:
    from bedrock_local.running import RunningAws


STAYS = "The local AWS stays up."


def say(line: str) -> None:
    """Print a line at once, also where nobody sees it as it is printed."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say_up(running: RunningAws) -> None:
    """Say where a local AWS is, and what answers there."""
    say(f"the local AWS is up at {running.endpoint_url} (model {running.model})")


def say_how_to_use(running: RunningAws, directory: Path, stays: str) -> None:
    """Say how to use and how to stop a local AWS; all that is for a shell can be pasted as it is.

    Parameters
    ----------
    running
        The local AWS.
    directory
        Its ``--dir``.
    stays
        A sentence: how long it does.
    """
    say("")
    say(f"# {stays} To use it with the AWS CLI and the SDKs:")
    say_exports(running)
    # Absolute: the command need not be on the PATH of the shell that this is copied to, nor the folder be the same.
    program, folder = shlex.quote(str(Path(sys.argv[0]).absolute())), shlex.quote(str(directory.absolute()))
    region = "" if running.region == REGION else f" --region {running.region}"
    say(f'# The same in one line:   eval "$({program} env --dir {folder}{region})"')
    say(f"# To stop it:             {program} down --dir {folder}")


def say_exports(running: RunningAws) -> None:
    """Print the shell commands that make a shell's environment that of a local AWS."""
    settings = running.settings()
    for name in sorted(name for name in os.environ if name.startswith("AWS_") and name not in settings):
        say(f"unset {name}")
    for name, value in settings.items():
        say(f"export {name}={shlex.quote(value)}")
