"""The arguments of ``bedrock-local``."""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.pace import Pace
from bedrock_local.bedrock.jobs.quotas import Quotas
from bedrock_local.bedrock.models.batch_models import BatchModels
from bedrock_local.environment import REGION
from bedrock_local.local_aws import DEFAULT_DIRECTORY, DEFAULT_MODEL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
  bedrock-local up --speed 60 --admin               an hour passes in a minute, and faults can be asked for
  eval "$(bedrock-local env)"                       the AWS CLI and the SDKs of this shell talk to it
  bedrock-local console                             its stacks, jobs, denied permissions and faults in a browser
  bedrock-local down                                stop it

exit codes:
  0    done; for deploy: every job is Completed with at least one successful record
  1    the deployment failed; the CDK CLI has said why
  2    the arguments are wrong, there is no CDK CLI, or the local AWS cannot start, (for env, console) is not running,
       or has ended before its user; or a file cannot be read or written
  3    a job ended in another way, or without one successful record
  130  interrupted; only what was started to stay is left running
  141  nobody reads any more what it prints
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
    parser.add_argument("--version", action="version", version=f"bedrock-local {version('cdk-bedrock-batch')}")
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
    for command in (up, deploy, env):
        command.add_argument(
            "--region",
            help="where stacks go that do not say it, and what clients are told (default: that of the environment, "
            f"or else {REGION})",
        )
    console = commands.add_parser("console", help="print an address, good for once, of a page that shows what happens")
    down = commands.add_parser("down", help="stop the running one")

    for command in (up, deploy):
        _add_server_options(command)
    for command in (up, deploy, env, console, down):
        command.add_argument(
            "--dir",
            type=Path,
            default=DEFAULT_DIRECTORY,
            help="where its state is kept, which only you may read (default: %(default)s)",
        )
    return parser


def _add_server_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=_port, metavar="N", help="port on 127.0.0.1 (default: a free one)")
    command.add_argument(
        "--model",
        help="what answers the records: smollm2 (a small model on this CPU), echo (instant, repeats the question), "
        f"or the http:// address of an OpenAI-compatible server (default: {DEFAULT_MODEL}, or that of the running one)",
    )
    command.add_argument(
        "--speed",
        type=_speed,
        help="how fast jobs live: real (minutes before they run), a number for that many times as fast, or instant "
        "(default: two seconds before they run)",
    )
    command.add_argument(
        "--quota",
        type=_quota,
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="a limit of jobs, for instance min_records_per_job=1, or MODEL/NAME=NUMBER for one model; may be repeated "
        "(default: the service's)",
    )
    command.add_argument(
        "--behaviour",
        type=_behaviour,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the service does where that is not known, for instance name_of_ended_job=free; may be repeated "
        "(default: what gives clients more trouble)",
    )
    command.add_argument(
        "--concurrency",
        type=_concurrency,
        metavar="N",
        help="how many functions run at once; one more is throttled (default: as many as the memory suffices for)",
    )
    command.add_argument(
        "--batch-model",
        type=_batch_model,
        action="append",
        default=[],
        metavar="ID=REGION,...",
        help="a model or inference profile of which you know better than the list of what is known, and the Regions "
        "in which jobs may name it, * for all; may be repeated (default: that list)",
    )
    command.add_argument(
        "--strict-models",
        action="store_true",
        help="refuse models of which nothing is known (default: accept them, and say so)",
    )
    command.add_argument("--admin", action="store_true", help="let faults be asked for at /_bedrock/faults")


def _speed(text: str) -> str:
    return _checked(text, Pace.at)


def _quota(text: str) -> tuple[str, int]:
    name, _, value = _checked(text, lambda setting: Quotas.parse([setting])).rpartition("=")
    return name, int(value)


def _behaviour(text: str) -> tuple[str, str]:
    name, _, value = _checked(text, lambda assignment: Behaviours.parse([assignment])).partition("=")
    return name, value


def _concurrency(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"must be a number from 1, got {text!r}")
    return int(text)


def _batch_model(text: str) -> tuple[str, str]:
    name, _, regions = _checked(text, lambda setting: BatchModels.parse([setting])).partition("=")
    return name, regions


def _checked(text: str, parse: Callable[[str], object]) -> str:
    try:
        parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {_HIGHEST_PORT}, got {text!r}")
    return int(text)
