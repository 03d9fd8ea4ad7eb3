"""Records that are made of a table, for the model of the job."""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypedDict

from aws_cdk import Stack
from constructs import Construct

import bedrock_batch
from bedrock_batch import BedrockBatchError, RecordLimits
from cdk_bedrock_batch._cdk.lasting import lasting
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._data.local_input import LocalFiles
from cdk_bedrock_batch._data.records_check import check_records
from cdk_bedrock_batch.invocation_type import InvocationType

_NOT_IN_A_KEY = re.compile(r"[^-!_*'().0-9A-Za-z]+")


class Asked(TypedDict, total=False):
    """What `bedrock_batch.prepare` takes beside a table, a template and a model; its defaults hold."""

    system: str | os.PathLike[str] | None
    max_tokens: int | None
    temperature: float | None
    top_p: float | None
    stop: Sequence[str]
    id_column: str | None
    image_columns: Sequence[str]
    empty: Literal["refuse", "skip", "keep"]
    first: int | None
    format: str | None
    delimiter: str | None


class TableRecords(LocalFiles):
    """A table, and the file of its records, which lives as long as this."""

    def __init__(
        self,
        table: Any,  # noqa: ANN401 (see InputData)
        template: str | os.PathLike[str],
        asked: Asked,
        limits: RecordLimits | None,
    ) -> None:
        if unknown := asked.keys() - Asked.__annotations__.keys():
            raise TypeError(f"InputData.from_table() got an unexpected keyword argument {min(unknown)!r}")
        if isinstance(table, Iterator):
            # ValueError like every other refusal, so that a caller has one kind to catch.
            raise ValueError(  # noqa: TRY004 (see above)
                f"'input_data' must be a table that can be read again, got {table!r}: make a list of it"
            )
        self._folder = tempfile.TemporaryDirectory()
        self._table, self._template, self._asked = table, template, asked
        # Results are named after it.
        name = Path(table).stem if isinstance(table, (str, os.PathLike)) else "records"
        self._name, self._times = f"{_NOT_IN_A_KEY.sub('-', name)}.jsonl", count()
        super().__init__([self._another_file()], limits)

    def _another_file(self) -> Path:
        """Name a file that the CDK has not seen: it keeps the digest of a path, and jobs may have several models."""
        folder = Path(self._folder.name) / str(next(self._times))
        folder.mkdir()
        return folder / self._name

    def check(self, stack: Stack, model_id: str, invocation_type: InvocationType | None) -> list[str]:  # noqa: ARG002 (goes wherever the stack is)
        """See `InputData.check`; the records are made for this model."""
        self._paths = [path := self._another_file()]
        kind = invocation_type.value if invocation_type else None
        if is_token(model_id) and kind != "Converse":
            raise ValueError(
                "'input_data' of a table is written for a model, and the job's is known only when it is deployed: name "
                "its id, or set the invocation type Converse, which has one form for all models"
            )
        try:
            made = bedrock_batch.prepare(
                self._table, path, template=self._template, model=model_id, invocation_type=kind, **self._asked
            )
        except BedrockBatchError as error:
            raise ValueError(f"'input_data' cannot be used: {error}") from None
        if made.images_in_s3:
            raise ValueError(
                "'input_data' must have its images as files or bytes, but some are in S3, and a job reads those in the "
                "folder of its records only: copy them here, or use InputData.from_bucket"
            )
        return check_records(self._paths, self._limits, model_id, invocation_type)

    def _published(self, scope: Construct, path: Path) -> Path:
        """See `LocalFiles`: the temporary file may be gone by then."""
        return Path(lasting(scope, str(path)))
