"""What a job's role must be allowed: an action, on what, and what is known of the request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bedrock_batch.diagnosis.policies.context import Context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrock_batch.diagnosis.role import RoleFacts
    from bedrock_batch.diagnosis.subject import Subject

#: The services whose own condition keys a request to another one does not have.
_SERVICES = ("bedrock:", "ec2:", "iam:", "kms:", "s3:", "sts:")
#: Of requests of a role's session: services that ask in their own name have them, who tags, users and federated users.
_OF_OTHERS = (
    "aws:FederatedProvider",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:username",
)
_OF_TAGGING = ("aws:RequestTag/", "aws:TagKeys")


@dataclass(frozen=True)
class Need:
    """Something that the role must be allowed.

    Attributes
    ----------
    action, resource : str
        Such as ``s3:GetObject``, and the ARN that it acts on.
    context : Context
        What is known of the request.
    what : str
        What it is for, such as "the input"; needs of the same action and purpose are one check.
    bucket, key : str
        The bucket or the ARN of the key whose own policy counts, too; empty where there is none.
    only : str
        When it is needed, if not always; empty if it is.
    grant : str
        What a statement that allows it would name: more than the one resource, where others are needed alike.
    shown : str
        What is said of the resource. Default: what it is.
    """

    action: str
    resource: str
    context: Context
    what: str
    bucket: str = ""
    key: str = ""
    only: str = ""
    grant: str = ""
    shown: str = ""


def session_context(subject: Subject, role: RoleFacts, service: str, known: Mapping[str, tuple[str, ...]]) -> Context:
    """Return what is known of the condition keys of a request that Bedrock makes as the role.

    Source: "AWS global condition context keys" in the IAM user guide. Bedrock's requests are over TLS ("Data
    encryption" in the Bedrock user guide). What network they come from is not known.

    Parameters
    ----------
    subject, role
        The job and its role.
    service : str
        The service that is asked, such as ``s3``.
    known : mapping of str to tuple of str
        What else is known of the request.
    """
    now = datetime.now(UTC)
    keys = {
        "aws:CurrentTime": (now.strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:EpochTime": (str(int(now.timestamp())),),
        "aws:PrincipalAccount": (subject.role_account,),
        "aws:PrincipalArn": (subject.role,),
        "aws:PrincipalIsAWSService": ("false",),
        "aws:PrincipalType": ("AssumedRole",),
        "aws:SecureTransport": ("true",),
        # A service that asks with a service role asks for itself.
        "aws:ViaAWSService": ("false",),
        **{f"aws:PrincipalTag/{name}": (value,) for name, value in (role.tags or {}).items()},
        **known,
    }
    absent = [*_OF_OTHERS, *(each for each in _SERVICES if each != f"{service}:")]
    absent += [each for each in _OF_TAGGING if service != "ec2"]
    # Bedrock's session may have tags of its own; nobody documents any.
    absent += ["aws:PrincipalTag/"] if role.tags is not None else []
    return Context(keys, tuple(absent))
