"""The environment of a function: ministack starts it with the server's, and so with the host's.

Seen in ministack 1.5.33.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import boto3
from ministack.core import lambda_runtime, node_pool
from ministack.services import glue, lambda_svc

from bedrock_local.emulator.seen import Seen
from bedrock_local.environment import HOST
from bedrock_local.programs import search_path

NEEDS = (
    "core.lambda_runtime.os",
    "services.lambda_svc.os",
    "services.glue.os",
    "core.node_pool.subprocess",
    "core.lambda_runtime._detect_runtime_binary",
    "core.node_pool._NODE_BINARY",
)

_LAMBDA = {
    "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    # As Lambda's says where its boto3 is.
    "PYTHONPATH": str(Path(boto3.__file__).parents[1]),
}
# What keeps an SDK from everything but the local AWS.
_SDK = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true"}


class _Environment(Mapping[str, str]):
    """What a process gets, if it is copied; asked for a name, also what ministack itself is told."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def __getitem__(self, name: str) -> str:
        return self._given[name] if name in self._given else os.environ[name]


def keep_from_functions() -> None:
    """Start functions, Glue's scripts and CloudFront's functions with an environment of their own.

    ministack starts each with the server's.
    """
    given = _given()
    lambda_runtime.os = lambda_svc.os = glue.os = Seen(os, environ=_Environment(given))
    node_pool.subprocess = Seen(subprocess, Popen=partial(subprocess.Popen, env=given))
    _find_node()


def _given() -> dict[str, str]:
    endpoint = {"AWS_ENDPOINT_URL": f"http://{HOST}:{os.environ['GATEWAY_PORT']}"}
    # No file of the user's is in its home; and its libraries, if that is where Python finds what it needs to start.
    home = {name: tempfile.gettempdir() for name in ("HOME", "TMPDIR")}
    libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {**_LAMBDA, **_SDK, **endpoint, **home, **libraries}


def _find_node() -> None:
    """Look for Node.js where we find it, not in the PATH of a function."""
    node = shutil.which("node", path=search_path(os.environ))
    if node is None:
        return
    detect = lambda_runtime._detect_runtime_binary  # noqa: SLF001 -- no public way in

    def detect_runtime_binary(runtime: str) -> tuple[str, str]:
        program, script = detect(runtime)
        return (node if program == "node" else program), script

    lambda_runtime._detect_runtime_binary = detect_runtime_binary  # noqa: SLF001 -- the same
    node_pool._NODE_BINARY = node  # noqa: SLF001 -- the same
