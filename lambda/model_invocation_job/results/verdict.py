"""What is said of a job that has not come to the results that were asked for: first what to do, then what happened."""

from model_invocation_job import status
from model_invocation_job.jobs.jobs import Job
from model_invocation_job.requests.results_request import ResultsRequest

#: A token that is the user's own is sent as it is: with the same one there is no other job.
_AGAIN = (
    "deploy again; if nothing in the job changes, give it another 'run_token', or 'client_request_token' if it has one"
)


def refusal(job: Job, asked: ResultsRequest) -> str:
    """Return what is wrong with a job that is over, nothing if it has its results."""
    if job.status == status.COMPLETED:
        return _of_completed(job, asked)
    if job.status == status.PARTIALLY_COMPLETED and asked.accepts_partial:
        # Whatever the part is, and if it is nothing: the counts tell.
        return ""
    if job.status == status.PARTIALLY_COMPLETED:
        advice = (
            f"Not all records were processed in time; the results of the others are in {asked.folder}. Take them with "
            "'accept_partial_completion=True', or give the job a longer 'timeout'; then deploy again."
        )
    elif job.status in status.UNSUCCESSFUL:
        advice = f"{job.remedy} and {_AGAIN}."
    else:
        return ""
    return _sentences(f"The job ended as {job.status}. {advice}", job.last_words, counted(job))


def of_stopped(job: Job) -> str:
    """Return what to say of a job that is not over at the end of the wait, and does not go on."""
    return _of_live(job, "It is stopped if the deployment is taken back.")


def of_left(job: Job, asked: ResultsRequest, *, by_new_stack: bool) -> str:
    """Return what to say of a job that is not over at the end of the wait, and goes on.

    Parameters
    ----------
    by_new_stack
        Whether the next deployment may be another stack's. Buckets of its own make another job.
    """
    taken = (
        "Deploy again, and the new stack takes it if the job's buckets are not the stack's own; "
        "otherwise that is another job."
        if by_new_stack
        else "The next deployment of the same specification takes it."
    )
    return _of_live(job, f"It goes on, and writes its results to {asked.folder}. {taken}")


def _of_live(job: Job, what: str) -> str:
    return _sentences(
        f"The job is {job.status or status.UNKNOWN} at the end of 'wait_timeout'. {what} "
        f"See how far it is: bedrock-batch watch {job.arn}",
        counted(job),
    )


def counted(job: Job) -> str:
    """Return a job's counts in words, as many of them as are told; nothing while Bedrock has not counted any record."""
    if not any(job.counts.values()):
        return ""
    total, processed, good, bad = (job.counts.get(name) for name in status.COUNTS)
    of_total = f" of {total}" if total is not None else ""
    parts = [
        f"{processed}{of_total} records processed" if processed is not None else "",
        f"{good} succeeded" if good is not None else "",
        f"{bad} failed" if bad is not None else "",
    ]
    return ", ".join(filter(None, parts))


def _of_completed(job: Job, asked: ResultsRequest) -> str:
    if job.counts.get("successRecordCount") != 0:
        return ""
    return _sentences(
        f"The job is Completed, but no record succeeded. Read the errors in {asked.folder}, correct the records or "
        f"the model, and {_AGAIN}. The job is {job.arn}",
        counted(job),
    )


def _sentences(*parts: str) -> str:
    return ". ".join(part.rstrip(".") for part in parts if part)
