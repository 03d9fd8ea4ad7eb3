"""A file of OpenAI's Batch API as the input of a job."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.files.output import open_output

if TYPE_CHECKING:
    from typing import BinaryIO

    from bedrock_batch.openai_batch.conversion import Conversion
    from bedrock_batch.openai_batch.report import ConversionReport
    from bedrock_batch.records.input.files import InputFile

PathLike = str | os.PathLike[str]


class _NotWrittenError(Exception):
    """Ends the writing of a file that is not to be there."""

    def __init__(self, report: "ConversionReport") -> None:
        super().__init__(report.summary)
        self.report = report


def convert(
    path: PathLike | Iterable[PathLike],
    output: PathLike,
    *,
    model: str,
    invocation_type: str | None = None,
    max_tokens: int | None = None,
    strict: bool = False,
    s3_client: object = None,
    progress: Callable[[int], object] | None = None,
) -> "ConversionReport":
    """Convert files of OpenAI's Batch API into records for a model.

    Each line has `custom_id`, `method`, `url` and `body`, as "Batch API" has it
    (https://platform.openai.com/docs/guides/batch): requests to ``/v1/chat/completions`` and ``/v1/embeddings`` are
    converted. Each is read once, in bounded memory. What a request asks for and the model's family has nothing like is
    counted by its name; nothing is dropped without being told.

    Parameters
    ----------
    path : str, path, or iterable of these
        The files: JSONL files, folders of these, or S3 URIs of either. They become one file.
    output : str or path
        The file of records; one that is there is replaced when the new one is whole. Nothing is written if a line
        cannot be converted; standard output has what came before that line.
    model : str
        The id or ARN of the model or inference profile that the job is for.
    invocation_type : str
        ``InvokeModel`` or ``Converse``. Default: the service's, ``InvokeModel``.
    max_tokens : int
        The longest answer, in tokens, to requests that name none. Default: 4,096 for Claude and 2,048 for Llama; the
        model's own for others.
    strict : bool
        Whether a request of which something would be lost or changed is a problem. Default: it is converted, and what
        is lost is counted.
    s3_client : boto3 client of S3
        Reads what is in S3. Default: made by boto3 when an S3 URI is there.
    progress : callable
        Called with a number of bytes each time that they are done. Default: nobody is told.

    Returns
    -------
    ConversionReport
        What was written, and what is lost; or the problems.

    Raises
    ------
    BedrockBatchError
        If the model is not known or takes no such requests, there is no file, or the output is one of them.
    OSError
        If the output cannot be written.
    """
    from bedrock_batch.bodies.writing import body_writer  # noqa: PLC0415 - brings the JSON library
    from bedrock_batch.openai_batch.conversion import Conversion  # noqa: PLC0415 - the same

    target, paths = Path(output), [path] if isinstance(path, str | os.PathLike) else list(path)
    if not paths:
        raise BedrockBatchError("no file is named that could be converted; name one")
    writer = body_writer(model, invocation_type, max_tokens=max_tokens)
    conversion = Conversion(writer, strict=strict, progress=progress or _tell_nobody)
    for each in paths:
        _refuse_to_replace(each, target)
    files = [file for each in paths for file in _files(each, s3_client)]
    try:
        with open_output(target) as file:
            return _written(file, files, conversion)
    except _NotWrittenError as refused:
        return refused.report


def _written(output: "BinaryIO", files: "list[InputFile]", conversion: "Conversion") -> "ConversionReport":
    for file in files:
        output.writelines(conversion.read(file))
    report = conversion.report(files)
    if not report.ok:
        raise _NotWrittenError(report)
    return report


def _files(path: PathLike, s3_client: object) -> "list[InputFile]":
    from bedrock_batch.records.check_report import Findings  # noqa: PLC0415 - no other function needs it
    from bedrock_batch.records.input.files import files_of  # noqa: PLC0415 - the same

    found = Findings(os.fspath(path))
    files = list(files_of(path, s3_client, found))
    if found.of_file:
        raise BedrockBatchError(str(found.of_file[0]))
    return files


def _refuse_to_replace(path: PathLike, output: Path) -> None:
    with suppress(OSError):
        if output.samefile(path):
            raise BedrockBatchError(f"{output} is what is read; name another file for the records")


def _tell_nobody(_amount: int) -> None:
    pass
