"""Records that are on this machine: checked here, published as CDK assets, staged by the function."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from aws_cdk import Stack
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from bedrock_batch import RecordLimits
from cdk_bedrock_batch._api.validation import check_type
from cdk_bedrock_batch._data.input_source import BoundInput, Home, StagedAsset
from cdk_bedrock_batch._data.records_check import check_records
from cdk_bedrock_batch._data.s3_uri import is_s3_uri
from cdk_bedrock_batch.invocation_type import InvocationType


class LocalFiles:
    """JSONL files that come to stand in one folder of the input bucket."""

    def __init__(self, paths: Sequence[str | os.PathLike[str]], limits: RecordLimits | None) -> None:
        self._paths, self._limits = [_path(path) for path in paths], _checked(limits)
        if not paths:
            raise ValueError("'input_data' must have at least one file, got none")
        for path in filter(Path.is_dir, self._paths):
            raise ValueError(
                f"'input_data' must be a file, got {str(path)!r}: it is a folder: use InputData.from_directory"
            )
        names = [path.name for path in self._paths]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"'input_data' must have files of different names, got two named {twice!r}: rename one")

    def check(self, stack: Stack, model_id: str, invocation_type: InvocationType | None) -> list[str]:  # noqa: ARG002 (goes wherever the stack is)
        """See `InputData.check`."""
        return check_records(self._paths, self._limits, model_id, invocation_type)

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
            found = "it is a file: use InputData.from_file" if self._path.is_file() else "there is none of that name"
            raise ValueError(f"'input_data' must be a folder, got {str(path)!r}: {found}")

    def check(self, stack: Stack, model_id: str, invocation_type: InvocationType | None) -> list[str]:  # noqa: ARG002 (goes wherever the stack is)
        """See `InputData.check`."""
        return check_records([self._path], self._limits, model_id, invocation_type)

    def bind(self, scope: Construct, home: Home) -> BoundInput:
        """See `InputData.bind`."""
        asset, place = _asset(scope, self._path, 0), home()
        target = place.below(f"{asset.asset_hash}/")
        return BoundInput(target, place, (StagedAsset(asset, target),))


def _path(path: str | os.PathLike[str]) -> Path:
    if not isinstance(path, (str, os.PathLike)) or not str(path):
        # ValueError like every other refusal, so that a caller has one kind to catch.
        raise ValueError(f"'input_data' must be a path, such as \"prompts.jsonl\", got {path!r}")
    if is_s3_uri(str(path)):
        raise ValueError(
            f"'input_data' must be on this machine, got {str(path)!r}: use InputData.from_uri({str(path)!r})"
        )
    return Path(path)


def _checked(limits: RecordLimits | None) -> RecordLimits | None:
    if limits is not None:
        check_type("limits", limits, RecordLimits, "RecordLimits(min_records_per_job=50)")
    return limits


def _asset(scope: Construct, path: Path, number: int) -> s3_assets.Asset:
    # Absolute: the CDK's own process keeps the folder that it was started in.
    return s3_assets.Asset(scope, f"InputAsset{number or ''}", path=str(path.absolute()))


def _digest(hashes: list[str]) -> str:
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
