"""``Tags`` of AWS::S3::Bucket, which ministack's CloudFormation passes over. Seen in ministack 1.5.33.

By one of them the function of the CDK that empties a bucket knows that it may.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-s3-bucket.html
"""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import s3
from ministack.services.cloudformation import provisioners

NEEDS = (
    "services.s3._put_bucket_tagging",
    "services.s3._delete_bucket_tagging",
    "services.cloudformation.provisioners._S3_BUCKET_CONFIGURATIONS",
    "services.cloudformation.provisioners._STACK_TAG_PROPERTY",
)

_TYPE = "AWS::S3::Bucket"


def tag_buckets_of_stacks() -> None:
    """Give a bucket its own tags, those of its stack, and CloudFormation's."""
    put, delete = s3._put_bucket_tagging, s3._delete_bucket_tagging  # noqa: SLF001 -- no public way in
    provisioners._S3_BUCKET_CONFIGURATIONS = (  # noqa: SLF001 -- no public way in
        *provisioners._S3_BUCKET_CONFIGURATIONS,  # noqa: SLF001 -- no public way in
        ("Tags", _tagging, put, delete),
    )
    provisioners._STACK_TAG_PROPERTY[_TYPE] = ("Tags", "list")  # noqa: SLF001 -- no public way in


def _tagging(tags: Sequence[dict[str, Any]]) -> bytes:
    """Render ``Tags`` as the body of PutBucketTagging."""
    pairs = [(escape(str(tag["Key"])), escape(str(tag["Value"]))) for tag in tags]
    inner = "".join(f"<Tag><Key>{key}</Key><Value>{value}</Value></Tag>" for key, value in pairs)
    return f'<Tagging xmlns="{s3.S3_NS}"><TagSet>{inner}</TagSet></Tagging>'.encode()
