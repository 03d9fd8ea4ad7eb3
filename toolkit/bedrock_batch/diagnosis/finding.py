"""What a diagnosis finds: one line a check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: How to ask about what a rollback has taken away.
ASK_TEMPLATE = (
    "ask the template with cdk synth && bedrock-batch doctor --app cdk.out, or deploy with cdk deploy --no-rollback "
    "and ask again"
)

#: The check whose finding says that nothing which was found for certain explains why the job failed.
FAILURE = "the failure"


class Verdict(StrEnum):
    """The answer of a check."""

    RIGHT = "right"
    WRONG = "wrong"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Finding:
    """A check and its answer.

    Attributes
    ----------
    check : str
        What was looked at, such as ``s3:GetObject``.
    verdict : Verdict
        What came of it.
    says : str
        On what, and why.
    mends : str
        What to change; empty where nothing has to be.
    """

    check: str
    verdict: Verdict
    says: str
    mends: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """What is known of a job, and what was found.

    Attributes
    ----------
    job : str
        Its ARN, or where it is declared.
    status : str
        Its status; empty before it is made.
    message : str
        Why it failed, in the service's words; empty if it did not, or the service does not say.
    findings : tuple of Finding
        The cause first: what is wrong and explains the message, what else is wrong, what cannot be told, what is right.
    """

    job: str
    status: str
    message: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing wrong was found, and no failure is left unexplained; of other checks it may not be told."""
        return not self.count(Verdict.WRONG) and all(each.check != FAILURE for each in self.findings)

    def count(self, verdict: Verdict) -> int:
        """Say how many checks have a verdict."""
        return sum(finding.verdict is verdict for finding in self.findings)


def right(check: str, says: str) -> Finding:
    """Return what is as it must be."""
    return Finding(check, Verdict.RIGHT, says)


def wrong(check: str, says: str, mends: str) -> Finding:
    """Return what is not as it must be, and what to change."""
    return Finding(check, Verdict.WRONG, says, mends)


def absent(check: str, what: str, mends: str, *, removed: bool) -> Finding:
    """Return what is not there: because a stack rolled back, which is not why its job failed, or for another cause.

    Parameters
    ----------
    check, what : str
        What was looked at, and that it is not there.
    mends : str
        What to change where it was never there.
    removed : bool
        Whether it is known to have gone with a rollback.
    """
    if removed:
        return cannot_tell(check, f"{what} any more: it went when the stack rolled back", ASK_TEMPLATE)
    return wrong(
        check, what, f"{mends}; if a deployment that failed has rolled back, it went with that: {ASK_TEMPLATE}"
    )


def cannot_tell(check: str, why: str, mends: str = "") -> Finding:
    """Return what cannot be told, and why; perhaps what would let it be told."""
    return Finding(check, Verdict.CANNOT_TELL, why, mends)
