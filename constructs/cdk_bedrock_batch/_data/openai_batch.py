"""Requests in the form of OpenAI's Batch API, converted into records when the model of the job is known."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aws_cdk import Stack
from constructs import Construct

import bedrock_batch
from bedrock_batch import BedrockBatchError, ConversionReport, RecordLimits
from cdk_bedrock_batch._cdk.lasting import lasting
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._data.local_input import LocalFiles
from cdk_bedrock_batch._data.records_check import check_records
from cdk_bedrock_batch._data.s3_uri import is_s3_uri
from cdk_bedrock_batch.invocation_type import InvocationType


class OpenAiBatch(LocalFiles):
    """A local file of OpenAI's; the records made of it are in a temporary folder that lives as long as this."""

    def __init__(
        self, path: str | os.PathLike[str], limits: RecordLimits | None, max_tokens: int | None, *, strict: bool
    ) -> None:
        if isinstance(path, str | os.PathLike) and (is_s3_uri(str(path)) or Path(path).is_dir()):
            raise ValueError(
                f"'input_data' must be a file on this machine, got {str(path)!r}: convert it with bedrock-batch "
                "convert, and use InputData.from_file"
            )
        super().__init__([path], limits)
        if max_tokens is not None and (type(max_tokens) is not int or max_tokens < 1):
            raise ValueError(
                f"'max_tokens' must be a whole number of at least 1, got {max_tokens!r}; leave it out for the model's"
            )
        (self._source,), self._max_tokens, self._strict = self._paths, max_tokens, strict
        self._folder = tempfile.TemporaryDirectory()

    def check(self, stack: Stack, model_id: str, invocation_type: InvocationType | None) -> list[str]:  # noqa: ARG002 (goes wherever the stack is)
        """See `InputData.check`."""
        if is_token(model_id):
            raise ValueError(
                "'input_data' is converted for a model, and which it is only CloudFormation will know: name it by its "
                "id, or convert the file with bedrock-batch convert and use InputData.from_file"
            )
        # A folder each time: jobs with other models may have the same input.
        self._paths = [Path(tempfile.mkdtemp(dir=self._folder.name)) / f"{self._source.stem}.jsonl"]
        try:
            report = bedrock_batch.convert(
                self._source,
                self._paths[0],
                model=model_id,
                invocation_type=invocation_type.value if invocation_type else None,
                max_tokens=self._max_tokens,
                strict=self._strict,
            )
        except BedrockBatchError as error:
            raise ValueError(f"'input_data' cannot be converted: {error}") from None
        if not report.ok:
            more = len(report.problems) - 1 + report.hidden
            others = f" ({more} more {'problem' if more == 1 else 'problems'})" if more else ""
            raise ValueError(f"'input_data' cannot be used: {report.problems[0]}{others}")
        written = check_records(self._paths, self._limits, model_id, invocation_type, written=str(self._source))
        return [*self._told(report), *written]

    def _told(self, report: ConversionReport) -> Iterator[str]:
        """Say what of the requests is lost; which models they named is not news."""
        if report.losses:
            yield f"{self._source}: {'; '.join(report.lost())}"

    def _published(self, scope: Construct, path: Path) -> Path:
        """See `LocalFiles`: the temporary file may be gone by then."""
        return Path(lasting(scope, str(path)))
