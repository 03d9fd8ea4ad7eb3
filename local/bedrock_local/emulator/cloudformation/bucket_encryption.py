"""``BucketEncryption`` of AWS::S3::Bucket, which ministack's CloudFormation passes over. Seen in ministack 1.5.33.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-s3-bucket-bucketencryption.html
"""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import s3
from ministack.services.cloudformation import provisioners

NEEDS = (
    "services.s3._put_bucket_encryption",
    "services.s3._delete_bucket_encryption",
    "services.cloudformation.provisioners._S3_BUCKET_CONFIGURATIONS",
)


def encrypt_buckets_of_stacks() -> None:
    """Give a bucket the encryption that its stack says, and the usual one when the stack says it no more."""
    put, delete = s3._put_bucket_encryption, s3._delete_bucket_encryption  # noqa: SLF001 -- no public way in
    provisioners._S3_BUCKET_CONFIGURATIONS = (  # noqa: SLF001 -- no public way in
        *provisioners._S3_BUCKET_CONFIGURATIONS,  # noqa: SLF001 -- no public way in
        ("BucketEncryption", _configuration, put, delete),
    )


def _configuration(properties: Mapping[str, Any]) -> bytes:
    """Render ``BucketEncryption`` as the body of PutBucketEncryption."""
    rule = properties["ServerSideEncryptionConfiguration"][0]
    default = rule.get("ServerSideEncryptionByDefault", {})
    members = ("SSEAlgorithm", "KMSMasterKeyID")
    inner = "".join(f"<{name}>{escape(default[name])}</{name}>" for name in members if name in default)
    bucket_key = str(rule.get("BucketKeyEnabled", False)).lower()
    return (
        f'<ServerSideEncryptionConfiguration xmlns="{s3.S3_NS}"><Rule>'
        f"<ApplyServerSideEncryptionByDefault>{inner}</ApplyServerSideEncryptionByDefault>"
        f"<BucketKeyEnabled>{bucket_key}</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>"
    ).encode()
