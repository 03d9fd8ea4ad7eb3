"""What a job's message says, as far as it is known: which checks it is about.

The messages are those that were seen in accounts; Bedrock documents none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.diagnosis.finding import ASK_TEMPLATE, FAILURE, Finding, cannot_tell, wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrock_batch.diagnosis.subject import Subject
    from bedrock_batch.jobs.job import Job

#: Parts of messages, in lower case, and the checks that explain them: first what others follow from. S3's words
#: stand also for what KMS refuses, and for buckets in another Region.
_ABOUT = {
    "listbucket": ("the bucket", "s3:ListBucket", "the way"),
    "getobject": ("the bucket", "the key", "the input", "s3:GetObject", "kms:Decrypt", "the way"),
    "putobject": ("the bucket", "the key", "s3:PutObject", "kms:GenerateDataKey", "kms:Decrypt", "the way"),
    "invokemodel": ("access to the model", "the model", "the profile", "bedrock:InvokeModel"),
    "marketplace": ("access to the model", "bedrock:InvokeModel"),
    "assume": ("the role",),
    "ec2:": ("the VPC", "ec2:"),
    "vpcconfig": ("the VPC",),
    "no .jsonl": ("the input",),
}
#: Parts of messages about the records themselves.
_RECORDS = ("less records", "contains more", "malformed json")


def cause_first(findings: Sequence[Finding], message: str) -> list[Finding]:
    """Put what explains the message before all else, and what is wrong before what is not; with a mend first."""
    order = ("wrong", "cannot tell", "right")
    ranked = [*_explaining(message), FAILURE]

    def place(finding: Finding) -> tuple[int, int, bool]:
        ranks = [rank for rank, check in enumerate(ranked) if finding.check.startswith(check)]
        explained = finding.verdict != "right"
        rank = min(ranks, default=len(ranked)) if explained else 0
        return order.index(finding.verdict), rank, not finding.mends

    return sorted(findings, key=place)


def of_message(subject: Subject, message: str, findings: Sequence[Finding]) -> list[Finding]:
    """Say what the message itself says, where no question to the account would."""
    if any(part in message.lower() for part in _RECORDS):
        mends = f"find them with bedrock-batch check {subject.input.uri}, and correct the input"
        return [wrong("the records", message, mends)]
    if message and not any(finding.verdict == "wrong" for finding in findings):
        return [cannot_tell(FAILURE, _unexplained(message, findings))]
    return []


def of_records(job: Job) -> list[Finding]:
    """Say that records of a job failed, which no question to the account explains."""
    if not job.failed:
        return []
    converse = " --invocation-type Converse" if job.details.get("modelInvocationType") == "Converse" else ""
    mends = (
        f"bedrock-batch results {job.id} has Bedrock's reason for each; bedrock-batch check {job.input_uri} --model "
        f"{job.details['modelId']}{converse} finds what a model is known to refuse"
    )
    return [cannot_tell("the records", f"{job.failed:,} of {job.total:,} failed", mends)]


def _explaining(message: str) -> list[str]:
    return [check for part, checks in _ABOUT.items() if part in message.lower() for check in checks]


def _unexplained(message: str, findings: Sequence[Finding]) -> str:
    if any(finding.mends == ASK_TEMPLATE for finding in findings):
        return f'what explains "{message}" may have gone with the rollback'
    explaining = tuple(_explaining(message))
    open_ones = [each.check for each in findings if each.verdict == "cannot tell" and each.check.startswith(explaining)]
    if open_ones:
        return f'most likely {" or ".join(dict.fromkeys(open_ones))}, above, explains "{message}"'
    return f'nothing that was asked explains "{message}": it has been mended, or is among what cannot be told'
