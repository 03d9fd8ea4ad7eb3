"""The lines of an output file: a record each, and either an output or an error."""

from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder
from msgspec.structs import astuple

from bedrock_batch.records.lines import LineError, parse_object
from bedrock_batch.records.surrogates import without_surrogates
from bedrock_batch.results.batch import Batch
from bedrock_batch.results.output.errors import Error, error_of, read_error
from bedrock_batch.results.output.families import Chat, Claude, Converse
from bedrock_batch.results.output.response import answers_of
from bedrock_batch.results.output.slices import in_utf8
from bedrock_batch.results.output.structured import Request, read_request, structured_output
from bedrock_batch.results.output.tool_calls import tool_calls
from bedrock_batch.values import described

Body = TypeVar("Body")


class _Line(Struct, rename="camel", gc=False):
    record_id: str | None
    model_input: Request
    model_output: Any = None
    error: Error | None = None


class _OddLine(_Line, gc=False, kw_only=True):
    """One that is not as the service writes it; without an output and an error, it is no result."""

    fact: str
    repaired: bytes = b""


class _Whole(_Line, Generic[Body], gc=False):
    """One as the service writes it."""

    record_id: str
    model_output: Body | None = None


_LINE = Decoder(_Whole[dict[str, Any]])
# A file has the answers of one model: the first of its lines tells which of these are worth a try.
_QUICKLY: dict[bytes, Decoder[Any]] = {
    b'"output"': Decoder(_Whole[Converse]),
    b'"choices"': Decoder(_Whole[Chat]),
    b'"content"': Decoder(_Whole[Claude]),
}


def read_lines(lines: Sequence[bytes], *, kept: bool = True) -> tuple[Batch, dict[int, str]]:
    """Read lines of an output file.

    Parameters
    ----------
    lines : sequence of bytes
        The lines.
    kept : bool
        Whether the results keep them. Default: they do.

    Returns
    -------
    Batch
        A result of each line that has one.
    dict of int to str
        From the place of each line that is not as the service writes it, among these, to what is wrong with it.
    """
    read = _read_all(lines)
    odd: dict[int, str] = {}
    rows: Sequence[int] = range(len(read))
    if _OddLine in set(map(type, read)):
        odd = {row: line.fact for row, line in enumerate(read) if isinstance(line, _OddLine)}
        rows = [row for row, line in enumerate(read) if line.error is not None or line.model_output is not None]
        read, lines = [read[row] for row in rows], [getattr(read[row], "repaired", b"") or lines[row] for row in rows]
    batch, left_out = _batch(read, lines, kept=kept)
    return batch, odd | {rows[row]: fact for row, fact in left_out.items()}


def _batch(read: Sequence[_Line], lines: Sequence[bytes], *, kept: bool) -> tuple[Batch, dict[int, str]]:
    errors = [None if line.error is None else error_of(line.error) for line in read]
    answers = answers_of([line.model_output if line.error is None else None for line in read])
    nowhere: list[None] = [None] * len(read)
    batch = Batch(
        record_id=[line.record_id for line in read],
        status=["failed" if error else "succeeded" for error in errors],
        line=list(lines) if kept else [b""] * len(read),
        text=answers.text,
        reasoning=answers.reasoning,
        tool_calls=tool_calls(answers.tool_calls, lines),
        structured_output=structured_output(answers.text, [line.model_input for line in read]),
        embeddings=answers.embeddings,
        stop_reason=answers.stop_reason,
        input_tokens=answers.input_tokens,
        output_tokens=answers.output_tokens,
        latency_ms=answers.latency_ms,
        error=errors,
        input_file=list(nowhere),
        input_line=list(nowhere),
        job_id=list(nowhere),
    )
    return batch, answers.odd


def _read_all(lines: Sequence[bytes]) -> list[_Line]:
    """Read lines as the service writes them quickly; any other takes a second look."""
    worth_a_try = [decoder for mark, decoder in _QUICKLY.items() if lines and mark in lines[0]]
    for decoder in (*worth_a_try, _LINE):
        try:
            read: list[_Line] = list(map(decoder.decode, lines))
        except (MsgspecError, UnicodeDecodeError, RecursionError):
            continue
        if all(line.model_output is not None or line.error is not None for line in read):
            return read
    return list(map(_read, lines))


def _read(line: bytes) -> _Line:
    try:
        content = _LINE.decode(line)
    except (MsgspecError, UnicodeDecodeError, RecursionError):
        return _read_again(line)
    return _read_again(line) if content.error is None and content.model_output is None else content


def _read_again(line: bytes) -> _Line:
    if not line.strip():
        return _OddLine(None, Request(), fact="is blank")
    try:
        return _read_object(line)
    except RecursionError:
        return _OddLine(None, Request(), fact="nests its values too deeply to be read")
    except LineError as error:
        broken = error.fact
    try:
        found = _read_object(repaired := in_utf8(line))
    except (LineError, RecursionError):
        return _OddLine(None, Request(), fact=broken)
    return _OddLine(*astuple(found)[:4], fact=broken, repaired=repaired)


def _read_object(line: bytes) -> _Line:
    content = without_surrogates(parse_object(line))
    found = content.get("recordId")
    parts: tuple[Any, ...] = (
        found if isinstance(found, str) else None,
        read_request(content.get("modelInput")),
        content.get("modelOutput"),
        None if content.get("error") is None else read_error(content["error"]),
    )
    facts = "; ".join(_facts(content))
    return _OddLine(*parts, fact=facts) if facts else _Line(*parts)


def _facts(content: dict[str, object]) -> Iterator[str]:
    """Say what the service would have written otherwise."""
    wanted: list[tuple[str, type]] = [("recordId", str), ("modelInput", dict)]
    if content.get("error") is not None:
        wanted.append(("error", dict))
    elif content.get("modelOutput") is not None:
        wanted.append(("modelOutput", dict))
    else:
        yield "has neither a 'modelOutput' nor an 'error'"
    for name, kind in wanted:
        if not isinstance(content.get(name), kind):
            found = described(content[name]) if name in content else "nothing"
            yield f"'{name}' must be {'a string' if kind is str else 'an object'}, got {found}"
