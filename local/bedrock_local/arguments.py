"""The arguments of ``bedrock-local``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local.local_aws import DEFAULT_DIRECTORY, DEFAULT_MODEL

if TYPE_CHECKING:
    from collections.abc import Sequence

_HIGHEST_PORT = 65535

_DESCRIPTION = """\
A local AWS, on loopback, without an account and without Docker: CloudFormation, S3, IAM, Lambda and more,
with a Bedrock batch service that runs model invocation jobs and enforces IAM.
"""

_EPILOG = """\
examples:
  bedrock-local deploy                              deploy the app of ./cdk.json, see its jobs through, stop
  bedrock-local deploy --app "python my_app.py"     the same for another app
  bedrock-local deploy --keep -- --all              all stacks, and leave the local AWS up
  bedrock-local up --detach --model echo            a local AWS that stays, with answers that repeat the question
  eval "$(bedrock-local env)"                       the AWS CLI and the SDKs of this shell talk to it
  bedrock-local down                                stop it

exit codes:
  0    done; for deploy: every job is Completed with at least one successful record
  1    the deployment failed; the CDK CLI has said why
  2    the arguments are wrong, there is no CDK CLI, or the local AWS cannot start or is not running
  3    a job ended in another way, or without one successful record
  130  interrupted; only what was started to stay is left running
"""

_DEPLOY_EPILOG = """\
What comes after -- goes to cdk deploy as it is: stack names, --all, --parameters, --context ...
In DIR afterwards: outputs.json (the CDK CLI's own --outputs-file) and results/ (what the service wrote to S3; of
several jobs, in a folder for each).
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command line; what comes after ``--`` is for the CDK CLI and is in ``cdk_arguments``."""
    own, cdk_arguments = _split(list(arguments))
    parser = _parser()
    options = parser.parse_args(own)
    if cdk_arguments and options.command != "deploy":
        parser.error(f"only deploy takes arguments for the CDK CLI, got {' '.join(['--', *cdk_arguments])}")
    options.cdk_arguments = cdk_arguments
    return options


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:end], arguments[end + 1 :]


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("bedrock-local", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=raw)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    up = commands.add_parser("up", help="start the local AWS; Ctrl-C stops it")
    up.add_argument("--detach", action="store_true", help="return when it answers; stop it with bedrock-local down")

    deploy = commands.add_parser(
        "deploy",
        help="deploy a CDK app and see its batch inference jobs through",
        usage="bedrock-local deploy [options] [-- CDK ARGUMENT ...]",
        epilog=_DEPLOY_EPILOG,
        formatter_class=raw,
    )
    deploy.add_argument("--app", metavar="COMMAND", help="synthesizes the app (default: as cdk.json says)")
    deploy.add_argument("--keep", action="store_true", help="leave the local AWS up, and say how to use it")

    env = commands.add_parser("env", help="print the environment to use the running one with")
    env.add_argument("--json", action="store_true", help="as JSON (default: as shell commands)")
    down = commands.add_parser("down", help="stop the running one")

    for command in (up, deploy):
        _add_server_options(command)
    for command in (up, deploy, env, down):
        command.add_argument(
            "--dir", type=Path, default=DEFAULT_DIRECTORY, help="where its state is kept (default: %(default)s)"
        )
    return parser


def _add_server_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=_port, metavar="N", help="port on 127.0.0.1 (default: a free one)")
    command.add_argument(
        "--model",
        help="what answers the records: smollm2 (a small model on this CPU), echo (instant, repeats the question), "
        f"or the http:// address of an OpenAI-compatible server (default: {DEFAULT_MODEL}, or that of the running one)",
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {_HIGHEST_PORT}, got {text!r}")
    return int(text)
