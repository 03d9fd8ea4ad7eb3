"""The KMS keys of a job: usable by S3, and their policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.account import AbsentError, Account, UntoldError
from bedrock_batch.diagnosis.finding import Finding, cannot_tell, right, wrong
from bedrock_batch.diagnosis.policies.context import Context
from bedrock_batch.diagnosis.policies.document import Request
from bedrock_batch.diagnosis.policies.opinion import Opinion, opinion, unknown
from bedrock_batch.jobs.arn import Arn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bedrock_batch.diagnosis.declared import Declared
    from bedrock_batch.diagnosis.need import Need
    from bedrock_batch.diagnosis.policies.principals import Role
    from bedrock_batch.diagnosis.subject import Subject

_KEY = "the key"
_NOT_FOUND = ("NotFoundException",)
_PROPERTY = "encryption_key of ModelInvocationJob, InputData or OutputData"


@dataclass(frozen=True)
class Key:
    """A KMS key as KMS tells of it.

    Attributes
    ----------
    arn : str
        Its ARN; what names it where KMS does not tell.
    finding : Finding
        Whether S3 can use it.
    aliases : tuple of str or None
        Its aliases, each ``alias/…``; None if they are not known.
    told : bool
        Whether its ARN is known.
    made : bool
        Whether it is there.
    """

    arn: str
    finding: Finding
    aliases: tuple[str, ...] | None = None
    told: bool = True
    made: bool = True

    def context(self, context: Context, region: str, encrypted: str) -> Context:
        """Add what S3 tells KMS.

        Source: "AWS KMS condition keys" in the KMS developer guide, "Encryption context" in the S3 user guide.

        Parameters
        ----------
        context : Context
            What is known of the request otherwise.
        region : str
            The bucket's Region.
        encrypted : str
            The ARN of the object that is encrypted or, with an S3 Bucket Key, of the bucket; empty if not known.
        """
        known = dict(context.known)
        known |= {
            "aws:ViaAWSService": ("true",),
            "kms:CallerAccount": known["aws:PrincipalAccount"],
            "kms:EncryptionAlgorithm": ("SYMMETRIC_DEFAULT",),
            "kms:EncryptionContextKeys": ("aws:s3:arn",),
            "kms:ViaService": (f"s3.{region}.{_suffix(self.arn)}",),
        }
        if encrypted:
            known["kms:EncryptionContext:aws:s3:arn"] = (encrypted,)
        if self.told:
            known["aws:ResourceAccount"] = (Arn.of(self.arn).account,)
        if self.aliases is not None:
            known["kms:ResourceAliases"] = self.aliases
        return Context(known, context.absent)


def _suffix(arn: str) -> str:
    return "amazonaws.com.cn" if Arn.of(arn).partition == "aws-cn" else "amazonaws.com"


class Keys:
    """The keys that a job's data are encrypted with, each asked once.

    Parameters
    ----------
    account : Account
        That of the job.
    subject : Subject
        The job.
    declared : Declared
        What is not made yet.
    """

    def __init__(self, account: Account, subject: Subject, declared: Declared) -> None:
        self._account, self._subject = account, subject
        self._found = {arn: Key(arn, right(_KEY, f"{arn} is made with the stack"), made=False) for arn in declared.keys}
        self._policies: dict[str, object] = dict(declared.keys)
        self._asked: set[str] = set()

    @property
    def all(self) -> list[Key]:
        """All that were asked for."""
        return list({key.arn: key for name, key in self._found.items() if name in self._asked}.values())

    def get(self, name: str) -> Key:
        """Return a key by its id, its ARN, or the name or ARN of an alias."""
        self._asked.add(name)
        if name not in self._found:
            self._found[name] = self._describe(name)
        return self._found[name]

    def opinion(self, key: Key, need: Need, role: Role) -> Opinion:
        """Judge a need by the policy of a key.

        A grant may allow what the policy does not ("Grants in AWS KMS" in the KMS developer guide).
        """
        try:
            policy = self._policy(key.arn)
        except UntoldError as error:
            return unknown(str(error))
        said = opinion(policy, Request(need.action, need.resource, role, need.context))
        if said.allowed is False and not said.denied and key.made:
            return self._by_grant(key, need, said)
        return said

    def _by_grant(self, key: Key, need: Need, said: Opinion) -> Opinion:
        kms = self._account.client("kms")
        try:
            grants = self._account.ask(
                "kms:ListGrants",
                lambda: [
                    each for page in kms.get_paginator("list_grants").paginate(KeyId=key.arn) for each in page["Grants"]
                ],
            )
        except UntoldError as error:
            return unknown(f"it does not allow it; whether a grant does, cannot be told: {error}")
        operation = need.action.partition(":")[2]
        role = need.context.known["aws:PrincipalArn"][0]
        if any(each.get("GranteePrincipal") == role and operation in each.get("Operations", ()) for each in grants):
            return unknown("it does not allow it, but a grant of the key may")
        return said

    def _policy(self, arn: str) -> object:
        if arn not in self._policies:
            kms = self._account.client("kms")
            try:
                self._policies[arn] = self._account.ask(
                    "kms:GetKeyPolicy", lambda: kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]
                )
            except UntoldError as error:
                self._policies[arn] = error
        policy = self._policies[arn]
        if isinstance(policy, UntoldError):
            raise policy
        return policy

    def _describe(self, name: str) -> Key:
        kms = self._account.client("kms")
        try:
            found = self._account.ask(
                "kms:DescribeKey", lambda: kms.describe_key(KeyId=name)["KeyMetadata"], absent=_NOT_FOUND
            )
        except UntoldError as error:
            # Its ARN may still be known.
            is_arn = ":key/" in name
            return Key(name, cannot_tell(_KEY, f"{name}: {error}"), told=is_arn)
        except AbsentError:
            gone = wrong(_KEY, f"{name} does not exist in {self._subject.region}", f"correct {_PROPERTY}")
            return Key(name, gone, told=False)
        return Key(str(found["Arn"]), self._judged(found), self._aliases(str(found["Arn"])))

    def _judged(self, found: Mapping[str, Any]) -> Finding:
        arn, state = str(found["Arn"]), str(found["KeyState"])
        if Arn.of(arn).region != self._subject.region:
            return wrong(
                _KEY, f"{arn} is not in {self._subject.region}, the Region of the bucket", f"correct {_PROPERTY}"
            )
        if state != "Enabled":
            mends = "enable it" if state == "Disabled" else "cancel its deletion, or encrypt with another key"
            return wrong(_KEY, f"{arn} is {state}", mends)
        spec = str(found.get("KeySpec") or found.get("CustomerMasterKeySpec"))
        if (found.get("KeyUsage"), spec) != ("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT"):
            said = f"{arn} is for {found.get('KeyUsage')} with {spec}"
            return wrong(_KEY, f"{said}, and S3 takes symmetric keys that encrypt", f"name another key in {_PROPERTY}")
        return right(_KEY, f"{arn} is enabled")

    def _aliases(self, arn: str) -> tuple[str, ...] | None:
        kms = self._account.client("kms")
        try:
            pages = self._account.ask(
                "kms:ListAliases", lambda: list(kms.get_paginator("list_aliases").paginate(KeyId=arn))
            )
        except UntoldError:
            return None
        return tuple(each["AliasName"] for page in pages for each in page["Aliases"])
