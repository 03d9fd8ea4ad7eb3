"""An object copied inside S3: none of it passes through the function, whatever its size.

A large one is copied in parts. One request takes 5 GB at most, and S3 answers it when all is copied: one of a gigabyte
would outlast the client's time-out, be sent again and begin anew. Source: S3 user guide, "Copying an object using
multipart upload" and "Amazon S3 multipart upload limits".
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from model_invocation_job.clock import Deadline
from model_invocation_job.errors import SubmissionError
from model_invocation_job.requests.staged_object import StagedObject
from model_invocation_job.s3_uri import taken_apart

#: Bytes of a part: at 7 MB/s it is still copied within the client's time-out of ten seconds.
PART = 64 * 1024 * 1024
_MOST_PARTS = 10_000
#: Requests at a time; S3 does the work. botocore keeps ten connections.
_AT_A_TIME = 8

Place = Mapping[str, str]


def copy(client: Any, item: StagedObject, deadline: Deadline) -> None:  # noqa: ANN401 (boto3's clients have no class)
    """Put an object to its target; a second time puts the same there.

    Parameters
    ----------
    client
        boto3's, of the service ``s3``.
    item
        The object; one that tells its size is copied in parts.
    deadline
        When nothing more is sent.

    Raises
    ------
    SubmissionError
        The time is over.
    """
    source, target = _place(item.source), _place(item.target)
    if item.size:
        _copy_in_parts(client, source, target, item.size, deadline)
    else:
        # The default copies the source's tags, which needs a right to read them.
        client.copy_object(CopySource=source, **target, TaggingDirective="REPLACE")


def _copy_in_parts(client: Any, source: Place, target: Place, size: int, deadline: Deadline) -> None:  # noqa: ANN401 (as above)
    # What a failure leaves of it the lifecycle of the input bucket removes: to do so at once is a right of its own.
    upload = {**target, "UploadId": client.create_multipart_upload(**target)["UploadId"]}
    ranges = ranges_of(size)
    pool = ThreadPoolExecutor(_AT_A_TIME)
    try:
        copied = partial(_copied, client, {**upload, "CopySource": source}, deadline)
        parts = list(pool.map(copied, range(1, len(ranges) + 1), ranges))
    finally:
        # After a failure, those that have not begun are not begun.
        pool.shutdown(cancel_futures=True)
    client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})


def _copied(client: Any, upload: Mapping[str, Any], deadline: Deadline, number: int, part: str) -> dict[str, Any]:  # noqa: ANN401 (as above)
    if deadline.left <= 0:
        raise SubmissionError("the function has too little time to copy so much: give the job less at once")
    result = client.upload_part_copy(**upload, PartNumber=number, CopySourceRange=part)
    return {"PartNumber": number, "ETag": result["CopyPartResult"]["ETag"]}


def ranges_of(size: int) -> Sequence[str]:
    """Return the parts of an object of so many bytes, as S3 names them."""
    length = max(PART, -(-size // _MOST_PARTS))
    return [f"bytes={first}-{min(first + length, size) - 1}" for first in range(0, size, length)]


def _place(uri: str) -> dict[str, str]:
    bucket, key = taken_apart(uri)
    return {"Bucket": bucket, "Key": key}
