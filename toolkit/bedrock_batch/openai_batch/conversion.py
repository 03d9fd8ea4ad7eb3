"""Files of OpenAI's Batch API, converted line by line in bounded memory."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec.json import Encoder

from bedrock_batch.bodies.losses import MEANINGS, BodyError
from bedrock_batch.bodies.request import Request
from bedrock_batch.bodies.writing import BodyWriter
from bedrock_batch.files.unreadable import unreadable
from bedrock_batch.openai_batch.faults import FaultyLineError
from bedrock_batch.openai_batch.ids import SeenIds
from bedrock_batch.openai_batch.lines import EMBEDDINGS, Line, endpoint_of, quickly_read, read_line
from bedrock_batch.openai_batch.repeats import repeats
from bedrock_batch.openai_batch.report import ConversionReport, Loss
from bedrock_batch.openai_batch.requests import ChatRequests, request_of_embeddings
from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.checking.locate import column_of
from bedrock_batch.records.input.blocks import blocks, lines_of
from bedrock_batch.records.input.files import InputFile
from bedrock_batch.records.input.source import SourceError, refuse_signature
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.lines import LineError
from bedrock_batch.values import shortened

# More are none that a file names by intention.
_MODELS = _ADDRESSES = 100
_LONGEST = RecordLimits().bytes_per_record
_TOO_LONG = f"is longer than {_LONGEST:,} bytes, the most that a request may have; shorten it"
_ENCODER = Encoder()

Read = Callable[[dict[str, Any], set[str]], Request]


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
        self._chats = ChatRequests()
        self._readers: dict[str, Read] = {}
        self._losses: dict[str, tuple[int, str]] = {}
        self._models: dict[str, int] = {}
        self._records = self._without_limit = 0
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
                        yield _ENCODER.encode_lines(records)
                    self._progress(len(block))
        except SourceError as error:
            findings.cannot_read(str(error))
        except OSError as error:
            findings.cannot_read(unreadable(error))

    def report(self, files: Sequence[InputFile]) -> ConversionReport:
        """Close the conversion of these files."""
        for place, line, message in repeats(files, self._ids.repeated()):
            self._findings[place].add(message, line)
        self._ids.close()
        if not (self._records or self._has_problems):
            self._findings[-1].add("has no requests; write one on each line")
        found = self._findings
        by_number = sorted(self._losses.items(), key=lambda loss: (-loss[1][0], loss[0]))
        return ConversionReport(
            records=0 if self._has_problems else self._records,
            family=self._writer.family,
            losses=tuple(Loss(name, *counted) for name, counted in by_number),
            models=dict(sorted(self._models.items(), key=lambda model: -model[1])),
            without_limit=0 if self._writer.embeds else self._without_limit,
            max_tokens=self._writer.default_max_tokens,
            problems=tuple(problem for each in found for problem in (*each.of_file, *each.of_lines)),
            hidden=sum(each.hidden for each in found),
            unread=sum(each.unread for each in found),
        )

    @property
    def _has_problems(self) -> bool:
        return any(found.of_file or found.of_lines for found in self._findings)

    def _block(self, block: bytes, before: int, findings: Findings) -> tuple[list[dict[str, Any]], int]:
        """Convert the lines of a block; return the records, and how many lines there were."""
        lines = quickly_read(block)
        if lines is None:
            return self._each(lines_of(block), before, findings)
        records = []
        for number, line in enumerate(lines, before + 1):
            lost: set[str] = set()
            try:
                records.append(self._record(line, lost))
            except (FaultyLineError, BodyError) as fault:
                _refuse(fault, findings, number, lines_of(block)[number - before - 1])
            if lost:
                self._lose(lost, findings, number)
        self._ids.add([line.custom_id for line in lines])
        return records, len(lines)

    def _each(self, texts: list[bytes], before: int, findings: Findings) -> tuple[list[dict[str, Any]], int]:
        records = []
        for number, text in enumerate(texts, before + 1):
            if not text.strip():
                continue
            lost: set[str] = set()
            try:
                line = read_line(text, lost)
                self._ids.add([line.custom_id])
                records.append(self._record(line, lost))
            except LineError as error:
                findings.add(f"{error.cause}; {error.change}", number, error.column)
            except (FaultyLineError, BodyError) as fault:
                _refuse(fault, findings, number, text)
            if lost:
                self._lose(lost, findings, number)
        return records, len(texts)

    def _record(self, line: Line, lost: set[str]) -> dict[str, Any]:
        read = self._readers.get(line.url) if line.method == "POST" else None
        if read is None:
            read = self._reader(line)
        if not line.custom_id:
            raise FaultyLineError("'custom_id' is empty, and results are told apart by it; give each request its own")
        try:
            request = read(line.body, lost)
        except FaultyLineError as fault:
            raise fault.below("body") from None
        if request.settings.max_tokens is None:
            self._without_limit += 1
        if (model := line.body.get("model")) is not None:
            self._count(model)
        body = self._writer(request, lost)
        self._records += 1
        return {"recordId": line.custom_id, "modelInput": body}

    def _reader(self, line: Line) -> Read:
        """Say what reads the body of a request, once for each address."""
        embeds = endpoint_of(line.method, line.url) == EMBEDDINGS
        if embeds != self._writer.embeds:
            raise FaultyLineError(_other_kind(line.url, self._writer), "url")
        read: Read = request_of_embeddings if embeds else self._chats.read
        if len(self._readers) < _ADDRESSES:
            self._readers[line.url] = read
        return read

    def _count(self, model: object) -> None:
        try:
            self._models[model] += 1  # type: ignore[index]  # as most do
        except (KeyError, TypeError):
            name = model if isinstance(model, str) and len(self._models) < _MODELS else "others"
            self._models[name] = self._models.get(name, 0) + 1

    def _lose(self, lost: set[str], findings: Findings, number: int) -> None:
        for name in lost:
            records, first = self._losses.get(name, (0, f"{findings.file}:{number}"))
            self._losses[name] = (records + 1, first)
            if self._strict:
                meaning = MEANINGS.get(name, f"{self._writer.family} has nothing like it")
                findings.add(f"{name}: {meaning}; take it out of the request, or convert it without --strict", number)


def _refuse(fault: FaultyLineError | BodyError, findings: Findings, number: int, text: bytes) -> None:
    path = fault.path if isinstance(fault, FaultyLineError) else ()
    column = column_of(text.decode(errors="replace"), path) if path and not findings.is_full else None
    findings.add(str(fault), number, column)


def _other_kind(url: str, writer: BodyWriter) -> str:
    if writer.embeds:
        return f"asks {shortened(url)} for an answer, and {writer.family} makes vectors; choose another"
    return f"asks {shortened(url)} for vectors, and {writer.family} answers; choose a model for embeddings"
