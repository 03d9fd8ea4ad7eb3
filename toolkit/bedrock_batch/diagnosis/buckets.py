"""The buckets of a job: there, of the Region and the owner that they must be of; and their policies and encryption."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedrock_batch.diagnosis.account import AbsentError, Account, UntoldError
from bedrock_batch.diagnosis.declared import Encryption
from bedrock_batch.diagnosis.finding import Finding, absent, cannot_tell, right, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bedrock_batch.diagnosis.declared import Declared
    from bedrock_batch.diagnosis.subject import Subject

_BUCKET = "the bucket"
#: "GetBucketLocation" in the S3 API reference: what is answered for the oldest Regions.
_OLD_REGIONS = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}


class Buckets:
    """The buckets that a job reads and writes, each asked once.

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
        self._account, self._subject, self._declared = account, subject, declared
        self._s3 = account.client("s3")
        #: Those that do not exist, as far as they have been looked at.
        self.gone: set[str] = set()
        self._policies: dict[str, object] = dict.fromkeys(declared.buckets) | dict(declared.bucket_policies)
        self._encryptions: dict[str, Encryption | UntoldError] = dict(declared.buckets)

    def findings(self) -> Iterator[Finding]:
        """Say of each bucket whether it is where and whose it must be."""
        places = {(each.uri.bucket, each.owner): each for each in (self._subject.input, self._subject.output)}
        for name, owner in places:
            try:
                yield self._finding(name, owner)
            except UntoldError as error:
                yield cannot_tell(_BUCKET, f"{name}: {error}")

    def policy(self, name: str) -> object:
        """Return the policy of a bucket; None if it has none.

        Raises
        ------
        UntoldError
            The caller may not read it; of another account's bucket only that account may.
        """
        if name not in self._policies:
            self._policies[name] = self._ask_policy(name)
        policy = self._policies[name]
        if isinstance(policy, UntoldError):
            raise policy
        return policy

    def encryption(self, name: str) -> Encryption:
        """Return what a bucket encrypts new objects with.

        Raises
        ------
        UntoldError
            The caller may not read it.
        """
        if name not in self._encryptions:
            self._encryptions[name] = self._ask_encryption(name)
        found = self._encryptions[name]
        if isinstance(found, UntoldError):
            raise found
        return found

    def is_declared(self, name: str) -> bool:
        """Whether a bucket is not made yet."""
        return name in self._declared.buckets

    def _finding(self, name: str, owner: str) -> Finding:
        if self.is_declared(name):
            return right(_BUCKET, f"{name} is made with the stack")
        try:
            region = self._region(name)
        except AbsentError:
            self.gone.add(name)
            removed = name in self._declared.removed
            return absent(_BUCKET, f"{name} does not exist", "make it, or name another bucket", removed=removed)
        if region != self._subject.region:
            return wrong(
                _BUCKET,
                f"{name} is in {region}, and the job is in {self._subject.region}",
                f"name a bucket in {self._subject.region}, or make the job in {region}",
            )
        if not self._is_of(name, owner):
            prop = "bucket_owner of InputData.from_uri or OutputData.to_uri (s3BucketOwner)"
            return wrong(_BUCKET, f"{name} does not belong to account {owner}", f"correct {prop}, or the bucket's name")
        return right(_BUCKET, f"{name} is in {region} and belongs to account {owner}")

    def _region(self, name: str) -> str:
        found = self._account.ask(
            "s3:GetBucketLocation", lambda: self._s3.get_bucket_location(Bucket=name), absent=("NoSuchBucket", "404")
        )
        said: str | None = found.get("LocationConstraint")
        return _OLD_REGIONS.get(said) or str(said)

    def _is_of(self, name: str, owner: str) -> bool:
        try:
            self._account.ask("s3:ListBucket", lambda: self._s3.head_bucket(Bucket=name, ExpectedBucketOwner=owner))
        except UntoldError:
            # It may be the caller who may not, or the owner who is another: only the same without an owner tells.
            self._account.ask("s3:ListBucket", lambda: self._s3.head_bucket(Bucket=name))
            return False
        return True

    def _ask_policy(self, name: str) -> object:
        try:
            policy: str = self._account.ask(
                "s3:GetBucketPolicy",
                lambda: self._s3.get_bucket_policy(Bucket=name)["Policy"],
                absent=("NoSuchBucketPolicy", "NoSuchBucket"),
            )
        except AbsentError:
            return None
        except UntoldError as error:
            return error
        return policy

    def _ask_encryption(self, name: str) -> Encryption | UntoldError:
        try:
            found = self._account.ask(
                "s3:GetEncryptionConfiguration",
                lambda: self._s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"],
                absent=("ServerSideEncryptionConfigurationNotFoundError", "NoSuchBucket"),
            )
        except AbsentError:
            return Encryption()
        except UntoldError as error:
            return error
        rules: list[Mapping[str, Any]] = list(found["Rules"]) or [{}]
        default = rules[0].get("ApplyServerSideEncryptionByDefault", {})
        with_kms = str(default.get("SSEAlgorithm", "")).startswith("aws:kms")
        key = str(default.get("KMSMasterKeyID") or "") if with_kms else ""
        return Encryption(key, with_kms and not key, bool(rules[0].get("BucketKeyEnabled")))
