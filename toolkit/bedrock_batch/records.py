"""The records of an input file: checked before a job is paid for."""

import codecs
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from bedrock_batch.limits import DEFAULT_LIMITS, RecordLimits
from bedrock_batch.lines import LineError, described, numbered_lines, parse_object, shortened
from bedrock_batch.report import CheckReport, Findings
from bedrock_batch.source import SourceError, name_problems, open_source, unreadable


def check(path: str | os.PathLike[str], *, limits: RecordLimits = DEFAULT_LIMITS) -> CheckReport:
    """Check the input file of a job: the form of its records, their ids, their number and size.

    The service accepts a job at once and looks at its input minutes later; this finds the same faults now, and some
    that the service does not look for, such as two records with one id. The form is that of "Format and upload your
    batch inference data" (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html). The file is
    taken to be the job's only one. It is read once, line by line, in bounded memory.

    Parameters
    ----------
    path : str or path
        The file.
    limits : RecordLimits
        How many records and bytes there may be. Default: the quotas that AWS publishes for most models.

    Returns
    -------
    CheckReport
        What is there and what is wrong with it. A file that cannot be read is a problem in the report, not an error.

    Examples
    --------
    >>> str(check("no-such-file.jsonl").problems[0])[:41]
    'no-such-file.jsonl: there is no such file'
    """
    file = Path(path)
    findings = Findings(file)
    for message in name_problems(file.name):
        findings.add(message)
    records = size = 0
    try:
        with open_source(file) as source:
            size = os.fstat(source.fileno()).st_size
            records = _check_lines(source, limits, findings)
        for message in _total_problems(records, size, limits):
            findings.add(message)
    except SourceError as error:
        findings.add(str(error))
    except OSError as error:
        findings.add(unreadable(error))
    return findings.report(records, size)


def _check_lines(source: BinaryIO, limits: RecordLimits, findings: Findings) -> int:
    checker = _RecordChecker(limits)
    for number, line in numbered_lines(source, limits.bytes_per_record):
        for place, message in checker.problems(number, line):
            findings.add(message, place)
    return checker.records


@dataclass
class _RecordChecker:
    """What has to be remembered from one line to the next."""

    limits: RecordLimits
    records: int = 0
    first_blank: int | None = None
    first_lines: dict[str, int] = field(default_factory=dict)

    def problems(self, number: int, line: bytes | None) -> Iterator[tuple[int, str]]:
        if line is not None and line.startswith(codecs.BOM_UTF8):
            yield number, "starts with a byte order mark (BOM); save the file as UTF-8 without one"
            line = line.removeprefix(codecs.BOM_UTF8)
        if line is not None and not line.strip():
            self.first_blank = self.first_blank or number
            return
        if self.first_blank:  # Blank lines matter only in the middle: a record has followed.
            yield self.first_blank, "is blank, and each line must be a record; remove it"
            self.first_blank = None
        self.records += 1
        for message in self._record_problems(number, line):
            yield number, message

    def _record_problems(self, number: int, line: bytes | None) -> Iterator[str]:
        if line is None:
            longest = self.limits.bytes_per_record
            yield f"is longer than {longest:,} bytes, the most that a request to a model may have; shorten the record"
            return
        try:
            record = parse_object(line)
        except LineError as error:
            yield str(error)
            return
        yield from _id_problems(record)
        yield from self._duplicate_problems(number, record.get("recordId"))
        yield from _model_input_problems(record)

    def _duplicate_problems(self, number: int, record_id: object) -> Iterator[str]:
        # Beyond the limit the file is refused anyway: remembering more ids would only cost memory.
        if not isinstance(record_id, str) or self.records > self.limits.records_per_file:
            return
        first = self.first_lines.setdefault(record_id, number)
        if first != number:
            yield (
                f"'recordId' {shortened(record_id)} is already that of line {first}, and results are told apart by it; "
                "give each record an id of its own"
            )


def _id_problems(record: Mapping[str, object]) -> Iterator[str]:
    if "recordId" in record and not isinstance(record["recordId"], str):
        yield f"'recordId' must be a string, got {described(record['recordId'])}; write it in quotes or leave it out"


def _model_input_problems(record: Mapping[str, object]) -> Iterator[str]:
    if "modelInput" not in record:
        keys = ", ".join(shortened(key) for key in list(record)[:5]) or "none"
        yield f"'modelInput' is missing (the keys are: {keys}); put the request body for the model there"
    elif not isinstance(record["modelInput"], dict):
        yield f"'modelInput' must be an object, got {described(record['modelInput'])}; write the request body as JSON"


def _total_problems(records: int, size: int, limits: RecordLimits) -> Iterator[str]:
    fewest = limits.min_records_per_job
    if records == 0:
        yield "has no records; write one on each line"
    elif records < fewest:
        yield (
            f"has {records:,} of the at least {fewest:,} records that a job needs; add {fewest - records:,} more, "
            f"or pass limits=RecordLimits(min_records_per_job={records}) if the quota of the model is that low"
        )
    yield from _excess_problems("records", records, limits.records_per_file, limits.records_per_job)
    yield from _excess_problems("bytes", size, limits.bytes_per_file, limits.bytes_per_job)


def _excess_problems(unit: str, amount: int, per_file: int, per_job: int) -> Iterator[str]:
    whole, most = ("file", per_file) if per_file <= per_job else ("job", per_job)
    if amount > most:
        yield (
            f"has {amount:,} {unit} and a {whole} may have at most {most:,}; use fewer, "
            f"or pass limits=RecordLimits({unit}_per_{whole}={amount}) if your quota is that high"
        )
