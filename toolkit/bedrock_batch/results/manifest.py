"""The counts that the service writes beside a job's results."""

from dataclasses import dataclass
from pathlib import Path

from bedrock_batch.errors import BedrockBatchError
from bedrock_batch.records.lines import LineError, member, parse_object

MANIFEST_NAME = "manifest.json.out"


class ResultsError(BedrockBatchError):
    """A folder that does not hold a job's results as the service writes them; the message says what to change."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What became of a job's records.

    Attributes
    ----------
    total_record_count : int
        Records in the input.
    processed_record_count : int
        Records that were tried.
    success_record_count : int
        Records with a model output.
    error_record_count : int
        Records with an error. A job is `Completed` even when this is all of them.
    input_token_count : int or None
        Tokens read by the model; None if the manifest does not say.
    output_token_count : int or None
        Tokens written by the model; None if the manifest does not say.
    """

    total_record_count: int
    processed_record_count: int
    success_record_count: int
    error_record_count: int
    input_token_count: int | None
    output_token_count: int | None


def read_manifest(folder: Path) -> Manifest:
    """Read the `manifest.json.out` of a job.

    Parameters
    ----------
    folder : pathlib.Path
        A copy of `<output URI>/<job id>/`, as "View the results of a batch inference job" lays it out
        (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html).

    Returns
    -------
    Manifest
        The counts.

    Raises
    ------
    ResultsError
        If the folder has no manifest, or one without the record counts.
    """
    file = folder / MANIFEST_NAME
    try:
        return _manifest(parse_object(file.read_bytes()))
    except OSError as error:
        advice = "the service writes it when a job ends; name the folder that is called by the job's id"
        raise ResultsError(f"{file}: cannot be read ({error.strerror}); {advice}") from None
    except LineError as error:
        raise ResultsError(f"{file}: {error.fact}; copy it from the output bucket again") from None


def _manifest(content: dict[str, object]) -> Manifest:
    return Manifest(
        total_record_count=member(content, "totalRecordCount", int),
        processed_record_count=member(content, "processedRecordCount", int),
        success_record_count=member(content, "successRecordCount", int),
        error_record_count=member(content, "errorRecordCount", int),
        input_token_count=member(content, "inputTokenCount", int) if "inputTokenCount" in content else None,
        output_token_count=member(content, "outputTokenCount", int) if "outputTokenCount" in content else None,
    )
