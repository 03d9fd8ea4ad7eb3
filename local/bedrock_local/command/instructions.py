"""What ``bedrock-local`` tells its user about a local AWS: where it is, how to use it, how to stop it."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local.environment import REGION
from bedrock_local.options import flag

if TYPE_CHECKING:
    from bedrock_local.running import RunningAws


STAYS = "The local AWS stays up."
# What the service writes last, beside the results of a job.
_WHOLE = "manifest.json.out"


def say(line: str) -> None:
    """Print a line at once, also where nobody sees it as it is printed."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say_up(running: RunningAws) -> None:
    """Say where a local AWS is, and what answers there."""
    say(f"the local AWS is up at {running.endpoint_url} (model {running.model})")


def say_how_to_use(running: RunningAws, directory: Path, stays: str, console: str) -> None:
    """Say how to use and how to stop a local AWS; all that is for a shell can be pasted as it is.

    Parameters
    ----------
    running
        The local AWS.
    directory
        Its ``--dir``.
    stays
        A sentence: how long it does.
    console
        An address of its console.
    """
    say("")
    say(f"# {stays} To use it with the AWS CLI and the SDKs:")
    say_exports(running)
    # Absolute: the command need not be on the PATH of the shell that this is copied to, nor the folder be the same.
    program, folder = _program("bedrock-local"), shlex.quote(str(directory.absolute()))
    region = "" if running.region == REGION else f" --region {running.region}"
    say(f'# The same in one line:   eval "$({program} env --dir {folder}{region})"')
    say(f"# To see what happens:    {console}")
    say(f"# Then, for instance:     {_program('bedrock-batch')} list")
    say(f"# To see it once more:    {program} console --dir {folder}")
    say(f"# To stop it:             {program} down --dir {folder}")


def say_what_next(results: Path) -> None:
    """Say, after a deployment whose local AWS has stopped, what can be done with what is left.

    Parameters
    ----------
    results
        The folder of the output of its jobs; of several, each has a folder in it.
    """
    say("")
    if found := next(iter(sorted(results.rglob(_WHOLE))), None):
        say("# Next, the results as a table, and as a page:")
        for command, output in (("results", "results.csv --with prompt"), ("report", "report.html")):
            folder = shlex.quote(str(found.parent))
            say(f"{_program('bedrock-batch')} {command} --output-dir {folder} --output {output}")
    say(f"# The local AWS has stopped; with {flag('keep')} it stays up and can be looked into")


def _program(name: str) -> str:
    return shlex.quote(str(Path(sys.argv[0]).absolute().with_name(name)))


def say_exports(running: RunningAws) -> None:
    """Print the shell commands that make a shell's environment that of a local AWS."""
    settings = running.settings()
    for name in sorted(name for name in os.environ if name.startswith("AWS_") and name not in settings):
        say(f"unset {name}")
    for name, value in settings.items():
        say(f"export {name}={shlex.quote(value)}")
