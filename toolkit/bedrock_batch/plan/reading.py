"""The input of a job that is to run: local files that the app publishes, or objects of S3."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bedrock_batch.files.s3_uri import S3Uri
from bedrock_batch.plan.amount import Amount, Count, total
from bedrock_batch.plan.template.known import Text, Value, shown
from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.input.s3 import S3File, s3_files
from bedrock_batch.records.input.source import SUFFIX
from bedrock_batch.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_SAMPLE = 1024 * 1024


@dataclass
class Reading:
    """Reads the input of the jobs of one stack.

    Attributes
    ----------
    files : mapping of str to Path
        The local files of assets, by the keys of the objects that they become.
    s3
        Client; None where nothing in S3 is looked at.
    """

    files: Mapping[str, Path]
    s3: Any
    _read: dict[Path, Amount] = field(default_factory=dict)

    def amount(self, properties: Mapping[str, Value]) -> Amount:
        """Tell how much a job with some properties reads.

        Raises
        ------
        botocore.exceptions.BotoCoreError
            If S3 cannot be asked.
        """
        staged = properties.get("StagedInput")
        if sources := _sources(staged):
            return total(self._of_asset(source) for source in sources)
        job = properties.get("Job")
        uri = _member(job, "inputDataConfig", "s3InputDataConfig", "s3Uri")
        if not isinstance(uri, Text) or uri.value is None:
            return Amount(doubt="where it reads is known to CloudFormation only")
        return self._of_uri(uri.value)

    def content(self, properties: Mapping[str, Value]) -> str:
        """Return what tells the input and the model of a job from those of others."""
        model, staged = shown(_member(properties.get("Job"), "modelId")), properties.get("StagedInput")
        uri = shown(_member(properties.get("Job"), "inputDataConfig", "s3InputDataConfig", "s3Uri"))
        return " ".join([model, *(_sources(staged) or [uri])])

    def _of_asset(self, source: str) -> Amount:
        path = next((path for key, path in self.files.items() if source.endswith(f"/{key}")), None)
        if path is None or not path.exists():
            return Amount(doubt="its records are not in the assembly")
        if path not in self._read:
            try:
                self._read[path] = _counted(_lines(path))
            except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
                return Amount(doubt=f"{path.name} in the assembly cannot be read ({error})")
        return self._read[path]

    def _of_uri(self, uri: str) -> Amount:
        from botocore.exceptions import ClientError  # noqa: PLC0415 - slow to import

        if self.s3 is None:
            return Amount(doubt="it reads S3")
        findings = Findings(uri)
        try:
            # Of an empty object there is no beginning to read.
            found = [each for each in s3_files(uri, self.s3, findings) if each.bytes]
            return self._of_objects(found) if found else Amount(doubt=f"there are no records in {shortened(uri, 200)}")
        except ClientError as error:
            return Amount(doubt=f"S3 does not tell of its records ({error.response['Error']['Code']})")

    def _of_objects(self, found: list[S3File]) -> Amount:
        """Count the beginning of the first object, of which the others are supposed to be like."""
        bucket, key = S3Uri.parse(found[0].name)
        content = self.s3.get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{_SAMPLE - 1}")["Body"].read()
        whole = content[: content.rfind(b"\n") + 1] or content
        return _counted(whole.splitlines(keepends=True), sum(each.bytes for each in found))


def _counted(lines: Iterable[bytes], size: int | None = None) -> Amount:
    count = Count()
    for line in lines:
        count.add(line)
    return count.amount(size)


def _lines(path: Path) -> Iterator[bytes]:
    """Read the lines of a file, of those in a folder, or of those in an archive."""
    if path.is_dir():
        for inner in sorted(path.rglob(f"*{SUFFIX}")):
            yield from _lines(inner)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(SUFFIX):
                    with archive.open(name) as packed:
                        yield from packed
    else:
        with path.open("rb") as file:
            yield from file


def _sources(staged: Value) -> list[str]:
    pairs = staged if isinstance(staged, list) else []
    return [shown(each.get("Source")) for each in pairs if isinstance(each, dict)]


def _member(value: Value, *names: str) -> Value:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
