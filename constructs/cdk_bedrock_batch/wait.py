"""How far a job must be before the deployment goes on."""

from enum import Enum


class WaitUntil(Enum):
    """The state of the job at which CloudFormation goes on with the stack."""

    SUBMITTED = "SUBMITTED"
    """Bedrock has accepted the job. What is wrong with the input or the role shows up later, in the job alone."""

    VALIDATED = "VALIDATED"
    """Bedrock has looked at input, role and output. A job that fails then fails the deployment with its message."""

    FINISHED = "FINISHED"
    """The results are there: for what comes after them in the same deployment, such as a table that they fill.

    No function runs meanwhile, and CloudFormation waits 12 hours at most. A job may well take longer: Bedrock begins
    when it has room, and gives a job at least 24 hours. A job that is in good health at the end of the wait fails the
    deployment and goes on where what it needs stays; the next deployment of the same specification takes it as it is.
    Where nothing in the stack needs the results, wait for ``VALIDATED`` and let the job's events tell of its end.
    """
