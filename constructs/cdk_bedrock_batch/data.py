"""Where the records come from and where the results go."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Aws, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from bedrock_batch import RecordLimits, check
from cdk_bedrock_batch._validation import check_text

_URI_ADVICE = "use only letters, digits and -!_*'(). between single slashes"


@dataclass(frozen=True)
class StagedAsset:
    """A local file on its way: published by the CDK CLI, copied to ``target_key`` when the stack is deployed."""

    asset: s3_assets.Asset
    target_key: str


@dataclass(frozen=True)
class BoundInput:
    """Input data that has found its place in a stack."""

    uri: str
    bucket: s3.IBucket
    role_statements: list[iam.PolicyStatement]
    staged: tuple[StagedAsset, ...] = ()


@dataclass(frozen=True)
class BoundOutput:
    """Output data that has found its place in a stack."""

    uri: str
    bucket: s3.IBucket
    role_statements: list[iam.PolicyStatement]


class InputData(ABC):
    """The records of a job. Make one with a static method."""

    @staticmethod
    def from_file(path: str, *, limits: RecordLimits | None = None) -> "InputData":
        """Use a local JSONL file; new content means a new job.

        The file is checked now, published as an asset, and copied into the job's input bucket on deploy.

        Parameters
        ----------
        path
            Of a file in JSONL format, one record a line, relative to the current folder.
        limits
            What the model takes at once; quotas differ by model and account. Default: `RecordLimits()`.

        Raises
        ------
        ValueError
            The file is not what Bedrock takes; the text names the file, the line and what to change.
        """
        return _FileInput(Path(path), limits or RecordLimits())

    @staticmethod
    def from_bucket(bucket: s3.IBucket, key_or_prefix: str) -> "InputData":
        """Use records that are in S3 already.

        Parameters
        ----------
        bucket
            The bucket of the records, in the stack's Region and account.
        key_or_prefix
            The key of one JSONL file, or a prefix ending in ``/``: all JSONL files below it.

        Raises
        ------
        ValueError
            The key is neither of a JSONL file nor a prefix, or has a character that Bedrock's S3 URI pattern refuses.
        """
        if not Token.is_unresolved(key_or_prefix) and not key_or_prefix.endswith((".jsonl", "/")) and key_or_prefix:
            raise ValueError(
                f"'input_data' must be a key ending in .jsonl or a prefix ending in /, got {key_or_prefix!r}"
            )
        check_text("input_data", f"s3://bucket/{key_or_prefix}", *_INPUT_URI, advice=_URI_ADVICE)
        return _BucketInput(bucket, key_or_prefix)

    @abstractmethod
    def bind(self, scope: Construct, make_bucket: Callable[[], s3.IBucket]) -> BoundInput:
        """Place the data in a stack; ``make_bucket`` gives the job's own bucket."""


class OutputData(ABC):
    """The place for the results. Make one with a static method."""

    @staticmethod
    def to_bucket(bucket: s3.IBucket, prefix: str = "") -> "OutputData":
        """Write the results to a bucket, below ``<prefix>/<job id>/``.

        Parameters
        ----------
        bucket
            The bucket for the results, in the stack's Region and account.
        prefix
            Default: the root of the bucket.

        Raises
        ------
        ValueError
            The prefix has a character that Bedrock's S3 URI pattern refuses.
        """
        check_text("output_data", f"s3://bucket/{prefix}", *_OUTPUT_URI, advice=_URI_ADVICE)
        return _BucketOutput(bucket, prefix)

    @abstractmethod
    def bind(self, scope: Construct) -> BoundOutput:
        """Place the data in a stack."""


_INPUT_URI = ("inputDataConfig", "s3InputDataConfig", "s3Uri")
_OUTPUT_URI = ("outputDataConfig", "s3OutputDataConfig", "s3Uri")


class _FileInput(InputData):
    def __init__(self, path: Path, limits: RecordLimits) -> None:
        report = check(path, limits=limits)
        if report.problems:
            # A line that is wrong says more than the number of lines, which may be wrong for the same reason.
            first = next((problem for problem in report.problems if problem.line), report.problems[0])
            more = len(report.problems) - 1 + report.hidden
            others = f" ({more} more {'problem' if more == 1 else 'problems'})" if more else ""
            raise ValueError(f"'input_data' cannot be used: {first}{others}")
        self._path = path

    def bind(self, scope: Construct, make_bucket: Callable[[], s3.IBucket]) -> BoundInput:
        # Absolute: the CDK's own process keeps the folder that it was started in.
        asset = s3_assets.Asset(scope, "InputAsset", path=str(self._path.absolute()))
        bucket = make_bucket()
        # The digest in the key makes new content another specification, hence another job.
        key = f"{asset.asset_hash}/{self._path.name}"
        # The role may read the whole bucket, which is the job's own: narrowed to this key, a change of the content
        # would take the old one away from a job that still runs, and that a failed update must be able to keep.
        statements = _read_statements(bucket, "*")
        return BoundInput(bucket.s3_url_for_object(key), bucket, statements, (StagedAsset(asset, key),))


class _BucketInput(InputData):
    def __init__(self, bucket: s3.IBucket, key_or_prefix: str) -> None:
        self._bucket, self._key = bucket, key_or_prefix

    def bind(self, scope: Construct, make_bucket: Callable[[], s3.IBucket]) -> BoundInput:  # noqa: ARG002 (the data has its bucket)
        objects = f"{self._key}*" if self._key.endswith("/") or not self._key else self._key
        return BoundInput(
            self._bucket.s3_url_for_object(self._key), self._bucket, _read_statements(self._bucket, objects)
        )


class _BucketOutput(OutputData):
    def __init__(self, bucket: s3.IBucket, prefix: str) -> None:
        self._bucket, self._prefix = bucket, prefix.strip("/")

    def bind(self, scope: Construct) -> BoundOutput:  # noqa: ARG002 (the data has its bucket)
        prefix = f"{self._prefix}/" if self._prefix else ""
        statements = [
            _statement("s3:PutObject", self._bucket.arn_for_objects(f"{prefix}*")),
            _statement("s3:ListBucket", self._bucket.bucket_arn),
        ]
        return BoundOutput(self._bucket.s3_url_for_object(prefix), self._bucket, statements)


def _read_statements(bucket: s3.IBucket, objects: str) -> list[iam.PolicyStatement]:
    return [
        _statement("s3:GetObject", bucket.arn_for_objects(objects)),
        _statement("s3:ListBucket", bucket.bucket_arn),
    ]


def _statement(action: str, arn: str) -> iam.PolicyStatement:
    # The account condition is the user guide's (batch-iam-sr): a bucket name given up can be taken by anybody.
    owner = {"StringEquals": {"aws:ResourceAccount": Aws.ACCOUNT_ID}}
    return iam.PolicyStatement(actions=[action], resources=[arn], conditions=owner)
