"""The states of a job, as the API field ``status`` of GetModelInvocationJob names them.

Source: botocore's service model, enum ``ModelInvocationJobStatus``. A state that is not listed here counts as live:
better one needless Stop than a job that runs on.
"""

SUBMITTED = "Submitted"
COMPLETED = "Completed"
FAILED = "Failed"
STOPPING = "Stopping"
#: Of no job in Bedrock: what is said of one that Bedrock knows no more.
UNKNOWN = "Unknown"

#: The job has not been looked at yet: failures to come are not known.
UNVALIDATED = frozenset({SUBMITTED, "Validating"})
#: Nothing happens to the job any more.
TERMINAL = frozenset({COMPLETED, "PartiallyCompleted", FAILED, "Stopped", "Expired"})
#: The job ended without the results that were asked for.
UNSUCCESSFUL = TERMINAL - {COMPLETED}


def is_live(status: str) -> bool:
    """Whether the job runs, waits to run, or is about to stop."""
    return status not in TERMINAL


def is_adoptable(status: str) -> bool:
    """Whether a job in this state answers a wish for such a job: it has its results or is on its way to them."""
    return status == COMPLETED or (is_live(status) and status != STOPPING)
