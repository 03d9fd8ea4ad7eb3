"""The buckets of a stack, for all of its jobs that are given none."""

from functools import cached_property

from aws_cdk import CfnResource, Duration, IResolvable, Lazy, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from cdk_bedrock_batch._access import keys
from cdk_bedrock_batch._access.statements import allow, document
from cdk_bedrock_batch._cdk.produced import Produced
from cdk_bedrock_batch._cdk.shared import node_of, resource_of, shared, stack_of
from cdk_bedrock_batch._data.location import Location, remember_own, warn_of_owners

#: A job may run for a week, and what it writes in parts must not be given up while it does.
UPLOAD_DAYS = 7
#: What CDK calls the resource by which its function empties a bucket.
_EMPTIES = "Custom::S3AutoDeleteObjects"


class DataBucket(s3.Bucket):
    """A private, encrypted bucket that takes TLS only; with DESTROY it is emptied before it goes.

    With another policy the template retains it, also RETAIN_ON_UPDATE_OR_DELETE: of what a failed deployment has made
    the function removes it if it holds nothing of the user's, for CloudFormation fails on a bucket with results.

    Jobs have folders of their own in it. A bucket for each job would take a stack of a hundred jobs over
    CloudFormation's limit of 500 resources.
    """

    @classmethod
    def of(
        cls, scope: IConstruct, name: str, encryption_key: kms.IKey | None, removal_policy: RemovalPolicy
    ) -> "DataBucket":
        """Return the stack's bucket of that name and key, made at the first call.

        Raises
        ------
        ValueError
            It has been made with another removal policy.
        """
        name = f"BedrockBatch{name}" + (f"-{encryption_key.node.addr[-8:]}" if encryption_key else "")
        bucket = shared(cls, scope, name, lambda stack: cls(stack, name, encryption_key, removal_policy))
        if bucket.removal_policy != removal_policy:
            raise ValueError(
                f"'removal_policy' must be the same for all jobs that share the buckets of a stack, got "
                f"{removal_policy.name} after {bucket.removal_policy.name}: change one, or give the job buckets of "
                "its own with 'input_data' and 'output_data'"
            )
        return bucket

    def __init__(
        self, scope: Construct, id: str, encryption_key: kms.IKey | None, removal_policy: RemovalPolicy
    ) -> None:
        is_retained = removal_policy != RemovalPolicy.DESTROY
        super().__init__(
            scope,
            id,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.KMS if encryption_key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=encryption_key,
            bucket_key_enabled=True if encryption_key else None,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(UPLOAD_DAYS))],
            removal_policy=RemovalPolicy.RETAIN if is_retained else removal_policy,
            auto_delete_objects=not is_retained,
        )
        self.removal_policy = removal_policy
        #: Whether CloudFormation leaves it alone.
        self.is_retained = is_retained
        if not is_retained:
            _let_look_at_tags(self)
        self._waits_for_key = encryption_key is not None and not keys.is_imported(encryption_key)
        if self.is_retained and (policy := self.policy):
            # It goes with the bucket, or stays with it; CloudFormation would look for it where the bucket is gone.
            policy.apply_removal_policy(RemovalPolicy.RETAIN)
        remember_own(self, encryption_key)

    @property
    def is_cleared(self) -> bool:
        """Whether it is retained, and the function removes it where a first deployment that failed leaves it unused.

        One with a key that the app makes stays, as such keys do: every job would wait for what the key waits for.
        """
        return self.is_retained and not self._waits_for_key

    @cached_property
    def id_unless_used(self) -> IResolvable:
        """Its logical id, or nothing if something of the user's hangs on it that could not be deleted without it.

        So it is with CDK's notifications: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html.
        It is known when all of the app is, and the same for all jobs.
        """
        return Lazy.any(Produced(self._id_unless_used))

    def _id_unless_used(self) -> str | None:
        is_used = node_of(self).try_find_child("Notifications") is not None
        return None if is_used else resource_of(self).logical_id


def _let_look_at_tags(bucket: s3.Bucket) -> None:
    """Let CDK's function see that a bucket is not to be emptied any more, when the bucket's policy says nothing of it.

    Where a bucket comes to be retained, CloudFormation first takes the function's rights out of the bucket's policy and
    the tag off the bucket, and then has the function told that it has nothing more to do. It asks for the tag, and
    CDK's function fails where it may not: https://github.com/aws/aws-cdk/issues/14649. This policy goes after that.
    """
    provider = stack_of(bucket).node.try_find_child(f"{_EMPTIES}CustomResourceProvider")
    role = provider and provider.node.try_find_child("Role")
    if not isinstance(role, CfnResource):
        # It is made beforehand.
        return
    seeing = allow("s3:GetBucketTagging", bucket.bucket_arn)
    policy = iam.CfnPolicy(
        bucket,
        "EmptyingPolicy",
        # Another one for each bucket: all are of one role.
        policy_name=f"{bucket.node.id}Tags",
        policy_document=document([seeing]),
        roles=[role.ref],
    )
    bucket.node.find_child("AutoDeleteObjectsCustomResource").node.add_dependency(policy)


def own_place(scope: Construct, bucket: DataBucket, name: str) -> Location:
    """Return a job's own folder in a bucket."""
    place = Location.of(scope, bucket, f"{name}/")
    warn_of_owners(scope, "encryption_key", place, "s3:PutObject")
    return place
