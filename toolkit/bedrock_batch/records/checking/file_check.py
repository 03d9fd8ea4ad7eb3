"""One file of a job: its name, its lines, its size."""

from collections.abc import Callable
from dataclasses import dataclass

from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.records.check_report import CheckReport, Findings
from bedrock_batch.records.checking.families import Family
from bedrock_batch.records.checking.file_ids import FileIds
from bedrock_batch.records.checking.lines_check import LinesCheck
from bedrock_batch.records.checking.record_rules import RecordRules
from bedrock_batch.records.checking.totals import file_problems, only_file_problems
from bedrock_batch.records.input.files import InputFile
from bedrock_batch.records.input.source import NoFileError, SourceError
from bedrock_batch.records.limits import RecordLimits


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file.

    Attributes
    ----------
    report : CheckReport
        What was found.
    ids : FileIds
        The ids of its lines.
    readable : bool
        Whether its lines could be read at all.
    """

    report: CheckReport
    ids: FileIds
    readable: bool


def check_file(
    file: InputFile,
    *,
    limits: RecordLimits,
    family: Family | None,
    alone: bool,
    progress: Callable[[int], object] = lambda _amount: None,
) -> FileOutcome:
    """Check one file of a job.

    Parameters
    ----------
    file : InputFile
        The file.
    limits : RecordLimits
        How much there may be.
    family : Family or None
        What the bodies look like; None if that is not known.
    alone : bool
        Whether it is all that the job reads.
    progress : callable
        Called with a number of bytes each time that they are done. Default: nobody is told.
    """
    findings = Findings(file.name)
    for message in file.name_problems:
        findings.add(message)
    check = LinesCheck(findings, RecordRules(family, file.media), limits)
    size, readable = 0, False
    try:
        with file.open() as source:
            size = file.size()
            check.read(source, progress)
        readable = True
        totals = only_file_problems if alone else file_problems
        for message in totals(check.records, size, limits):
            findings.add(message)
    except NoFileError as error:
        findings.cannot_read(str(error))
    except SourceError as error:
        findings.add(str(error))
    except OSError as error:
        findings.cannot_read(unreadable(error))
    return FileOutcome(findings.report(check.records, size), check.ids.of_file(), readable)
