"""How far a job must be before the deployment goes on."""

from enum import Enum


class WaitUntil(Enum):
    """The state of the job at which CloudFormation goes on with the stack."""

    SUBMITTED = "SUBMITTED"
    """Bedrock has accepted the job. What is wrong with the input or the role shows up later, in the job alone."""

    VALIDATED = "VALIDATED"
    """Bedrock has looked at input, role and output. A job that fails then fails the deployment with its message."""
