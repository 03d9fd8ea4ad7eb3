"""What the users of a KMS key must be allowed. S3 uses the key for them, so it is allowed through S3 only.

Source: "Create a custom service role for batch inference" (batch-iam-sr) in the Bedrock user guide. That guide leaves
out that S3 needs ``kms:Decrypt`` to put the parts of a large object together ("Uploading and copying objects using
multipart upload" in the S3 user guide).
"""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_kms as kms

from cdk_bedrock_batch._access.statements import Statement, allow
from cdk_bedrock_batch._api.arn import regional_arn
from cdk_bedrock_batch._api.region import check_same
from cdk_bedrock_batch._api.validation import check_construct, check_text
from cdk_bedrock_batch._cdk import pseudo


def reading(key: kms.IKey) -> Statement:
    """Return what it takes to read objects that are encrypted with a key."""
    return _through_s3(key, "kms:Decrypt")


def writing(key: kms.IKey) -> Statement:
    """Return what it takes to write objects that are encrypted with a key, in parts too."""
    return _through_s3(key, ["kms:Decrypt", "kms:GenerateDataKey"])


def writing_at_once(key: kms.IKey) -> Statement:
    """Return what it takes to write objects that are encrypted with a key in one request each."""
    return _through_s3(key, "kms:GenerateDataKey")


def reading_assets(bucket_arn: str) -> Statement:
    """Return what it takes to read CDK's assets in a bucket where they are encrypted: with which key, no app knows.

    It is the choice of who bootstrapped the account (``cdk bootstrap --bootstrap-kms-key-id``). Whatever key it is, S3
    tells it what it encrypts: the object, or with an S3 Bucket Key the bucket ("Encryption context" in "Using
    server-side encryption with AWS KMS keys" in the S3 user guide).
    """
    condition = {
        **_via_s3(),
        "StringLike": {"kms:EncryptionContext:aws:s3:arn": [bucket_arn, f"{bucket_arn}/*"]},
    }
    return allow("kms:Decrypt", regional_arn("kms", "key/*"), condition)


def checked(key: kms.IKey | None) -> kms.IKey | None:
    """Return what was given as a key.

    Raises
    ------
    ValueError
        It is none, but perhaps the id of one, or its ARN breaks the rule of the API.
    """
    if key is not None:
        arn = check_construct("encryption_key", key, "key_arn", 'kms.Key(self, "Key")')
        field = ("outputDataConfig", "s3OutputDataConfig", "s3EncryptionKeyId")
        check_text("encryption_key", str(arn), *field, advice="give the ARN of a key or alias")
    return key


def check_region(key: kms.IKey | None, stack: Stack) -> None:
    """Refuse a key that is known to be in another Region than a stack.

    Raises
    ------
    ValueError
        S3 encrypts with keys of its bucket's Region only.
    """
    if key is not None:
        check_same("encryption_key", "a KMS key", behind(key).env.region, stack)


def is_imported(key: kms.IKey) -> bool:
    """Whether the policy of a key is somebody else's."""
    return not isinstance(behind(key), kms.Key)


def _via_s3() -> dict[str, Any]:
    return {"StringEquals": {"kms:ViaService": f"s3.{pseudo.region()}.{pseudo.url_suffix()}"}}


def _through_s3(key: kms.IKey, actions: str | list[str]) -> Statement:
    condition, arn = _via_s3(), behind(key).key_arn
    prefix, alias, name = arn.partition(":alias/")
    if not alias:
        return allow(actions, arn, condition)
    # A policy that names an alias says nothing of its key: "Using aliases to control access to KMS keys".
    through_alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{name}"}}
    return allow(actions, f"{prefix}:key/*", condition | through_alias)


def behind(key: kms.IKey) -> kms.IKey:
    """Return the key that encrypts: that of an alias, as far as it is known."""
    # An alias of this app tells its key; of an imported one only the name is known.
    return key.alias_target_key if isinstance(key, kms.Alias) else key
