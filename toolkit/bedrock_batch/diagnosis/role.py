"""The service role of a job: whether it is there, and whether Bedrock may assume it for this job."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.account import AbsentError, Account, UntoldError
from bedrock_batch.diagnosis.finding import Finding, absent, cannot_tell, right, wrong
from bedrock_batch.diagnosis.policies.context import Context
from bedrock_batch.diagnosis.policies.document import Request
from bedrock_batch.diagnosis.policies.opinion import Opinion, opinion
from bedrock_batch.diagnosis.policies.principals import Role, Service
from bedrock_batch.diagnosis.policies.truth import both
from bedrock_batch.jobs.arn import job_arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrock_batch.diagnosis.declared import Declared
    from bedrock_batch.diagnosis.subject import Subject

_BEDROCK = "bedrock.amazonaws.com"
_ROLE, _TRUST = "the role", "the role's trust policy"


@dataclass(frozen=True)
class RoleFacts:
    """What is known of a role.

    Attributes
    ----------
    asker : Role
        As policies name it.
    tags : mapping of str to str, or None
        Its tags; None if they are not known.
    bounded : bool or None
        Whether it has a permissions boundary; None if that is not known.
    boundary : str
        The ARN of that; empty if it has none, or it is not known.
    findings : tuple of Finding
        What was found of it.
    there : bool
        Whether it exists, as far as is known.
    """

    asker: Role
    tags: Mapping[str, str] | None = None
    bounded: bool | None = None
    boundary: str = ""
    findings: tuple[Finding, ...] = field(default=())
    there: bool = True


def look_at_role(account: Account, subject: Subject, declared: Declared) -> RoleFacts:
    """Ask for the role, and judge its trust policy.

    Parameters
    ----------
    account : Account
        Of the job.
    subject : Subject
        The job.
    declared : Declared
        What is not made yet.
    """
    unknown = Role(subject.role)
    if made := declared.roles.get(subject.role):
        exists = right(_ROLE, f"{subject.role} is made with the stack")
        bounded = made.boundary is not None if made.complete else None
        limits = cannot_tell(
            "the organization", "of a role that is not there, no call tells its service control policies"
        )
        return RoleFacts(unknown, bounded=bounded, findings=(exists, _trust(subject, made.trust), limits))
    try:
        found = _role(account, subject.role_name)
    except UntoldError as error:
        return RoleFacts(unknown, findings=(cannot_tell(_ROLE, f"{subject.role}: {error}"),))
    except AbsentError:
        found = {}
    if found.get("Arn") != subject.role:
        elsewhere = f"; there is {found['Arn']}, whose path is another" if found else ""
        gone = absent(
            _ROLE,
            f"{subject.role} does not exist{elsewhere}",
            "make it, or leave 'role' out of ModelInvocationJob, which then makes one",
            removed=not found and subject.role_name in declared.removed,
        )
        return RoleFacts(unknown, findings=(gone,), there=False)
    tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
    asker = Role(subject.role, found["RoleId"])
    trust = _trust(subject, found["AssumeRolePolicyDocument"])
    boundary = str(found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""))
    return RoleFacts(asker, tags, bool(boundary), boundary, (right(_ROLE, f"{subject.role} exists"), trust))


def _role(account: Account, name: str) -> Mapping[str, Any]:
    iam = account.client("iam")
    found: Mapping[str, Any] = account.ask(
        "iam:GetRole", lambda: iam.get_role(RoleName=name)["Role"], absent=("NoSuchEntity", "NoSuchEntityException")
    )
    return found


def trusts(subject: Subject, document: object) -> Opinion:
    """Judge a trust policy: Bedrock assumes the role, with the account and the ARN of the job.

    Source: "Create a custom service role for batch inference" (batch-iam-sr) in the Bedrock user guide.
    """
    known = {
        "aws:SourceAccount": (subject.account,),
        "aws:SourceArn": (subject.arn,),
        "aws:PrincipalIsAWSService": ("true",),
    }
    context = Context(known, absent=("sts:ExternalId",))
    return opinion(document, Request("sts:AssumeRole", subject.role, Service(_BEDROCK), context))


def _trust(subject: Subject, document: object) -> Finding:
    said = trusts(subject, document)
    verdict = both([said.allowed, None if said.denied is None else not said.denied])
    request = f"sts:AssumeRole by {_BEDROCK} with aws:SourceArn {subject.arn}"
    if verdict:
        return right(_TRUST, f"it allows {request}")
    if verdict is None:
        return cannot_tell(_TRUST, f"{request}: {said.says}")
    why = f"{said.says} denies {request}" if said.denied else f"no statement allows {request}"
    return wrong(_TRUST, why, f"let the trust policy have {trust_statement(subject)} and no Deny of it")


def trust_statement(subject: Subject) -> str:
    """Write the statement with which a role trusts Bedrock with the jobs of an account and Region."""
    jobs = job_arn(subject.partition, subject.region, subject.account)
    return json.dumps(
        {
            "Effect": "Allow",
            "Principal": {"Service": _BEDROCK},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": subject.account},
                "ArnEquals": {"aws:SourceArn": jobs},
            },
        }
    )
