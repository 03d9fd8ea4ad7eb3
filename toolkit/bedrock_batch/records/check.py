"""The records of a job: checked before the job is paid for."""

import os
from collections.abc import Callable, Iterable

from bedrock_batch.records.check_report import CheckReport
from bedrock_batch.records.limits import RecordLimits

PathLike = str | os.PathLike[str]


def check(
    path: PathLike | Iterable[PathLike],
    *,
    limits: RecordLimits | None = None,
    model: str | None = None,
    invocation_type: str | None = None,
    s3_client: object = None,
    processes: int = 1,
    progress: Callable[[int], object] | None = None,
) -> CheckReport:
    """Check the input of a job: the form of its records, their ids and bodies, their number and size.

    The service accepts a job at once and looks at its input minutes later; this finds the same faults now, and some
    that the service does not look for, such as two records with one id, or a body that its model will refuse. The form
    is that of "Format and upload your batch inference data"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html). Each file is read once, in
    bounded memory.

    Parameters
    ----------
    path : str, path, or iterable of these
        All that the job reads: files, folders with JSONL files and the media that they refer to, or S3 URIs of
        either.
    limits : RecordLimits
        How many records and bytes there may be. Default: the quotas that AWS publishes for the model.
    model : str
        The id or ARN of the model or inference profile: each family's members, types, ranges and roles are rules. One
        that is not known is a warning. Default: bodies are held against no model.
    invocation_type : str
        ``InvokeModel`` or ``Converse``, as in the API field ``modelInvocationType``. Default: the service's,
        ``InvokeModel``.
    s3_client : boto3 client of S3
        Reads what is in S3. Default: made by boto3 when an S3 URI is there.
    processes : int
        How many processes read local files, if these are large; the answer is the same. Default: 1, this process.
    progress : callable
        Called with a number of bytes each time that they are done. Default: nobody is told.

    Returns
    -------
    CheckReport
        What is there and what is wrong with it. A file that cannot be read is a problem in the report, not an error.

    Raises
    ------
    ValueError
        If ``invocation_type`` is none of the two.
    botocore.exceptions.ClientError
        If S3 refuses to list or read.

    Examples
    --------
    >>> str(check("no-such-file.jsonl").problems[0])[:41]
    'no-such-file.jsonl: there is no such file'
    """
    from bedrock_batch.records.checking.job_check import JobCheck  # noqa: PLC0415 - brings the JSON library

    paths = [path] if isinstance(path, str | os.PathLike) else list(path)
    job = JobCheck(limits or RecordLimits.of_model(model), model, invocation_type)
    return job.run(paths, s3_client=s3_client, processes=processes, progress=progress or _tell_nobody)


def _tell_nobody(_amount: int) -> None:
    pass
