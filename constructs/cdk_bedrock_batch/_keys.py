"""What the users of a KMS key must be allowed. S3 uses the key for them, so it is allowed through S3 only.

Source: "Create a custom service role for batch inference" (batch-iam-sr) in the Bedrock user guide. That guide leaves
out that S3 needs ``kms:Decrypt`` to put the parts of a large object together ("Uploading and copying objects using
multipart upload" in the S3 user guide).
"""

from aws_cdk import aws_kms as kms

from cdk_bedrock_batch import _pseudo
from cdk_bedrock_batch._statements import Statement, allow


def reading(key: kms.IKey) -> Statement:
    """Return what it takes to read objects that are encrypted with a key."""
    return _through_s3(key, "kms:Decrypt")


def writing(key: kms.IKey) -> Statement:
    """Return what it takes to write objects that are encrypted with a key, in parts too."""
    return _through_s3(key, ["kms:Decrypt", "kms:GenerateDataKey"])


def writing_at_once(key: kms.IKey) -> Statement:
    """Return what it takes to write objects that are encrypted with a key in one request each."""
    return _through_s3(key, "kms:GenerateDataKey")


def is_imported(key: kms.IKey) -> bool:
    """Whether the policy of a key is somebody else's."""
    return not isinstance(key, kms.Key)


def _through_s3(key: kms.IKey, actions: str | list[str]) -> Statement:
    condition = {"StringEquals": {"kms:ViaService": f"s3.{_pseudo.region()}.{_pseudo.url_suffix()}"}}
    arn = key.key_arn
    prefix, alias, name = arn.partition(":alias/")
    if not alias:
        return allow(actions, arn, condition)
    # A policy that names an alias says nothing of its key: "Using aliases to control access to KMS keys".
    through_alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{name}"}}
    return allow(actions, f"{prefix}:key/*", condition | through_alias)
