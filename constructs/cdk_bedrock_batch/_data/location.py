"""A place in S3, and what it takes to read or write there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any
from weakref import WeakKeyDictionary

from aws_cdk import Annotations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from cdk_bedrock_batch._access import keys
from cdk_bedrock_batch._access.reported import as_reported
from cdk_bedrock_batch._access.statements import Statement, allow, owned_by
from cdk_bedrock_batch._api.arn import s3_arn
from cdk_bedrock_batch._cdk import pseudo
from cdk_bedrock_batch._cdk.shared import stack_of
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._data.s3_uri import is_jsonl, s3_uri


@dataclass(frozen=True)
class Location:
    """One object in a bucket, or all below a prefix.

    Attributes
    ----------
    rest
        What follows ``s3://`` in its URI: the bucket's name, a slash and the path.
    owner
        The account of the bucket, as far as it is known not to be the stack's.
    encryption_key
        What encrypts the objects; None if it is S3's own key, or unknown.
    """

    bucket: s3.IBucket
    rest: str
    owner: str | None = None
    encryption_key: kms.IKey | None = None

    @classmethod
    def of(cls, scope: Construct, bucket: s3.IBucket, path: str, encryption_key: kms.IKey | None = None) -> "Location":
        """Complete what is told of a place with what the bucket itself tells."""
        known = _told_by(bucket)
        foreign = not is_token(known.account) and known.account != stack_of(scope).account
        return cls(
            bucket,
            f"{known.name}/{path}",
            known.account if foreign else None,
            encryption_key or known.encryption_key,
        )

    @property
    def name(self) -> str:
        """The name of the bucket."""
        return _told_by(self.bucket).name

    @property
    def path(self) -> str:
        """Where it is in its bucket: a key or a prefix, empty for all of the bucket."""
        return self.rest.removeprefix(f"{self.name}/")

    @property
    def bucket_arn(self) -> str:
        """The ARN of the bucket."""
        return _told_by(self.bucket).arn

    @property
    def uri(self) -> str:
        """The S3 URI."""
        return s3_uri(self.rest)

    @property
    def objects_arn(self) -> str:
        """The ARN of the object, or the pattern of all below the prefix."""
        # What ends in a token may be either; a prefix of an object's key is the object's, too.
        return s3_arn(self.rest if is_jsonl(self.rest) else f"{self.rest}*")

    @property
    def constructs(self) -> list[IConstruct]:
        """What must stay for its objects to be written and read."""
        key = self.encryption_key
        return [self.bucket, *([key, keys.behind(key)] if key else [])]

    def below(self, path: str) -> "Location":
        """Return a place below this prefix."""
        return replace(self, rest=f"{self.rest}{path}")

    def reading(self) -> list[Statement]:
        """Return what it takes to read here."""
        return [*self._objects("s3:GetObject"), *([keys.reading(self.encryption_key)] if self.encryption_key else [])]

    def reading_manifests(self) -> list[Statement]:
        """Return what it takes to read the manifests of all jobs that write here."""
        manifests = allow("s3:GetObject", s3_arn(f"{self.rest}*/manifest.json.out"), owned_by(self.owner))
        return [manifests, *([keys.reading(self.encryption_key)] if self.encryption_key else [])]

    def writing(self) -> list[Statement]:
        """Return what it takes to write here."""
        return [*self._objects("s3:PutObject"), *([keys.writing(self.encryption_key)] if self.encryption_key else [])]

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow somebody to read here."""
        grants = [_grant(grantee, self.bucket, statement) for statement in self._objects("s3:GetObject")]
        if self.encryption_key:
            grants.append(_grant(grantee, self.encryption_key, keys.reading(self.encryption_key)))
        return reduce(iam.Grant.combine, grants)

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow somebody to write here."""
        grants = [_grant(grantee, self.bucket, self._objects("s3:PutObject")[0])]
        if self.encryption_key:
            grants.append(_grant(grantee, self.encryption_key, keys.writing(self.encryption_key)))
        return reduce(iam.Grant.combine, grants)

    def opened_to(self, role: iam.IRole, statements: list[Statement]) -> list[Statement]:
        """Allow a role something here, in the policies of bucket and key, and return what these do not take."""
        return [each for each in statements if not _opened(role, self._policy_for(each), each)]

    def _policy_for(self, statement: Statement) -> iam.IResourceWithPolicy:
        return self.encryption_key if self.encryption_key and _is_of_key(statement) else self.bucket

    def _objects(self, action: str) -> list[Statement]:
        owned = owned_by(self.owner)
        # Bedrock looks whether it may list before it reads or writes, and fails the job if it may not.
        return [allow(action, self.objects_arn, owned), allow("s3:ListBucket", self.bucket_arn, owned)]


def _is_of_key(statement: Statement) -> bool:
    return "kms:" in str(statement["Action"])


def _opened(role: iam.IRole, resource: iam.IResourceWithPolicy, statement: Statement) -> bool:
    said = iam.PolicyStatement.from_json({**statement, "Resource": "*"} if _is_of_key(statement) else statement)
    said.add_principals(role.grant_principal)
    return resource.add_to_resource_policy(said).statement_added


def _grant(grantee: iam.IGrantable, resource: iam.IResourceWithPolicy, statement: Statement) -> iam.Grant:
    shown = as_reported(grantee, statement)
    if shown is not statement and (reported := iam.Grant.add_to_principal(grantee=grantee, **_terms(shown))).success:
        return reported
    return iam.Grant.add_to_principal_or_resource(
        grantee=grantee,
        resource=resource,
        resource_self_arns=["*"] if _is_of_key(statement) else None,
        **_terms(statement),
    )


def _terms(statement: Statement) -> dict[str, Any]:
    actions: str | list[str] = statement["Action"]
    return {
        "actions": [actions] if isinstance(actions, str) else actions,
        "resource_arns": [statement["Resource"]],
        "conditions": statement["Condition"],
    }


def warn_of_owners(scope: Construct, prop: str, location: Location, action: str) -> None:
    """Say what only the owners of a bucket and of its key can allow; without them the job fails minutes later."""
    for what, text in _left_to_owners(location, action):
        Annotations.of(scope).add_warning_v2(f"cdk-bedrock-batch:{prop}:{what}", f"'{prop}': {text}")


def _left_to_owners(location: Location, action: str) -> Iterator[tuple[str, str]]:
    bucket, key = shown("the bucket", location.name), location.encryption_key
    if location.owner:
        text = f"{bucket} belongs to account {location.owner}: its bucket policy must allow the job's role "
        yield "foreignBucket", f"{text}s3:ListBucket on the bucket and {action} on its objects"
    elif not key and not isinstance(location.bucket, s3.Bucket):
        text = (
            f"{bucket} is imported: if a KMS key encrypts it, give that as 'encryption_key'; else the job fails with "
        )
        yield "importedBucket", f"{text}a message that does not mention the key"
    if key and keys.is_imported(key):
        text = f"{shown('the KMS key', key.key_arn)} is imported: its key policy must let the job's role, or the IAM "
        yield "importedKey", f"{text}policies of the role's account, use it through S3"


@dataclass(frozen=True)
class _Bucket:
    name: str
    arn: str
    account: str
    encryption_key: kms.IKey | None


# Each question goes to the CDK's own process, and the jobs of a stack mostly share their buckets.
_BUCKETS: WeakKeyDictionary[s3.IBucket, _Bucket] = WeakKeyDictionary()


def remember_own(bucket: s3.IBucket, encryption_key: kms.IKey | None) -> None:
    """Note a bucket that this package has made, which need not be asked what it is like."""
    _BUCKETS[bucket] = _Bucket(bucket.bucket_name, bucket.bucket_arn, pseudo.account(), encryption_key)


def _told_by(bucket: s3.IBucket) -> _Bucket:
    if bucket not in _BUCKETS:
        told = _Bucket(bucket.bucket_name, bucket.bucket_arn, bucket.env.account, bucket.encryption_key)
        _BUCKETS[bucket] = told
    return _BUCKETS[bucket]


def shown(what: str, name: str) -> str:
    """Return what something is, with its name as far as that is known."""
    return what if is_token(name) else f"{what} {name}"
