"""The CDK CLI as a program: found, and run in the environment of a local AWS."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local import held
from bedrock_local.programs import find_cdk, search_path

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Sequence
    from typing import IO

    from bedrock_local.running import RunningAws

#: Of every resource only what goes wrong with it. Of the choices of --progress the newest.
QUIET = "errors-only"


class CdkProgram:
    """The CDK CLI of this checkout, or the installed one.

    Parameters
    ----------
    aws
        The local AWS to run it against.
    directory
        Where the folder for its temporary files is, and the app's: if they are interrupted, neither takes them away.
        It goes with this.

    Raises
    ------
    CdkNotFoundError
        If there is no CDK CLI, or no Node.js to run it.
    """

    def __init__(self, aws: RunningAws, directory: Path) -> None:
        self._aws = aws
        self._directory = directory
        self._program = find_cdk(_environment(aws)["PATH"])

    @cached_property
    def _scratch(self) -> str:
        # One for all runs: what the app writes there may be an asset of the next.
        folder = tempfile.mkdtemp(prefix="cdk-", dir=self._directory)
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    @property
    def can_be_quiet(self) -> bool:
        """Whether it knows `QUIET`; its options are listed in a file of its package."""
        options = Path(self._program).resolve().parents[1] / "lib" / "cli" / "cli-type-registry.json"
        return options.exists() and QUIET in options.read_text(encoding="utf-8")

    def run(self, arguments: Sequence[str], *, silent: bool = False) -> int:
        """Run it to its end where this process is, and return its exit code; see `started`."""
        with self.started(arguments, silent=silent) as process:
            return process.wait()

    @contextmanager
    def started(
        self,
        arguments: Sequence[str],
        *,
        output: IO[str] | None = None,
        folder: Path | None = None,
        aws: RunningAws | None = None,
        silent: bool = False,
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Have it run for as long as the context lasts at most.

        Parameters
        ----------
        arguments
            Its own.
        output
            File for what it prints. Default: it is shown.
        folder
            Working directory. Default: that of this process.
        aws
            The local AWS in another Region or account. Default: the one that this was made for.
        silent
            Whether standard output is thrown away. Default: it is not.
        """
        process = held.start(
            [self._program, *arguments, "--no-notices"],
            environment=_environment(aws or self._aws) | {"TMPDIR": self._scratch},
            output=output,
            folder=folder,
            silent=silent,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def _environment(aws: RunningAws) -> dict[str, str]:
    environment = aws.environment()
    return {
        **environment,
        "PATH": search_path(environment),
        # Nothing is sent anywhere: https://docs.aws.amazon.com/cdk/v2/guide/cli-telemetry.html
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
        # jsii writes UTF-8, whatever the locale: an app whose folder is read as anything else finds no asset in it.
        "PYTHONUTF8": "1",
    }
