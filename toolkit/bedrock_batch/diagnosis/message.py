"""What a job's message says, as far as it is known: which checks it is about.

The messages are those that were seen in accounts; Bedrock documents none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.diagnosis.finding import Finding, cannot_tell, wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedrock_batch.diagnosis.subject import Subject

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
    """Put what explains the message before all else, and what is wrong before what is not."""
    order = ("wrong", "cannot tell", "right")
    explains = [check for part, checks in _ABOUT.items() if part in message.lower() for check in checks]

    def place(finding: Finding) -> tuple[int, int]:
        ranks = [rank for rank, check in enumerate(explains) if finding.check.startswith(check)]
        explained = finding.verdict != "right"
        return order.index(finding.verdict), min(ranks, default=len(explains)) if explained else 0

    return sorted(findings, key=place)


def of_message(subject: Subject, message: str, findings: Sequence[Finding]) -> list[Finding]:
    """Say what the message itself says, where no question to the account would."""
    if any(part in message.lower() for part in _RECORDS):
        mends = f"find them with bedrock-batch check {subject.input.uri}, and correct the input"
        return [wrong("the records", message, mends)]
    if message and not any(finding.verdict == "wrong" for finding in findings):
        said = f'nothing that was asked explains "{message}": it has been mended, or is among what cannot be told'
        return [cannot_tell("the failure", said)]
    return []
