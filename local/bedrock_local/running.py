"""A local AWS that runs: where it listens, and the file that says so."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import signal
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bedrock_local.disk import naming
from bedrock_local.environment import ACCOUNT, HOST, REGION, aws_settings, isolated
from bedrock_local.errors import LocalAwsError
from bedrock_local.faults import Faults
from bedrock_local.options import option
from bedrock_local.owner import CONSOLE_TOKENS, Owner
from bedrock_local.private_folder import STATE_FILE, check_file, make_private, open_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STOP_SECONDS = 10


@dataclass(frozen=True)
class RunningAws:
    """A local AWS that runs.

    Attributes
    ----------
    pid : int
        Process id of its server.
    port : int
        Port on 127.0.0.1.
    model : str
        The model behind every model id: ``echo``, ``smollm2``, or the address of an OpenAI-compatible server.
    secret : str
        The secret access key of every account's root user, random for each start. The access key id is the number of
        the account.
    exclusive : bool
        Whether it is for the one command that started it, and ends with it.
    region, account : str
        Where its clients, and processes with its environment, work: ``us-east-1`` and ``000000000000`` unless others
        are asked for (`at`). It has every Region of the partition aws, and every account.
    """

    pid: int
    port: int
    model: str
    secret: str = field(repr=False)
    exclusive: bool = False
    region: str = REGION
    account: str = ACCOUNT

    def at(self, region: str | None = None, account: str | None = None) -> RunningAws:
        """Return the same local AWS for who works in another Region, or as another account's root user.

        Parameters
        ----------
        region
            For instance ``eu-west-1``. Default: that of this one.
        account
            Twelve digits. Default: that of this one.
        """
        return replace(self, region=region or self.region, account=account or self.account)

    @property
    def endpoint_url(self) -> str:
        """Address of every service, as ``AWS_ENDPOINT_URL`` takes it."""
        return f"http://{HOST}:{self.port}"

    @property
    def faults(self) -> Faults:
        """What shall go wrong; only if it was started with ``admin=True``."""
        return Faults(self.port, self.secret)

    def console_url(self) -> str:
        """Make an address, good for one browser and once, of a page that shows what happens here."""
        return self.endpoint_url + str(Owner(self.port, self.secret).call("POST", CONSOLE_TOKENS)["path"])

    def environment(self) -> dict[str, str]:
        """Whole environment of a process that runs against it: this process's own, with all AWS settings replaced."""
        return isolated(os.environ, self.settings())

    def settings(self) -> dict[str, str]:
        """Return what of that environment is about AWS."""
        return aws_settings(self.endpoint_url, self.secret, self.region, self.account)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes the class of a client when it is asked for one
        """Make a boto3 client as the account's root user, whatever the user's own AWS settings are.

        Parameters
        ----------
        service
            boto3's name of the service, for instance ``bedrock`` or ``s3``.
        """
        from bedrock_local.client import make_client  # noqa: PLC0415 - boto3 is slow to import, most commands need none

        return make_client(service, self.endpoint_url, self.secret, self.region, self.account)

    def answers(self) -> bool:
        """Whether it answers requests now."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=1)
        try:
            connection.request("GET", "/")
            # Unsigned as it is, it is refused: by a server that has begun.
            connection.getresponse()
        except OSError:
            return False
        else:
            return True
        finally:
            connection.close()


@contextmanager
def publish(running: RunningAws, directory: Path) -> Iterator[None]:
    """Say in a directory, for as long as the context lasts, that this process is a local AWS.

    The state file is locked all the while. The system takes the lock away when the process ends, however it ends, so
    what a dead process wrote is never taken for a local AWS.

    Raises
    ------
    LocalAwsError
        If another local AWS has the directory, or it cannot be written to.
    """
    state = directory / STATE_FILE
    with naming(state):
        make_private(directory)
        # Not buffered: what cannot be written is not tried again when it is closed.
        file = open(state, "ab", buffering=0, opener=open_private)  # noqa: SIM115 - closed below
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalAwsError(
                f"a local AWS has {directory} already; use that one, or name another {option('dir')}"
            ) from None
        with naming(state):
            file.truncate(0)
            file.write(json.dumps(asdict(running)).encode())
        yield
        file.truncate(0)


def find(directory: Path) -> RunningAws | None:
    """Find the local AWS of a directory.

    Parameters
    ----------
    directory
        The ``--dir`` that it was started with.

    Returns
    -------
    RunningAws or None
        None if there is none, or it is just coming or going.

    Raises
    ------
    LocalAwsError
        If its state file is none.
    """
    check_file(directory / STATE_FILE)
    with suppress(FileNotFoundError), (directory / STATE_FILE).open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            with suppress(json.JSONDecodeError):
                return RunningAws(**json.loads(file.read()))
    return None


def was_stopped(directory: Path) -> bool:
    """Whether the last local AWS of a directory ended as it was told to; a killed one leaves what it published."""
    with suppress(FileNotFoundError):
        return not (directory / STATE_FILE).read_text(encoding="utf-8")
    return False


def stop(running: RunningAws) -> None:
    """Stop a local AWS, and return when its server is gone; what the server started goes with it."""
    for signum in (signal.SIGTERM, signal.SIGKILL):
        if _ends(running.pid, signum):
            return


def _ends(pid: int, signum: int) -> bool:
    deadline = time.monotonic() + _STOP_SECONDS
    try:
        os.kill(pid, signum)
        while time.monotonic() < deadline:
            time.sleep(0.05)
            os.kill(pid, 0)  # Signal 0 only asks whether the process is there.
    except ProcessLookupError:
        return True
    return False
