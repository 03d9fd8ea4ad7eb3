"""What to know of an input that was made of a table, before a job is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.bodies.losses import meaning_of
from bedrock_batch.records.checking.model_name import name_warnings
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bedrock_batch.prompts.rendering import Rendering
    from bedrock_batch.prompts.verification import Verification

_TOKENS = "special tokens in a text"


def notes_of(
    model: str, invocation_type: str | None, rendering: Rendering, verification: Verification
) -> Iterator[str]:
    """Say what is worth a look.

    Yields
    ------
    str
        Each thing, as a sentence.
    """
    yield from name_warnings(model, converse=invocation_type == "Converse")
    yield from verification.warnings
    if rendering.default_max_tokens:
        yield f"each answer may have {rendering.default_max_tokens:,} tokens, as nothing else was said"
    if rendering.changed:
        what = meaning_of(_TOKENS, rendering.family)
        yield f"{counted(rendering.changed, 'record')} with {_TOKENS} of the model's, {what}"
    if rendering.images_in_s3:
        yield "images in S3 have to lie in the folder that is the job's input, beside the records"


def against_quotas(records: int, size: int, model: str) -> Iterator[str]:
    """Say what a job would not take, by the published quotas of the model.

    Yields
    ------
    str
        Each thing, as a sentence.
    """
    limits = RecordLimits.of_model(model)
    if records < limits.min_records_per_job:
        yield f"a job needs at least {limits.min_records_per_job:,} records"
    if records > limits.records_per_file or size > limits.bytes_per_file:
        most = f"{limits.records_per_file:,} records and {limits.bytes_per_file:,} bytes"
        yield f"a file of a job may have {most}; divide it with bedrock-batch split, or run a pipeline over it"
