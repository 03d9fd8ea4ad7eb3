"""Records that are on this machine: checked here, published as CDK assets, staged by the function."""

import atexit
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from weakref import WeakKeyDictionary

from aws_cdk import FileSystem, LegacyStackSynthesizer, Stack
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from bedrock_batch import RecordLimits
from cdk_bedrock_batch._api.validation import check_type
from cdk_bedrock_batch._cdk.lasting import lasting
from cdk_bedrock_batch._cdk.shared import stack_of
from cdk_bedrock_batch._data.input_source import BoundInput, Home, StagedAsset
from cdk_bedrock_batch._data.location import Location
from cdk_bedrock_batch._data.records_check import check_records
from cdk_bedrock_batch._data.s3_uri import is_s3_uri
from cdk_bedrock_batch.invocation_type import InvocationType

#: What CDK mixes into the hash of each asset where an app says so.
_SALT = "@aws-cdk/core:assetHashSalt"
#: So many files of a stack, beside those that are all of a job's, travel one by one.
_MOST_ALONE = 100


class LocalFiles:
    """JSONL files that come to stand in one folder of the input bucket."""

    def __init__(self, paths: Sequence[str | os.PathLike[str]], limits: RecordLimits | None) -> None:
        # By name: in which order they are given says nothing of the job.
        self._paths, self._limits = sorted(map(_path, paths), key=lambda path: path.name), _checked(limits)
        if not paths:
            raise ValueError("'input_data' must have at least one file, got none")
        for path in filter(Path.is_dir, self._paths):
            raise ValueError(
                f"'input_data' must be a file, got {str(path)!r}: it is a folder: use InputData.from_directory"
            )
        names = Counter(path.name for path in self._paths)
        twice = next((name for name, number in names.items() if number > 1), None)
        if twice:
            raise ValueError(f"'input_data' must have files of different names, got two named {twice!r}: rename one")

    def check(self, stack: Stack, model_id: str, invocation_type: InvocationType | None) -> list[str]:  # noqa: ARG002 (goes wherever the stack is)
        """See `InputData.check`."""
        return check_records(self._paths, self._limits, model_id, invocation_type)

    def bind(self, scope: Construct, home: Home) -> BoundInput:
        """See `InputData.bind`."""
        # The role may read all of the job's own place: narrowed to one key, a change of the content would take the
        # old one away from a job that still runs, and that a failed update must be able to keep.
        place, number = home(), len(self._paths)
        if number > 1 and not _travel_alone(scope, number):
            folder = self._of_these(place, [_hash(scope, path) for path in self._paths])
            archive = _asset(scope, Path(lasting(scope, str(_gathered(self._paths)))))
            return BoundInput(folder, place, (StagedAsset(archive, folder),))
        assets = [_asset(scope, self._published(scope, path), number) for number, path in enumerate(self._paths)]
        folder = self._of_these(place, [asset.asset_hash for asset in assets])
        targets = [folder.below(path.name) for path in self._paths]
        sizes = [path.stat().st_size for path in self._paths]
        staged = tuple(map(StagedAsset, assets, targets, sizes))
        return BoundInput(targets[0] if number == 1 else folder, place, staged)

    def _published(self, scope: Construct, path: Path) -> Path:  # noqa: ARG002 (for those of this package's own)
        """Return where the CDK CLI finds a file."""
        return path

    def _of_these(self, place: Location, hashes: Sequence[str]) -> Location:
        """Return the folder of these files and no others: what it holds is what the job reads.

        Other content or another name is another folder, hence another specification and another job. In one and the
        same folder a file would stay under its old name, and its records would be answered and paid a second time. Of
        a single file the job reads the file alone.
        """
        if len(hashes) == 1:
            return place.below(f"{hashes[0]}/")
        named = [[path.name, digest] for path, digest in zip(self._paths, hashes, strict=True)]
        return place.below(f"{hashlib.sha256(json.dumps(named).encode()).hexdigest()}/")


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
        asset, place = _asset(scope, self._path), home()
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


def _travel_alone(scope: Construct, number: int) -> bool:
    """Whether files are published one by one, and count them then.

    S3 copies them, however large they are, while an archive goes through the function. But each is a right of the
    function's and a property of the job's, and a thousand would be more than IAM and a template take.
    """
    stack = stack_of(scope)
    alone = _ALONE.get(stack, 0) + number
    if alone > _MOST_ALONE or _has_parameters_for_assets(stack):
        return False
    _ALONE[stack] = alone
    return True


def _has_parameters_for_assets(stack: Stack) -> bool:
    """Whether each asset has three of the 200 parameters that a template may have."""
    while stack.nested_stack_parent:
        stack = stack.nested_stack_parent
    return isinstance(stack.synthesizer, LegacyStackSynthesizer)


# Of each stack how many files travel alone that need not.
_ALONE: WeakKeyDictionary[Stack, int] = WeakKeyDictionary()


def _gathered(paths: Sequence[Path]) -> Path:
    """Put files into one folder, which lasts as long as this process."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path in paths:
        try:
            os.link(path.resolve(), folder / path.name)
        except OSError:
            # On another disk, or one that has no links.
            shutil.copyfile(path, folder / path.name)
    return folder


def _asset(scope: Construct, path: Path, number: int = 0) -> s3_assets.Asset:
    # Absolute: the CDK's own process keeps the folder that it was started in.
    return s3_assets.Asset(scope, f"InputAsset{number or ''}", path=str(path.absolute()))


def _hash(scope: Construct, path: Path) -> str:
    # As an asset of the file alone would have it: a job stays the same, however its files travel.
    return FileSystem.fingerprint(str(path.absolute()), extra_hash=scope.node.try_get_context(_SALT))
