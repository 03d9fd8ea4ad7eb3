"""``bedrock-batch plan``."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedrock_batch.cli.options import add_command, path
from bedrock_batch.cli.price_options import add_price_options, look_at_prices
from bedrock_batch.cli.printing import write, write_json
from bedrock_batch.cli.style import Style

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers

_EXAMPLES = """\
  cdk synth --quiet && bedrock-batch plan         what 'cdk deploy --all' would do to each job, and why
  bedrock-batch plan --stack MyStack              of one stack
  bedrock-batch plan --parameters Model=amazon.nova-pro-v1:0
  bedrock-batch plan --prices aws                 and what it would cost, by AWS's Price List
  bedrock-batch plan --destroy --stack MyStack    what 'cdk destroy' would do
  bedrock-batch plan --detailed-exitcode          in a pipeline: 3 means that somebody should look

nothing is changed; what only CloudFormation will know is said to be so, and never counts as nothing

exit codes: 0 a plan; with --detailed-exitcode 0 nothing is paid, 3 something is or may be, or fails; 2 no plan
"""
_PAID = 3


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers,
        "plan",
        run,
        help="say what the next deployment does to each job, before it is paid",
        examples=_EXAMPLES,
        aws=True,
    )
    parser.add_argument(
        "assembly",
        nargs="?",
        type=path,
        default=Path("cdk.out"),
        metavar="FOLDER",
        help="what 'cdk synth' has written (default: cdk.out)",
    )
    parser.add_argument("--stack", metavar="NAME", help="only this stack (default: all stacks of the app)")
    parser.add_argument(
        "--parameters",
        action="append",
        default=[],
        type=_parameter,
        metavar="[STACK:]NAME=VALUE",
        help="what the deployment is given (default: parameters stay what they are, as with 'cdk deploy')",
    )
    add_price_options(parser)
    parser.add_argument("--destroy", action="store_true", help="of 'cdk destroy' (default: of 'cdk deploy')")
    parser.add_argument(
        "--detailed-exitcode",
        action="store_true",
        help="end with 3 if something is or may be paid, or fails (default: with 0)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Plan and print."""
    from bedrock_batch.cli.plan_costs import PlanCosts  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.cli.plans import as_json, lines  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.plan.plan import plan_deployment  # noqa: PLC0415 - the same

    look_at_prices(arguments)
    plan = plan_deployment(
        arguments.assembly,
        _clients(arguments),
        stack=arguments.stack,
        parameters=dict(arguments.parameters),
        destroy=arguments.destroy,
    )
    costs = PlanCosts(arguments)
    if arguments.json:
        write_json(as_json(plan, costs))
    else:
        for line in lines(plan, costs, Style(arguments)):
            write(*line)
    needs_a_look = not plan.pays_nothing or any(job.action == "fails" for job in plan.jobs)
    return _PAID if needs_a_look and arguments.detailed_exitcode else 0


def _clients(arguments: argparse.Namespace) -> Callable[[str, str | None], Any]:
    from bedrock_batch.cli.session import client  # noqa: PLC0415 - see there

    made: dict[tuple[str, str | None], Any] = {}

    def of(service: str, region: str | None) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        if (service, region) not in made:
            made[service, region] = client(service, arguments, region=region)
        return made[service, region]

    return of


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE or STACK:NAME=VALUE, got {text!r}")
    return name, value
