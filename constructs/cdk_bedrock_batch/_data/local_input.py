"""Records that are on this machine: checked here, published as CDK assets, staged by the function."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

import bedrock_batch
from bedrock_batch import RecordLimits
from cdk_bedrock_batch._api.validation import check_type
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._data.input_source import BoundInput, Home, StagedAsset
from cdk_bedrock_batch._data.s3_uri import is_s3_uri
from cdk_bedrock_batch.invocation_type import InvocationType


class LocalFiles:
    """JSONL files that come to stand in one folder of the input bucket."""

    def __init__(self, paths: Sequence[str | os.PathLike[str]], limits: RecordLimits | None) -> None:
        self._paths, self._limits = [_path(path) for path in paths], _checked(limits)
        if not paths:
            raise ValueError("'input_data' must have at least one file, got none")
        names = [path.name for path in self._paths]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"'input_data' must have files of different names, got two named {twice!r}: rename one")

    def check(self, model_id: str, invocation_type: InvocationType | None) -> None:
        """See `InputData.check`."""
        _check(self._paths, self._limits, model_id, invocation_type)

    def bind(self, scope: Construct, home: Home) -> BoundInput:
        """See `InputData.bind`."""
        # The digest in the key makes new content another specification, hence another job.
        assets = [_asset(scope, path, number) for number, path in enumerate(self._paths)]
        digest = _digest([asset.asset_hash for asset in assets])
        place = home()
        # The role may read all of the job's own place: narrowed to this key, a change of the content would take the
        # old one away from a job that still runs, and that a failed update must be able to keep.
        targets = [place.below(f"{digest}/{path.name}") for path in self._paths]
        staged = tuple(StagedAsset(asset, target) for asset, target in zip(assets, targets, strict=True))
        return BoundInput(targets[0] if len(targets) == 1 else place.below(f"{digest}/"), place, staged)


class LocalDirectory:
    """A folder of JSONL files and media, published as one archive."""

    def __init__(self, path: str | os.PathLike[str], limits: RecordLimits | None) -> None:
        self._path, self._limits = _path(path), _checked(limits)
        if not self._path.is_dir():
            raise ValueError(f"'input_data' must be a folder, got {str(path)!r}: there is none of that name")

    def check(self, model_id: str, invocation_type: InvocationType | None) -> None:
        """See `InputData.check`."""
        _check([self._path], self._limits, model_id, invocation_type)

    def bind(self, scope: Construct, home: Home) -> BoundInput:
        """See `InputData.bind`."""
        asset, place = _asset(scope, self._path, 0), home()
        target = place.below(f"{asset.asset_hash}/")
        return BoundInput(target, place, (StagedAsset(asset, target),))


class WrittenRecords(LocalFiles):
    """Records from Python, in a temporary file that lives as long as this."""

    def __init__(self, records: Iterable[Mapping[str, Any]], limits: RecordLimits | None) -> None:
        if not isinstance(records, Iterable):
            # ValueError like every other refusal, so that a caller has one kind to catch.
            raise ValueError(f"'input_data' must be a list or generator of mappings, got {records!r}")  # noqa: TRY004 (see above)
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "records.jsonl"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_line(number, record) for number, record in enumerate(records))
        super().__init__([path], limits)


def _path(path: str | os.PathLike[str]) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        # ValueError like every other refusal, so that a caller has one kind to catch.
        raise ValueError(f"'input_data' must be a path, such as \"prompts.jsonl\", got {path!r}")  # noqa: TRY004 (see above)
    if is_s3_uri(str(path)):
        raise ValueError(
            f"'input_data' must be on this machine, got {str(path)!r}: use InputData.from_uri({str(path)!r})"
        )
    return Path(path)


def _checked(limits: RecordLimits | None) -> RecordLimits | None:
    if limits is not None:
        check_type("limits", limits, RecordLimits, "RecordLimits(min_records_per_job=50)")
    return limits


def _line(number: int, record: Mapping[str, Any]) -> str:
    if not isinstance(record, Mapping):
        # ValueError like every other refusal, so that a caller has one kind to catch.
        raise ValueError(  # noqa: TRY004 (see above)
            f"'input_data' must be mappings with 'recordId' and 'modelInput', got {record!r} as record {number}"
        )
    try:
        return json.dumps(dict(record), ensure_ascii=False, allow_nan=False) + "\n"
    except (TypeError, ValueError) as error:
        raise ValueError(f"'input_data' must be what JSON can hold, but record {number} is not: {error}") from None


def _check(
    paths: list[Path], limits: RecordLimits | None, model_id: str, invocation_type: InvocationType | None
) -> None:
    report = bedrock_batch.check(
        paths,
        limits=limits,
        model=None if is_token(model_id) else model_id,
        invocation_type=invocation_type.value if invocation_type else None,
    )
    if report.problems:
        # A line that is wrong says more than the number of lines, which may be wrong for the same reason.
        first = next((problem for problem in report.problems if problem.line), report.problems[0])
        more = len(report.problems) - 1 + report.hidden
        others = f" ({more} more {'problem' if more == 1 else 'problems'})" if more else ""
        raise ValueError(f"'input_data' cannot be used: {first}{others}")


def _asset(scope: Construct, path: Path, number: int) -> s3_assets.Asset:
    # Absolute: the CDK's own process keeps the folder that it was started in.
    return s3_assets.Asset(scope, f"InputAsset{number or ''}", path=str(path.absolute()))


def _digest(hashes: list[str]) -> str:
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
