"""How much there is, against how much there may be."""

from collections.abc import Iterator

from bedrock_batch.records.limits import RecordLimits, written


def file_problems(records: int, size: int, limits: RecordLimits) -> Iterator[str]:
    """Hold one of several files against the quotas of a file.

    Yields
    ------
    str
        Each thing to change.
    """
    if records == 0:
        yield "has no records; write one on each line"
    yield from _excess_problem("records", records, "file", limits.records_per_file)
    yield from _excess_problem("bytes", size, "file", limits.bytes_per_file)


def job_problems(records: int, size: int, limits: RecordLimits) -> Iterator[str]:
    """Hold all files together against the quotas of a job.

    Yields
    ------
    str
        Each thing to change.
    """
    yield from _shortage_problem(records, limits)
    yield from _excess_problem("records", records, "job", limits.records_per_job)
    yield from _excess_problem("bytes", size, "job", limits.bytes_per_job)


def only_file_problems(records: int, size: int, limits: RecordLimits) -> Iterator[str]:
    """Hold a file that is all of a job against both; the lower quota decides.

    Yields
    ------
    str
        Each thing to change.
    """
    if records == 0:
        yield "has no records; write one on each line"
    else:
        yield from _shortage_problem(records, limits)
    for unit, amount in (("records", records), ("bytes", size)):
        per_file, per_job = getattr(limits, f"{unit}_per_file"), getattr(limits, f"{unit}_per_job")
        yield from _excess_problem(unit, amount, "file" if per_file <= per_job else "job", min(per_file, per_job))


def _shortage_problem(records: int, limits: RecordLimits) -> Iterator[str]:
    fewest = limits.min_records_per_job
    if records < fewest:
        yield (
            f"has {records:,} of the at least {fewest:,} records that a job needs; add {fewest - records:,} more, or "
            f"say {written(min_records_per_job=max(records, 1))} if the quota of the model is that low"
        )


def _excess_problem(unit: str, amount: int, whole: str, most: int) -> Iterator[str]:
    if amount > most:
        yield (
            f"has {amount:,} {unit} and a {whole} may have at most {most:,}; use fewer, as bedrock-batch split does, "
            f"or set the limit {unit}_per_{whole}={amount} if your quota is that high"
        )
