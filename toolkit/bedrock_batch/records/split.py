"""Input of any size, in files that a job takes."""

import os
from collections.abc import Callable, Iterable

from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.split_report import SplitReport

PathLike = str | os.PathLike[str]


def split(
    path: PathLike | Iterable[PathLike],
    destination: PathLike,
    *,
    limits: RecordLimits | None = None,
    s3_client: object = None,
    progress: Callable[[int], object] | None = None,
) -> SplitReport:
    """Split input into the fewest files of which each keeps to the quotas of a file and of a job.

    All have the same number of records but for one, so that none is left with fewer than a job takes.
    The same input and limits give the same files, byte for byte: records keep their order and their bytes, and a
    record without a `recordId` gets its number in the whole input, such as ``record-000000017``. A file appears under
    its name when it is whole. A run that was cut off is taken up by running it again: files that are there are
    compared, not written again.

    Parameters
    ----------
    path : str, path, or iterable of these
        Files, folders or S3 URIs, read one after the other, twice; in memory are 8 bytes for each record.
    destination : str or path
        A folder, made if there is none, or the S3 URI of one. Files are named ``records-00001.jsonl`` and so on.
    limits : RecordLimits
        How many records and bytes a file may have, and how many it must. Default: the quotas that AWS publishes for
        most models.
    s3_client : boto3 client of S3
        Reads from and writes to S3. Default: made by boto3 when an S3 URI is there.
    progress : callable
        Called with a number of bytes each time that they are done. Default: nobody is told.

    Returns
    -------
    SplitReport
        What has been written.

    Raises
    ------
    SplitError
        If a line is no record, if a file of the destination holds something else, if there are no records, or if no
        number of files keeps to the limits.
    OSError
        If something cannot be read or written.
    botocore.exceptions.ClientError
        If S3 refuses something.
    """
    from bedrock_batch.records.splitting.job_split import JobSplit  # noqa: PLC0415 - brings the JSON library

    paths = [path] if isinstance(path, str | os.PathLike) else list(path)
    job = JobSplit(os.fspath(destination), limits or RecordLimits(), s3_client, progress or _tell_nobody)
    return job.run(paths)


def _tell_nobody(_amount: int) -> None:
    pass
