"""What the role needs of S3 and KMS: for the objects that are looked at, and the keys that encrypt them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_batch.diagnosis.account import Account, UntoldError
from bedrock_batch.diagnosis.finding import Finding, Verdict, cannot_tell, wrong
from bedrock_batch.diagnosis.need import Need, session_context
from bedrock_batch.diagnosis.objects import Written, how_written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bedrock_batch.diagnosis.buckets import Buckets
    from bedrock_batch.diagnosis.keys import Keys
    from bedrock_batch.diagnosis.objects import Objects
    from bedrock_batch.diagnosis.policies.context import Context
    from bedrock_batch.diagnosis.role import RoleFacts
    from bedrock_batch.diagnosis.subject import Place, Subject

_INPUT, _OUTPUT = "the input", "the output"
#: "Uploading and copying objects using multipart upload" in the S3 user guide.
_LARGE = "for results so large that they are uploaded in parts"


class Data:
    """What a job reads and writes.

    Parameters
    ----------
    account, subject, role
        The job, its account and its role.
    buckets, keys, objects
        What is known of its data.
    """

    def __init__(  # noqa: PLR0917 - what is known of a job's data
        self, account: Account, subject: Subject, role: RoleFacts, buckets: Buckets, keys: Keys, objects: Objects
    ) -> None:
        self._account, self._subject, self._role = account, subject, role
        self._buckets, self._keys, self._objects = buckets, keys, objects
        #: What could not be asked on the way.
        self.findings: list[Finding] = []

    def needs(self) -> Iterator[Need]:
        """Go through what the role must be allowed.

        Sources: "Create a custom service role for batch inference" (batch-iam-sr) in the Bedrock user guide; for the
        names of the output, "View the results of a batch inference job" there.
        """
        reads, writes = self._subject.input, self._subject.output
        yield self._of_bucket(reads, _INPUT)
        yield self._of_bucket(writes, _OUTPUT)
        for key in self._objects.keys:
            yield self._of_object("s3:GetObject", reads, key, _INPUT)
        if not self._objects.keys and self._objects.finding.verdict is Verdict.CANNOT_TELL:
            untold = f"{_INPUT}: which objects {reads.uri} has is not known, nor what is written of them"
            self.findings.append(cannot_tell("s3:GetObject", untold))
        if self._objects.others:
            others = f"{self._objects.others:,} more objects of {reads.uri} are not looked at, one by one"
            self.findings.append(cannot_tell("s3:GetObject", f"{_INPUT}: {others}"))
        yield from self._to_decrypt()
        for key in self._written():
            yield self._of_object("s3:PutObject", writes, key, _OUTPUT)
        yield from self._to_encrypt()

    def _of_bucket(self, place: Place, what: str) -> Need:
        bucket = place.uri.bucket
        return Need("s3:ListBucket", self._subject.object_arn(bucket, ""), self._context(place), what, bucket)

    def _of_object(self, action: str, place: Place, key: str, what: str) -> Need:
        bucket, arn = place.uri.bucket, self._subject.object_arn(place.uri.bucket, key)
        # An object is a prefix of itself; for a folder it stands for all in it.
        grant = arn if key == place.uri.key else f"{self._subject.object_arn(bucket, '')}/{place.uri.key}*"
        return Need(action, arn, self._context(place), what, bucket, grant=grant)

    def _context(self, place: Place) -> Context:
        known = {
            "aws:RequestedRegion": (self._subject.region,),
            "aws:ResourceAccount": (place.owner,),
            "s3:ResourceAccount": (place.owner,),
        }
        return session_context(self._subject, self._role, "s3", known)

    def _to_decrypt(self) -> Iterator[Need]:
        bucket = self._subject.input.uri.bucket
        for name in self._objects.keys:
            try:
                if self._buckets.is_declared(bucket):
                    default = self._buckets.encryption(bucket)
                    written = Written(default.key, default.bucket_key)
                else:
                    written = how_written(self._account, self._subject, name)
            except UntoldError as error:
                arn = self._subject.object_arn(bucket, name)
                self.findings.append(cannot_tell("kms:Decrypt", f"{_INPUT}: what encrypts {arn}: {error}"))
                return
            if written.key:
                yield self._of_key("kms:Decrypt", written.key, bucket, "" if written.bucket_key else name, _INPUT)

    def _to_encrypt(self) -> Iterator[Need]:
        bucket = self._subject.output.uri.bucket
        try:
            default = self._buckets.encryption(bucket)
        except UntoldError as error:
            default = None
            if not self._subject.key:
                self.findings.append(
                    cannot_tell("kms:GenerateDataKey", f"{_OUTPUT}: what {bucket} encrypts with: {error}")
                )
        name = self._subject.key or (default.key if default else "")
        if (
            default
            and default.managed
            and not self._subject.key
            and self._subject.output.owner != self._subject.role_account
        ):
            mends = "let the bucket encrypt with a key of its account's own, or give OutputData an encryption_key"
            said = f"{bucket} encrypts with aws/s3, which other accounts cannot use"
            self.findings.append(wrong("kms:GenerateDataKey", f"{_OUTPUT}: {said}", mends))
        if not name:
            return
        for key in self._written():
            encrypted = "" if default and default.bucket_key else key
            yield self._of_key("kms:GenerateDataKey", name, bucket, encrypted, _OUTPUT, known=default is not None)
        yield self._of_key("kms:Decrypt", name, bucket, "", _OUTPUT, known=False, only=_LARGE)

    def _of_key(
        self, action: str, name: str, bucket: str, encrypted: str, what: str, *, known: bool = True, only: str = ""
    ) -> Need:
        key = self._keys.get(name)
        arn = self._subject.object_arn(bucket, encrypted) if known else ""
        base = session_context(self._subject, self._role, "kms", {"aws:RequestedRegion": (self._subject.region,)})
        return Need(action, key.arn, key.context(base, self._subject.region, arn), what, key=name, only=only)

    def _written(self) -> list[str]:
        folder = f"{self._subject.output.uri.key.rstrip('/')}/{self._subject.id}".lstrip("/")
        source = self._subject.input.uri.key
        below = source if not source or source.endswith("/") else f"{source}/"
        names = [key.rpartition("/")[2] if key == source else key.removeprefix(below) for key in self._objects.keys]
        return [f"{folder}/{name}.out" for name in ("manifest.json", *names)]
