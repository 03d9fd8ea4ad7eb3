"""The results of a job: what the model answered to each record."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedrock_batch.lines import LineError, member, parse_object
from bedrock_batch.manifest import MANIFEST_NAME, ResultsError
from bedrock_batch.response import text_of
from bedrock_batch.source import unreadable

_OUTPUT_FILES = "*.jsonl.out"


@dataclass(frozen=True)
class ResultError:
    """Why a record has no output.

    Attributes
    ----------
    code : int
        The service's `errorCode`: an HTTP status.
    message : str
        The service's `errorMessage`.
    """

    code: int
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one record.

    Attributes
    ----------
    record_id : str
        The record's `recordId`, or the one that the service gave it. The order of results is not that of the records.
    model_input : dict
        The request body.
    model_output : dict or None
        The response body, in the shape of the model's family; None if the record failed.
    text : str or None
        The text in the response body; None if it has none, as with embeddings, or if the record failed.
    error : ResultError or None
        Why the record failed; None if it did not.
    """

    record_id: str
    model_input: dict[str, Any]
    model_output: dict[str, Any] | None
    text: str | None
    error: ResultError | None


def read_results(folder: Path) -> Iterator[Result]:
    """Read the results of a job, one at a time.

    Parameters
    ----------
    folder : pathlib.Path
        A copy of `<output URI>/<job id>/`, as "View the results of a batch inference job" lays it out
        (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html). All `*.jsonl.out` files in
        it and in folders below are read, in the order of their names.

    Returns
    -------
    iterator of Result
        One for each line.

    Raises
    ------
    ResultsError
        At once if the folder has no results, or those of several jobs; on the way if a line is not as the service
        writes it.
    """
    if not folder.is_dir():
        raise ResultsError(f"{folder}: there is no such folder; name the copy of the job's output folder")
    jobs = sorted(manifest.parent.name for manifest in folder.rglob(MANIFEST_NAME))
    if len(jobs) > 1:
        raise ResultsError(f"{folder}: has the results of {len(jobs)} jobs ({', '.join(jobs)}); name the folder of one")
    files = sorted(folder.rglob(_OUTPUT_FILES))
    if not files:
        raise ResultsError(
            f"{folder}: has no {_OUTPUT_FILES} file; wait until the job ends, then copy its output again"
        )
    return (result for file in files for result in _read_file(file))


def _read_file(file: Path) -> Iterator[Result]:
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                yield _read_line(file, number, line)
    except OSError as error:
        raise ResultsError(f"{file}: {unreadable(error)}") from None


def _read_line(file: Path, number: int, line: bytes) -> Result:
    try:
        return _result(parse_object(line))
    except LineError as error:
        raise ResultsError(f"{file}:{number}: {error.fact}; copy it from the output bucket again") from None


def _result(line: dict[str, object]) -> Result:
    failed = line.get("error") is not None
    body = None if failed else member(line, "modelOutput", dict)
    return Result(
        record_id=member(line, "recordId", str),
        model_input=member(line, "modelInput", dict),
        model_output=body,
        text=text_of(body),
        error=_error(member(line, "error", dict)) if failed else None,
    )


def _error(error: dict[str, object]) -> ResultError:
    return ResultError(member(error, "errorCode", int), member(error, "errorMessage", str))
