"""The states of a job, as the API field ``status`` of GetModelInvocationJob names them.

Source: botocore's service model, enum ``ModelInvocationJobStatus``. A state that is not listed here counts as live:
better one needless Stop than a job that runs on.
"""

SUBMITTED = "Submitted"
COMPLETED = "Completed"
PARTIALLY_COMPLETED = "PartiallyCompleted"
FAILED = "Failed"
EXPIRED = "Expired"
STOPPING = "Stopping"
STOPPED = "Stopped"
#: Of no job in Bedrock: what is said of one that Bedrock knows no more.
UNKNOWN = "Unknown"

#: The job has not been looked at yet: failures to come are not known.
UNVALIDATED = frozenset({SUBMITTED, "Validating"})
#: The job runs, waits to run, or is about to stop, in the order of its life.
LIVE = (SUBMITTED, "Validating", "Scheduled", "InProgress", STOPPING)
#: Nothing happens to the job any more.
TERMINAL = frozenset({COMPLETED, PARTIALLY_COMPLETED, FAILED, STOPPED, EXPIRED})
#: The job ended without the results that were asked for.
UNSUCCESSFUL = TERMINAL - {COMPLETED}
#: A job's counts of its records, as the API names them: all, those that were tried, and what came of them.
COUNTS = ("totalRecordCount", "processedRecordCount", "successRecordCount", "errorRecordCount")


def is_live(status: str) -> bool:
    """Whether the job runs, waits to run, or is about to stop."""
    return status not in TERMINAL


def goes_on(status: str) -> bool:
    """Whether the job runs or waits to run, and nobody has asked for its end."""
    return is_live(status) and status != STOPPING


def has_results(status: str, *, partial: bool = False) -> bool:
    """Whether the job ended with the results that were asked for; those of a part of its records may be enough."""
    return status == COMPLETED or (partial and status == PARTIALLY_COMPLETED)


def is_adoptable(status: str, *, partial: bool = False) -> bool:
    """Whether a job in this state answers a wish for such a job: it has its results or is on its way to them."""
    return has_results(status, partial=partial) or goes_on(status)
