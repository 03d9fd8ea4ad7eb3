"""Start a local AWS, for the time of a ``with`` block or to stay."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local import held
from bedrock_local.disk import naming
from bedrock_local.errors import LocalAwsError
from bedrock_local.log import last_words, log_file, new_log
from bedrock_local.options import option
from bedrock_local.private_folder import SCRATCH, STATE_FILE, check_file, in_turn, make_own, make_private, remove_own
from bedrock_local.programs import require_extra
from bedrock_local.running import RunningAws, find
from bedrock_local.server_environment import server_environment

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

DEFAULT_DIRECTORY = Path(".bedrock-local")
DEFAULT_MODEL = "smollm2"
_START_SECONDS = 60


class LocalAws:
    """A local AWS that this process starts, and that ends with it, also if it is killed (but see `detach`).

    Parameters
    ----------
    model
        What answers the records of every job: ``smollm2``, ``echo``, or the address of an OpenAI-compatible server.
        Default: SmolLM2-135M on the CPU.
    port
        Port on 127.0.0.1. Default: a free one.
    directory
        Where its state and its log are kept. Default: a folder of its own in ``.bedrock-local`` of the working
        directory, which goes when it ends; so several processes have each their own.
    speed
        How fast jobs live: ``"real"`` (minutes in Submitted, Validating and Scheduled), a number for that many times as
        fast, the hours of a timeout included, or ``"instant"``. Default: two seconds before a job runs, in real hours.
    quotas
        Limits of jobs that differ from the service's, by name; ``MODEL/NAME`` for one model only:
        ``{"min_records_per_job": 1}``. Default: the service's (see `bedrock_local.bedrock.jobs.quotas.Quotas`).
    behaviours
        What the service does where that is not known, by name: ``{"name_of_ended_job": "free"}``. Default: what gives
        clients more trouble (see `bedrock_local.bedrock.jobs.behaviours.Behaviours`).
    concurrency
        How many functions run at once, as the account's quota of Lambda: one more is throttled. Default: as many as the
        memory of this machine suffices for.
    batch_models
        Models, and inference profiles, of which you know better than the list of what is known, and the Regions in
        which jobs may name them: ``{"zai.glm-9": "us-east-1,us-west-2"}``; ``"*"`` for all, ``""`` for none. Default:
        that list (see `bedrock_local.bedrock.models.batch_models.BatchModels`).
    strict_models
        Whether a model of which nothing is known is refused. Default: it is accepted, with a line in the log.
    admin
        Whether faults can be asked for (`RunningAws.faults`). Default: they cannot.
    exclusive
        Whether ``bedrock-local`` refuses to use it for another command. Default: it does not.

    Raises
    ------
    LocalAwsError
        From ``with`` and `start`: if it cannot start; the message says why.

    Examples
    --------
    >>> with LocalAws(model="echo") as aws:  # doctest: +SKIP
    ...     aws.client("s3").create_bucket(Bucket="prompts")
    ...     subprocess.run(["aws", "s3", "ls"], env=aws.environment(), check=True)
    """

    def __init__(
        self,
        *,
        model: str = DEFAULT_MODEL,
        port: int = 0,
        directory: Path | None = None,
        speed: str | float | None = None,
        quotas: Mapping[str, int] | None = None,
        behaviours: Mapping[str, str | float] | None = None,
        concurrency: int | None = None,
        batch_models: Mapping[str, str] | None = None,
        strict_models: bool = False,
        admin: bool = False,
        exclusive: bool = False,
    ) -> None:
        self._model = model
        self._port = port
        self._is_own = directory is None
        self._directory = directory or DEFAULT_DIRECTORY.absolute() / f"{os.getpid()}-{secrets.token_hex(4)}"
        self._options = [f"--speed={speed}"] if speed is not None else []
        self._options += [f"--quota={name}={value}" for name, value in (quotas or {}).items()]
        self._options += [f"--behaviour={name}={value}" for name, value in (behaviours or {}).items()]
        self._options += [f"--concurrency={concurrency}"] if concurrency is not None else []
        self._options += [f"--batch-model={name}={value}" for name, value in (batch_models or {}).items()]
        flags = {"strict-models": strict_models, "admin": admin, "exclusive": exclusive, "temporary": self._is_own}
        self._options += [f"--{name}" for name, given in flags.items() if given]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> RunningAws:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        """What the server printed."""
        return log_file(self._directory)

    def start(self) -> RunningAws:
        """Start it, and return when it answers."""
        require_extra()
        check_file(self._directory / STATE_FILE)
        with naming(self._directory):
            if self._is_own:
                make_own(self._directory)
            else:
                make_private(self._directory)
        with in_turn(self._directory):
            return self._start()

    def _start(self) -> RunningAws:
        if find(self._directory):
            raise LocalAwsError(
                f"a local AWS runs in {self._directory} already; use that one, or name another {option('dir')}"
            )
        with naming(self._directory):
            scratch = self._scratch()
        environment = server_environment(os.environ, str(scratch))
        with naming(self.log), new_log(self._directory) as log:
            self._process = held.start(self._command(), environment=environment, output=log)
        try:
            return self._await_answer(self._process)
        except BaseException:
            self.stop()
            raise

    def _scratch(self) -> Path:
        """Make an empty folder for temporary files: the emulator leaves a copy of each function behind."""
        scratch = self._directory.absolute() / SCRATCH
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(mode=0o700)
        return scratch

    def wait(self) -> None:
        """Wait until it ends by itself.

        Raises
        ------
        LocalAwsError
            If nobody stopped it; the message has its last words.
        """
        if self._process and self._process.wait():
            raise LocalAwsError(f"the local AWS has ended: {last_words(self._directory)}")

    def detach(self) -> None:
        """Let it stay until somebody stops it, with ``bedrock-local down``: it is no longer this process's.

        Raises
        ------
        LocalAwsError
            If it has ended; the message has its last words.
        """
        if self._process:
            try:
                held.let_go(self._process)
            except BrokenPipeError:
                raise LocalAwsError(f"the local AWS has ended: {last_words(self._directory)}") from None
            self._process = None

    def stop(self) -> None:
        """Stop it and everything that it started; return when they are gone."""
        if self._process:
            self._process.terminate()
            self._process.wait()
            # What the server could not take away, if it was killed.
            if self._is_own:
                remove_own(self._directory)
            else:
                shutil.rmtree(self._directory / SCRATCH, ignore_errors=True)

    def _command(self) -> list[str]:
        options = ["--port", str(self._port), "--model", self._model, "--dir", str(self._directory)]
        # In UTF-8 whatever the locale is: what functions and records say would end a thread that somebody waits for.
        return [sys.executable, "-X", "utf8", "-m", "bedrock_local.server", *options, *self._options]

    def _await_answer(self, process: subprocess.Popen[bytes]) -> RunningAws:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            running = find(self._directory)
            if running and running.answers():
                return running
            if process.poll() is not None:
                raise LocalAwsError(f"the local AWS cannot start: {last_words(self._directory)}")
            time.sleep(0.05)
        raise LocalAwsError(f"the local AWS does not answer after {_START_SECONDS} s; see {self.log}")
