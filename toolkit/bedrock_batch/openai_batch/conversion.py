"""Files of OpenAI's Batch API, converted line by line in bounded memory."""

from collections.abc import Callable, Iterator, Sequence

from msgspec.json import encode

from bedrock_batch.bodies.losses import BodyError, meaning_of
from bedrock_batch.bodies.writing import BodyWriter
from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.openai_batch.faults import FaultyLineError
from bedrock_batch.openai_batch.ids import SeenIds
from bedrock_batch.openai_batch.lines import read_line
from bedrock_batch.openai_batch.record_maker import RecordMaker
from bedrock_batch.openai_batch.repeats import repeats
from bedrock_batch.openai_batch.report import ConversionReport, Loss
from bedrock_batch.openai_batch.templates import Templates
from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.checking.locate import column_of
from bedrock_batch.records.input.blocks import blocks, lines_of
from bedrock_batch.records.input.files import InputFile
from bedrock_batch.records.input.source import NoFileError, SourceError, refuse_signature
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.lines import LineError

_LONGEST = RecordLimits().bytes_per_record
_TOO_LONG = f"is longer than {_LONGEST:,} bytes, the most that a request may have; shorten it"

_TOO_DEEP = "nests its values too deeply, in itself or in the arguments of a call; flatten them"


class Conversion:
    """The conversion of some files.

    Parameters
    ----------
    writer : BodyWriter
        Writes the bodies.
    strict : bool
        Whether what would be lost or changed is a problem.
    progress : callable
        Called with a number of bytes each time that they are done.
    """

    def __init__(self, writer: BodyWriter, *, strict: bool, progress: Callable[[int], object]) -> None:
        self._writer, self._strict, self._progress = writer, strict, progress
        self._ids = SeenIds()
        self._maker = RecordMaker(writer)
        self._templates = Templates(self._maker)
        self._losses: dict[str, tuple[int, str]] = {}
        self._findings: list[Findings] = []

    def read(self, file: InputFile) -> Iterator[bytes]:
        """Convert a file.

        Yields
        ------
        bytes
            Records, many at a time; none any more after the first problem.
        """
        findings = Findings(file.name)
        self._findings.append(findings)
        try:
            with file.open() as source:
                line = 0
                for block in blocks(source, _LONGEST):
                    if not line and block:
                        refuse_signature(block[1:5])
                    if block is None:
                        findings.add(_TOO_LONG, line + 1)
                        line += 1
                        continue
                    records, lines = self._block(block, line, findings)
                    line += lines
                    if records and not self._has_problems:
                        yield b"\n".join([*records, b""])
                    self._progress(len(block))
        except NoFileError as error:
            findings.cannot_read(str(error))
        except SourceError as error:
            findings.add(str(error))
        except OSError as error:
            findings.cannot_read(unreadable(error))

    def report(self, files: Sequence[InputFile]) -> ConversionReport:
        """Close the conversion of these files."""
        for place, line, message in repeats(files, self._ids.repeated()):
            self._findings[place].add(message, line)
        self._ids.close()
        if not (self._maker.records or self._has_problems):
            self._findings[-1].add("has no requests; write one on each line")
        found = self._findings
        by_number = sorted(self._losses.items(), key=lambda loss: (-loss[1][0], loss[0]))
        return ConversionReport(
            records=0 if self._has_problems else self._maker.records,
            family=self._writer.family,
            losses=tuple(Loss(name, *counted) for name, counted in by_number),
            models=dict(sorted(self._maker.models.items(), key=lambda model: -model[1])),
            without_limit=0 if self._writer.embeds else self._maker.without_limit,
            max_tokens=self._writer.default_max_tokens,
            problems=tuple(problem for each in found for problem in (*each.of_file, *each.of_lines)),
            hidden=sum(each.hidden for each in found),
            unread=sum(each.unread for each in found),
        )

    @property
    def _has_problems(self) -> bool:
        return any(found.of_file or found.of_lines for found in self._findings)

    def _block(self, block: bytes, before: int, findings: Findings) -> tuple[list[bytes], int]:
        """Convert the lines of a block; return the records, and how many lines there were."""
        raw = self._templates.lines(block)
        if raw is None:
            texts = lines_of(block)
            found = [self._closely(text, number, findings) for number, text in enumerate(texts, before + 1)]
            return list(filter(None, found)), len(texts)
        records: list[bytes | None] = []
        texts, ids = [], []
        for number, line in enumerate(raw, before + 1):
            if line and (made := self._templates.record(line)):
                record, lost = made
                records.append(record)
                ids.append(line.custom_id)
                if lost:
                    self._lose(lost, findings, number)
            else:
                texts = texts or lines_of(block)
                records.append(self._closely(texts[number - before - 1], number, findings))
        self._ids.add(ids)
        return list(filter(None, records)), len(raw)

    def _closely(self, text: bytes, number: int, findings: Findings) -> bytes | None:
        """Convert a line; None if that cannot be, or there is nothing in it."""
        if not text.strip():
            return None
        record, lost = None, set[str]()
        try:
            line = read_line(text, lost)
            self._ids.add([line.custom_id])
            record = encode(self._maker.make(line, lost))
        except LineError as error:
            findings.add(f"{error.cause}; {error.change}", number, error.column)
        except (FaultyLineError, BodyError) as fault:
            path = fault.path if isinstance(fault, FaultyLineError) else ()
            column = column_of(text.decode(errors="replace"), path) if path and not findings.is_full else None
            findings.add(str(fault), number, column)
        except RecursionError:
            findings.add(_TOO_DEEP, number)
        if lost:
            self._lose(lost, findings, number)
        return record

    def _lose(self, lost: set[str], findings: Findings, number: int) -> None:
        for name in lost:
            records, first = self._losses.get(name, (0, f"{findings.file}:{number}"))
            self._losses[name] = (records + 1, first)
            if self._strict:
                meaning = meaning_of(name, self._writer.family)
                findings.add(f"{name} ({meaning}); take it out of the request, or convert without strict", number)
