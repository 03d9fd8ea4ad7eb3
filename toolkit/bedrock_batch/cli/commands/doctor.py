"""``bedrock-batch doctor``."""

import argparse
from dataclasses import asdict
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from bedrock_batch.cli.job_arguments import add_jobs_alone, bedrock, deployed_of, the_jobs
from bedrock_batch.cli.options import add_command, path
from bedrock_batch.cli.printing import write, write_json
from bedrock_batch.cli.session import client
from bedrock_batch.cli.style import Style
from bedrock_batch.diagnosis.finding import Verdict
from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.jobs.status import JobStatus

if TYPE_CHECKING:
    from bedrock_batch.cli.options import SubParsers
    from bedrock_batch.diagnosis.deployed import DeployedJobs
    from bedrock_batch.diagnosis.finding import Diagnosis, Finding
    from bedrock_batch.jobs.job import Job

    #: And what to do then.
    _Told = tuple[Diagnosis, str]

_EXAMPLES = """\
  bedrock-batch doctor abcdefghwxyz
  bedrock-batch doctor --stack MyStack Summaries       a job of a stack, or of one nested in it
  bedrock-batch doctor --stack MyStack --json          all jobs of the stack, for a machine
  cdk synth && bedrock-batch doctor --app cdk.out      before a deployment: all jobs of the app

✓ is as it must be, ✗ is not, and ? cannot be told: you may not ask, or Bedrock does not document what it sends

exit codes: 0 nothing wrong was found (what cannot be told is counted), 1 something is wrong, or why a job failed is not
explained, 2 it could not be asked
"""
_WRONG = 1
_MENDED = "when the cause is mended,"
_RUN_AGAIN = (
    "give it another run_token, unless its properties change, and deploy: a deployment leaves a job that has failed as "
    "it is"
)


def add_parser(subparsers: "SubParsers") -> None:
    """Describe the command."""
    parser = add_command(
        subparsers, "doctor", run, help="say why a job failed, or would fail", examples=_EXAMPLES, aws=True
    )
    add_jobs_alone(parser)
    parser.add_argument(
        "--app",
        metavar="DIR",
        type=path,
        help="take the jobs of this app before it is deployed: what cdk synth writes, such as cdk.out",
    )


def run(arguments: argparse.Namespace) -> int:
    """Diagnose and print."""
    told = _of_app(arguments) if arguments.app else _of_jobs(arguments)
    if arguments.json:
        # The beginning of a logical id may mean several.
        one = len(arguments.jobs) == len(told) == 1
        write_json(_as_json(*told[0]) if one else [_as_json(*each) for each in told])
    else:
        for number, (diagnosis, then) in enumerate(told):
            _print(diagnosis, then, Style(arguments), first=not number)
    return 0 if all(diagnosis.ok for diagnosis, _ in told) else _WRONG


def _of_jobs(arguments: argparse.Namespace) -> "list[_Told]":
    from bedrock_batch.diagnosis.diagnose import diagnose  # noqa: PLC0415 - what asks an account takes a while to load
    from bedrock_batch.jobs.job import get_job  # noqa: PLC0415 - brings the JSON library

    service = bedrock(arguments)
    made = cache(partial(_client, arguments))
    stack = deployed_of(service, arguments) if arguments.stack else None
    # What List tells of a job has no message.
    jobs = [get_job(service, job.arn) for job in the_jobs(arguments, stack.jobs if stack else None)]
    removed = stack.removed if stack else frozenset()
    return [(diagnose(job, made, removed=removed), _afterwards(job, stack)) for job in jobs]


def _afterwards(job: "Job", stack: "DeployedJobs | None") -> str:
    """Say what runs a job again that failed, since what mends its cause does not."""
    if job.status != JobStatus.FAILED:
        return ""
    if stack is None:
        return f"if a stack has the job: {_MENDED} {_RUN_AGAIN}"
    return f"{_MENDED} {_RUN_AGAIN if job.arn in stack.kept else 'deploy again, which makes another job'}"


def _of_app(arguments: argparse.Namespace) -> "list[_Told]":
    from bedrock_batch.diagnosis.app.diagnose_app import diagnose_app  # noqa: PLC0415 - what asks takes a while to load

    if arguments.stack:
        raise BedrockBatchError("--app takes jobs that are not made, --stack those that are; give one of the two")
    return [(each, "") for each in diagnose_app(arguments.app, partial(_client, arguments), names=arguments.jobs)]


def _client(arguments: argparse.Namespace, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    return client(service, arguments)


def _print(diagnosis: "Diagnosis", then: str, style: Style, *, first: bool) -> None:
    if not first:
        write()
    told = f": {diagnosis.message}" if diagnosis.message else ""
    status = f"is {diagnosis.status}" if diagnosis.status else "is not made yet"
    write(style.paint(f"{diagnosis.job} {status}", "bold"), told)
    for finding in diagnosis.findings:
        mark, colour = _MARKS[finding.verdict]
        write(style.paint(mark, colour), f" {finding.check}: {finding.says}")
        if finding.mends:
            write("    → ", finding.mends)
    write(style.paint(_summary(diagnosis), "green" if diagnosis.ok else "red"))
    if then:
        write(then)


def _summary(diagnosis: "Diagnosis") -> str:
    wrong, untold, right = map(diagnosis.count, (Verdict.WRONG, Verdict.CANNOT_TELL, Verdict.RIGHT))
    return f"{wrong} wrong, {untold} cannot be told, {right} right"


def _as_json(diagnosis: "Diagnosis", then: str) -> dict[str, object]:
    return {
        **asdict(diagnosis),
        "findings": [_finding_as_json(finding) for finding in diagnosis.findings],
        "ok": diagnosis.ok,
        **({"then": then} if then else {}),
    }


def _finding_as_json(finding: "Finding") -> dict[str, str]:
    return {"check": finding.check, "verdict": finding.verdict.value, "says": finding.says, "mends": finding.mends}


_MARKS = {Verdict.WRONG: ("✗", "red"), Verdict.CANNOT_TELL: ("?", "yellow"), Verdict.RIGHT: ("✓", "green")}
