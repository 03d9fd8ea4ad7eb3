"""A local AWS on a free port, which it prints with its secret.

It ends when its standard input does, whatever ends the test process.
"""

import asyncio
import os
import secrets
import socket
import sys

from hypercorn.asyncio import serve
from hypercorn.config import Config

from bedrock_local.application import build_app
from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.pace import Pace
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.models.backends import from_name
from bedrock_local.bedrock.models.batch_models import BatchModels

SECRET = secrets.token_urlsafe(30)
NAMES = {"BatchModels": BatchModels, "Behaviours": Behaviours, "Pace": Pace, "Quotas": Quotas}


def main(backend: str, *settings: str) -> None:
    names = ("pace", "quotas", "behaviours", "concurrency", "batch_models")
    given = {name: eval(setting, NAMES) for name, setting in zip(names, settings, strict=True)}  # noqa: S307 -- the tests' own words
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    port = listener.getsockname()[1]
    app = build_app(port, secret=SECRET, backend=from_name(backend), **given)
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.graceful_timeout = 0.1
    print(port, SECRET, flush=True)  # noqa: T201 -- what the tests read

    loop = asyncio.new_event_loop()
    # asyncio.run would wait for what still runs, as a stack that waits for half a day.
    loop.run_until_complete(serve(app, config, shutdown_trigger=lambda: loop.run_in_executor(None, sys.stdin.read)))
    os._exit(0)


main(*sys.argv[1:])
