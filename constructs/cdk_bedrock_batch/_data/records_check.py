"""Local records, checked by the toolkit before a job is made of them."""

import re
from collections.abc import Sequence
from pathlib import Path

import bedrock_batch
from bedrock_batch import RecordLimits
from bedrock_batch.records.check_report import CheckReport, Problem
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch.invocation_type import InvocationType

_LINE = re.compile(r"\bline (\d+)")


def check_records(
    paths: Sequence[Path],
    limits: RecordLimits | None,
    model_id: str,
    invocation_type: InvocationType | None,
    *,
    written: str = "",
) -> list[str]:
    """Check files or a folder, and return what is likely to go wrong.

    Parameters
    ----------
    paths
        Of the files, or of the folder.
    limits
        What the model takes at once. Default: its quotas.
    model_id, invocation_type
        What the bodies are for; held against no model where that is a token.
    written
        Of what the file was written here, where the user has no such file. Default: the user has it.

    Raises
    ------
    ValueError
        A job would not take them; the text names the file and the line, or the record.
    """
    report = bedrock_batch.check(
        paths,
        limits=limits,
        model=None if is_token(model_id) else model_id,
        invocation_type=invocation_type.value if invocation_type else None,
    )
    if report.problems:
        # A line that is wrong says more than the number of lines, which may be wrong for the same reason.
        first = next((problem for problem in report.problems if problem.line), report.problems[0])
        more = len(report.problems) - 1 + report.hidden
        others = f" ({more} more {'problem' if more == 1 else 'problems'})" if more else ""
        raise ValueError(f"'input_data' cannot be used: {_told(first, written=written)}{others}")
    return list(_warnings(report, written=written))


def _warnings(report: CheckReport, *, written: str) -> list[str]:
    of_lines = [warning for warning in report.warnings if warning.line]
    told = [_told(warning, written=written) for warning in report.warnings if not warning.line]
    more = max(len(of_lines) - 1, 0) + report.hidden_warnings
    # Fifty thousand records that are alike are one thing to change.
    told += [_told(warning, written=written) for warning in of_lines[:1]]
    if more:
        told[-1] += f" ({more} more {'warning' if more == 1 else 'warnings'} like this)"
    return told


def _told(problem: Problem, *, written: str) -> str:
    if not written:
        return str(problem)
    # Of records that are made here nobody knows the file, nor lines: they are counted as Python does.
    which = f"record {problem.line - 1}" if problem.line else written
    return f"{which}: {_LINE.sub(lambda line: f'record {int(line[1]) - 1}', problem.message)}"
