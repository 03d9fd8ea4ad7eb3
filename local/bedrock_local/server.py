"""The server of the local AWS: one process, every service, on 127.0.0.1 only.

``python -m bedrock_local.server --port N --model NAME --dir DIRECTORY``
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import shutil
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config

from bedrock_local.environment import HOST
from bedrock_local.errors import LocalAwsError
from bedrock_local.options import option
from bedrock_local.private_folder import SCRATCH, remove_own
from bedrock_local.running import RunningAws, publish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from hypercorn.typing import ASGIFramework

_DRAIN_SECONDS = 1.0
# Until it ends in mid-request.
_END_SECONDS = 3
# As many as in AWS's own secret access keys.
_SECRET_BYTES = 30


def main(arguments: Sequence[str]) -> None:
    """Serve until SIGTERM or SIGINT, then end this process; end it with one line if that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m bedrock_local.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--model", required=True, help="smollm2, echo, or an http:// address")
    parser.add_argument("--dir", type=Path, required=True, help="where the state file is kept")
    parser.add_argument("--speed", help="real, a number of times as fast, or instant")
    parser.add_argument("--quota", action="append", default=[], help="NAME=NUMBER, or MODEL/NAME=NUMBER")
    parser.add_argument("--behaviour", action="append", default=[], help="NAME=VALUE")
    parser.add_argument("--concurrency", type=int, help="how many functions run at once")
    parser.add_argument("--batch-model", action="append", default=[], help="ID=REGION,REGION")
    parser.add_argument("--strict-models", action="store_true", help="refuse models of which nothing is known")
    parser.add_argument("--admin", action="store_true", help="let faults be asked for")
    parser.add_argument("--temporary", action="store_true", help="remove the state file's folder at the end")
    parser.add_argument("--exclusive", action="store_true", help="serve the command that starts it, and no other")
    options = parser.parse_args(arguments)
    try:
        run(options)
    except LocalAwsError as error:
        sys.exit(str(error))
    with suppress(OSError):
        sys.stdout.flush()
    _clean_up(options)
    # As Python ends it waits for every thread. What functions run ends with this process: its tether sees to that.
    os._exit(0)


def _clean_up(options: argparse.Namespace) -> None:
    """Leave nothing behind: whoever started this process may be gone."""
    if options.temporary:
        remove_own(options.dir)
    else:
        shutil.rmtree(options.dir / SCRATCH, ignore_errors=True)


def run(options: argparse.Namespace) -> None:
    """Serve the local AWS until SIGTERM or SIGINT.

    Parameters
    ----------
    options
        The command line.

    Raises
    ------
    LocalAwsError
        If the port is taken, the model cannot answer, a speed, quota, behaviour or batch model is none, or another
        local AWS has the directory.
    """
    # What it writes is its owner's.
    os.umask(0o077)
    # The emulator takes seconds to import, so a taken port is told first.
    listener = listen(options.port)
    port = listener.getsockname()[1]
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    from bedrock_local.application import build_app  # noqa: PLC0415 - see above
    from bedrock_local.bedrock.jobs.behaviours import Behaviours  # noqa: PLC0415 - see above
    from bedrock_local.bedrock.jobs.pace import Pace  # noqa: PLC0415 - see above
    from bedrock_local.bedrock.jobs.quotas import Quotas  # noqa: PLC0415 - see above
    from bedrock_local.bedrock.models.backends import from_name  # noqa: PLC0415 - see above
    from bedrock_local.bedrock.models.backends.backend import BackendUnavailableError  # noqa: PLC0415 - see above
    from bedrock_local.bedrock.models.batch_models import BatchModels  # noqa: PLC0415 - see above

    try:
        app = build_app(
            port,
            secret=secret,
            backend=from_name(options.model),
            pace=Pace.at(options.speed),
            quotas=Quotas.parse(options.quota),
            behaviours=Behaviours.parse(options.behaviour),
            concurrency=options.concurrency,
            batch_models=BatchModels.parse(options.batch_model, strict=options.strict_models),
            admin=options.admin,
        )
    except (BackendUnavailableError, ValueError) as error:
        raise LocalAwsError(str(error)) from error
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.graceful_timeout = _DRAIN_SECONDS
    with publish(RunningAws(os.getpid(), port, options.model, secret, options.exclusive), options.dir):
        _serve(cast("ASGIFramework", app), config)


def _serve(app: ASGIFramework, config: Config) -> None:
    """Serve until SIGTERM or SIGINT, and not much longer, whatever is still being done then."""
    loop, told = asyncio.new_event_loop(), asyncio.Event()

    def stop(_signum: int, _frame: FrameType | None) -> None:
        signal.alarm(_END_SECONDS)
        loop.call_soon_threadsafe(told.set)

    def give_up(_signum: int, _frame: FrameType | None) -> None:
        raise SystemExit

    for signum, handler in ((signal.SIGTERM, stop), (signal.SIGINT, stop), (signal.SIGALRM, give_up)):
        signal.signal(signum, handler)
    with suppress(SystemExit):
        # asyncio.run would wait for every thread, and so for every function that runs.
        loop.run_until_complete(serve(app, config, shutdown_trigger=told.wait))


def listen(port: int) -> socket.socket:
    """Take the port before anything else is done, so that nobody else can.

    Raises
    ------
    LocalAwsError
        If somebody else has it.
    """
    listener = socket.socket()
    # A port that a server has just left is free.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise LocalAwsError(
            f"port {port} on {HOST} cannot be had ({error.strerror}); "
            f"choose another with {option('port')}, or leave it out"
        ) from None
    return listener


if __name__ == "__main__":
    main(sys.argv[1:])
