"""The objects that a job reads, as far as they are looked at: which there are, and what they are encrypted with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.account import AbsentError, Account, UntoldError
from bedrock_batch.diagnosis.finding import Finding, cannot_tell, right, wrong
from bedrock_batch.values import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrock_batch.diagnosis.subject import Subject
    from bedrock_batch.records.limits import RecordLimits

_INPUT = "the input"
_JSONL = ".jsonl"
#: "InvalidObjectState" of "GetObject" in the S3 API reference: they are read only after they have been restored.
_ARCHIVES = ("DEEP_ARCHIVE", "GLACIER")
#: Each is a question to IAM, to S3 and perhaps to the key.
MOST = 20
_PAGES = 10


@dataclass(frozen=True)
class Objects:
    """The JSONL files of the input.

    Attributes
    ----------
    keys : tuple of str
        The keys of the first of them, at most `MOST`.
    others : int
        How many there are besides.
    finding : Finding
        Whether there are any, of sizes that a job may read.
    """

    keys: tuple[str, ...]
    others: int
    finding: Finding


@dataclass(frozen=True)
class Written:
    """How an object was encrypted.

    Attributes
    ----------
    key : str
        The ARN of the KMS key; empty for none.
    bucket_key : bool
        Whether KMS is told the bucket, not the object.
    """

    key: str
    bucket_key: bool


def look_at_objects(account: Account, subject: Subject, limits: RecordLimits) -> Objects:
    """List the input.

    Source: "Format and upload your batch inference data" in the Bedrock user guide: a file, or a folder whose files end
    in ``.jsonl``.
    """
    try:
        listed, complete = _listed(account, subject)
    except UntoldError as error:
        return Objects((), 0, cannot_tell(_INPUT, f"{subject.input.uri}: {error}"))
    except AbsentError:
        return Objects((), 0, cannot_tell(_INPUT, f"{subject.input.uri}: there is no such bucket"))
    keys, sizes = sorted(listed), {key: each["Size"] for key, each in listed.items()}
    archived = next((listed[key] for key in keys if _is_archived(listed[key])), None)
    finding = _of_archive(archived) if archived else _judged(subject, sizes, limits, complete=complete)
    return Objects(tuple(keys[:MOST]), len(keys[MOST:]), finding)


def expected_objects(subject: Subject) -> Objects:
    """Name one that stands for those that a deployment puts into a bucket that it makes."""
    key = subject.input.uri.key
    there = key if key.endswith(_JSONL) else f"{key.rstrip('/')}/records{_JSONL}".lstrip("/")
    said = f"{subject.input.uri} is filled when the stack is there; bedrock-batch check reads the files before that"
    return Objects((there,), 0, cannot_tell(_INPUT, said))


def how_written(account: Account, subject: Subject, key: str) -> Written:
    """Ask how an object was encrypted.

    Raises
    ------
    UntoldError
        The caller may not ask.
    """
    s3 = account.client("s3")
    found = account.ask("s3:GetObject", lambda: s3.head_object(Bucket=subject.input.uri.bucket, Key=key))
    name = found.get("SSEKMSKeyId", "") if str(found.get("ServerSideEncryption", "")).startswith("aws:kms") else ""
    return Written(str(name or ""), bool(found.get("BucketKeyEnabled")))


def _listed(account: Account, subject: Subject) -> tuple[dict[str, Mapping[str, Any]], bool]:
    uri, s3 = subject.input.uri, account.client("s3")
    found: dict[str, Mapping[str, Any]] = {}
    token: dict[str, Any] = {"OptionalObjectAttributes": ["RestoreStatus"]}
    for _ in range(_PAGES):
        page: Mapping[str, Any] = account.ask(
            "s3:ListBucket",
            lambda options=token: s3.list_objects_v2(Bucket=uri.bucket, Prefix=uri.key, **options),  # type: ignore[misc]
            absent=("NoSuchBucket",),
        )
        found |= {each["Key"]: each for each in page.get("Contents", []) if _is_read(each["Key"], uri.key)}
        if not page.get("IsTruncated"):
            return _those_meant(found, uri.key), True
        token["ContinuationToken"] = page["NextContinuationToken"]
    return _those_meant(found, uri.key), False


def _is_read(key: str, location: str) -> bool:
    folder = location if not location or location.endswith("/") else f"{location}/"
    return key.endswith(_JSONL) and (key == location or key.startswith(folder))


def _those_meant(listed: dict[str, Mapping[str, Any]], location: str) -> dict[str, Mapping[str, Any]]:
    return {location: listed[location]} if location in listed else listed


def _is_archived(listed: Mapping[str, Any]) -> bool:
    restored = "RestoreExpiryDate" in listed.get("RestoreStatus", {})
    return listed.get("StorageClass") in _ARCHIVES and not restored


def _of_archive(listed: Mapping[str, Any]) -> Finding:
    said = f"{listed['Key']} is archived in {listed['StorageClass']}, and not restored"
    return wrong(_INPUT, said, "restore it, or copy it with another storage class and name the copy in 'input_data'")


def _judged(subject: Subject, sizes: Mapping[str, int], limits: RecordLimits, *, complete: bool) -> Finding:
    uri, total = subject.input.uri, sum(sizes.values())
    if not sizes and complete:
        return wrong(
            _INPUT, f"{uri} has no object that ends in {_JSONL}", "correct 'input_data', or upload the records"
        )
    large = [key for key, size in sizes.items() if size > limits.bytes_per_file]
    mends = "split it with bedrock-batch split, or use a BatchInferencePipeline"
    if large:
        return wrong(
            _INPUT, f"{large[0]} has {sizes[large[0]]:,} bytes, a file may have {limits.bytes_per_file:,}", mends
        )
    if total > limits.bytes_per_job:
        return wrong(_INPUT, f"{uri} has {total:,} bytes, a job may read {limits.bytes_per_job:,}", mends)
    if not complete:
        return cannot_tell(_INPUT, f"{uri} has more objects than are listed here")
    return right(_INPUT, f"{uri} has {counted(len(sizes), 'file')}, {total:,} bytes; bedrock-batch check reads them")
