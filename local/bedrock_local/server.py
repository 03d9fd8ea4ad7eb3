"""The server of the local AWS: one process, every service, on 127.0.0.1 only.

``python -m bedrock_local.server --port N --model NAME --dir DIRECTORY``
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config

from bedrock_local.environment import HOST
from bedrock_local.errors import LocalAwsError
from bedrock_local.running import RunningAws, publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypercorn.typing import ASGIFramework

_DRAIN_SECONDS = 1.0


def main(arguments: Sequence[str]) -> None:
    """Serve until SIGTERM or SIGINT; end with one line if that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m bedrock_local.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--model", required=True, help="smollm2, echo, or an http:// address")
    parser.add_argument("--dir", type=Path, required=True, help="where the state file is kept")
    options = parser.parse_args(arguments)
    try:
        run(options.port, options.model, options.dir)
    except LocalAwsError as error:
        sys.exit(str(error))


def run(port: int, model: str, directory: Path) -> None:
    """Serve the local AWS until SIGTERM or SIGINT.

    Parameters
    ----------
    port
        Port on 127.0.0.1; 0 for a free one.
    model
        What answers the records of every job.
    directory
        Where to say that it runs.

    Raises
    ------
    LocalAwsError
        If the port is taken, the model cannot answer, or another local AWS has the directory.
    """
    # The emulator takes seconds to import, so a taken port is told first.
    listener = listen(port)
    port = listener.getsockname()[1]
    from bedrock_local.bedrock.backends import BackendUnavailableError, from_name  # noqa: PLC0415 - see above
    from bedrock_local.emulator import build_app  # noqa: PLC0415 - see above

    try:
        app = build_app(port, backend=from_name(model))
    except BackendUnavailableError as error:
        raise LocalAwsError(str(error)) from error
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.graceful_timeout = _DRAIN_SECONDS
    with publish(RunningAws(os.getpid(), port, model), directory):
        asyncio.run(serve(cast("ASGIFramework", app), config))


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
            f"port {port} on {HOST} cannot be had ({error.strerror}); choose another with --port, or leave it out"
        ) from None
    return listener


if __name__ == "__main__":
    main(sys.argv[1:])
