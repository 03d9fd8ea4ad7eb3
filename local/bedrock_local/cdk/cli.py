"""Run the CDK CLI, as it is, against the local AWS."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local.cdk.assembly import DEFAULT_QUALIFIER, MANIFEST, AssembledStack, stacks_of
from bedrock_local.cdk.program import QUIET, CdkProgram
from bedrock_local.disk import check_room
from bedrock_local.environment import PARTITION
from bedrock_local.errors import DeploymentError, LocalAwsError
from bedrock_local.names.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bedrock_local.running import RunningAws

_ACCOUNTS = Path(__file__).with_name("accounts.js")
#: A plug-in of the CDK CLI that has it see at once that a stack is there.
LOOKS = Path(__file__).with_name("looks.js")
_TOOLKIT_STACK = "CDKToolkit"
# What one writes at the least: a cloud assembly, and the code of a function, packed and unpacked.
_DEPLOYMENT_BYTES = 1024**2


class CdkCli:
    """The CDK CLI of this checkout, or the installed one.

    Parameters
    ----------
    aws
        The local AWS to deploy to, in the Region and account that stacks go to which say nothing of theirs.
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
        self._assembly: Path | None = None
        #: The stacks of the app that was synthesized last.
        self.stacks: tuple[AssembledStack, ...] = ()
        self._program = CdkProgram(aws, self._directory)

    @property
    def outputs_file(self) -> Path:
        """The CDK CLI's own ``--outputs-file``: stack name to output name to value."""
        return self._directory / "outputs.json"

    @property
    def is_quiet(self) -> bool:
        """Whether it prints whole lines only, and of a deployment hardly any."""
        return self._program.can_be_quiet

    @property
    def is_bootstrapped(self) -> bool:
        """Whether there is a bootstrap stack in the local account."""
        return _has_stack(self._aws, _TOOLKIT_STACK)

    @property
    def places(self) -> set[Place]:
        """The accounts and Regions that the stacks of the app go to that was synthesized last."""
        return {stack.place for stack in self.stacks}

    def bootstrap(self) -> None:
        """Bootstrap the local account, unless it is; print nothing unless that fails.

        Raises
        ------
        DeploymentError
            If it fails; what the CDK CLI printed is in ``bootstrap.log``.
        LocalAwsError
            If there is no room for that.
        """
        with self._bootstrapped(self._aws, DEFAULT_QUALIFIER):
            pass

    def prepare(self, app: str | None = None, arguments: Sequence[str] = ()) -> None:
        """Synthesize an app, and bootstrap the accounts and Regions that its stacks are for, unless they are.

        The local account is bootstrapped, too, while the app is synthesized: most stacks are for it.

        Parameters
        ----------
        app, arguments
            As in `deploy`, which then deploys what was synthesized.

        Raises
        ------
        DeploymentError
            If that fails; the CDK CLI has said why.
        LocalAwsError
            If a stack is for a Region that the local AWS does not have.
        """
        self.outputs_file.unlink(missing_ok=True)
        own = self._directory / "cdk.out"
        (own / MANIFEST).unlink(missing_ok=True)
        options = ["--output", str(own), *(["--app", app] if app else [])]
        with self._bootstrapped(self._aws, DEFAULT_QUALIFIER):
            # What it lists is in the assembly, and what the app says goes to standard error.
            self._check(self._program.run(["list", "--no-ci", *options, *arguments], silent=True))
        # The app may be an assembly itself.
        assembly = Path(app) if app and Path(app).is_dir() else own
        # There is none where the CDK CLI was asked for something else.
        self._assembly = assembly if (assembly / MANIFEST).exists() else None
        self.stacks = tuple(stacks_of(assembly, self._place)) if self._assembly else ()
        for place, qualifier in sorted({(each.place, each.qualifier) for each in self.stacks}, key=str):
            with self._bootstrapped(self._aws.at(place.region, place.account), qualifier):
                pass

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
        if not self._assembly:
            self.prepare(app, arguments)
        options = ["--require-approval", "never", "--outputs-file", str(self.outputs_file)]
        options += ["--output", str(self._directory / "cdk.out"), *self._app(app), *self._plugins()]
        options += ["--progress", QUIET] if self.is_quiet else []
        # Of the next deployment the app may be another.
        self._assembly = None
        self._check(self._program.run(["deploy", *options, *arguments]))

    def outputs(self) -> dict[str, dict[str, str]]:
        """Read the outputs of the stacks that were deployed; none where the CDK CLI was asked for something else."""
        if not self.outputs_file.exists():
            return {}
        outputs: dict[str, dict[str, str]] = json.loads(self.outputs_file.read_text(encoding="utf-8"))
        return outputs

    @property
    def _place(self) -> Place:
        return Place(PARTITION, self._aws.region, self._aws.account)

    @contextmanager
    def _bootstrapped(self, aws: RunningAws, qualifier: str) -> Iterator[None]:
        """Bootstrap an account and Region while something else is done in the context, unless they are."""
        name = _TOOLKIT_STACK if qualifier == DEFAULT_QUALIFIER else f"{_TOOLKIT_STACK}-{qualifier}"
        if _has_stack(aws, name):
            yield
            return
        log = self._directory / "bootstrap.log"
        # Not what a link or a pipe of that name leads to.
        log.unlink(missing_ok=True)
        with log.open("w", encoding="utf-8") as output:
            # Where there is no cdk.json: the user's app has no say in this, and is not run for it.
            command = ["bootstrap", f"aws://{aws.account}/{aws.region}", "--qualifier", qualifier]
            command += ["--toolkit-stack-name", name, "--plugin", str(LOOKS)]
            with self._program.started(command, output=output, folder=self._directory, aws=aws) as process:
                try:
                    yield
                except DeploymentError:
                    # Half a bootstrap would be in the way of who mends the app and deploys again. If it fails, too, it
                    # tells what is in the way of both.
                    if not process.wait():
                        raise
                code = process.wait()
        if code:
            words = log.read_text(encoding="utf-8", errors="replace").strip()
            if not words:
                check_room(self._directory)
            raise DeploymentError(f"cdk bootstrap failed: {words or f'it printed nothing to {log}'}")

    def _app(self, app: str | None) -> list[str]:
        found = str(self._assembly) if self._assembly else app
        return ["--app", found] if found else []

    def _plugins(self) -> list[str]:
        """Bring ours, beside the plug-ins of ``cdk.json``, which others replace."""
        settings = Path("cdk.json")
        own = json.loads(settings.read_text(encoding="utf-8")).get("plugin", []) if settings.exists() else []
        elsewhere = any(place.account != self._aws.account for place in self.places)
        ours = [str(LOOKS), *([str(_ACCOUNTS)] if elsewhere else [])]
        return [argument for plugin in (*own, *ours) for argument in ("--plugin", plugin)]

    def _check(self, code: int) -> None:
        if code:
            raise DeploymentError(
                f"cdk deploy ended with exit code {code}; it has said why above, and no job is watched{self._lack()}"
            )

    def _lack(self) -> str:
        """Say what lacks, for the app and the CDK CLI do not say where; nothing if there is room for a deployment."""
        try:
            check_room(self._directory, _DEPLOYMENT_BYTES)
        except LocalAwsError as error:
            return f". There is hardly any room: {error}"
        return ""


def _has_stack(aws: RunningAws, name: str) -> bool:
    stacks = aws.client("cloudformation").list_stacks(StackStatusFilter=["CREATE_COMPLETE", "UPDATE_COMPLETE"])
    return any(stack["StackName"] == name for stack in stacks["StackSummaries"])
