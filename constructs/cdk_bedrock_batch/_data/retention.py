"""How long results are kept: a lifecycle rule on the folder of one job, which is no part of the job itself."""

from collections.abc import Iterable
from typing import NamedTuple, cast
from weakref import WeakKeyDictionary

from aws_cdk import Duration, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from cdk_bedrock_batch._cdk.shared import node_of, path_of, properties_of, resource_of, stack_of
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._data.buckets import UPLOAD_DAYS
from cdk_bedrock_batch._data.location import Location, shown

#: Of a bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
_MOST_RULES = 1000
_ALONE = "must have a folder that is the job's alone"


class _Results(NamedTuple):
    job: str
    place: str
    expire: bool


#: Of the jobs and pipelines of an app, and the same list by each of its stacks.
_RESULTS: WeakKeyDictionary[IConstruct, list[_Results]] = WeakKeyDictionary()
_OF_STACK: WeakKeyDictionary[Stack, list[_Results]] = WeakKeyDictionary()


def keep_for(days: int | None, job: Construct, records: Location, results: Location) -> None:
    """Have S3 delete a job's results after so many days, or keep them; no other job may write among such results.

    Raises
    ------
    ValueError
        No rule can be made, or it would delete what is not the job's.
    """
    if days is not None:
        _check_bucket(days, results)
        _check_folder(records, results)
    own, others = _Results(path_of(job), results.rest, days is not None), _results(stack_of(job))
    _check_alone(own, others)
    if days is not None:
        _add_rule(days, cast("s3.Bucket", results.bucket), results.path)
    others.append(own)


def _results(stack: Stack) -> list[_Results]:
    if stack not in _OF_STACK:
        _OF_STACK[stack] = _RESULTS.setdefault(node_of(stack).root, [])
    return _OF_STACK[stack]


def _check_bucket(days: int, results: Location) -> None:
    if isinstance(results.bucket, s3.Bucket):
        return
    raise ValueError(
        "'results_retention' must be left out where this app does not make the bucket, whose lifecycle rules are its "
        f"owner's, got {days} days for {shown('the bucket', results.name)}, which is imported: have its owner add a "
        f"rule that expires {results.path or 'its objects'!r}, or give 'output_data' a bucket of this app"
    )


def _check_folder(records: Location, results: Location) -> None:
    if not results.path:
        got, advice = "all of the bucket", "give to_bucket a prefix, or leave 'output_data' out"
    elif is_token(results.path):
        got, advice = "one that only CloudFormation will know", "give to_bucket a prefix that is written out"
    elif records.rest.startswith(results.rest):
        got, advice = f"{results.path!r}, where its records are as well", "give to_bucket another prefix"
    else:
        return
    raise ValueError(f"'results_retention' {_ALONE}, got {got}: its lifecycle rule deletes all there; {advice}")


def _check_alone(own: _Results, others: Iterable[_Results]) -> None:
    for other in others:
        for kept, guest in ((own, other), (other, own)):
            if kept.expire and guest.place.startswith(kept.place):
                raise ValueError(
                    f"'results_retention' of {kept.job} {_ALONE}, got {kept.place.partition('/')[2]!r}, where "
                    f"{guest.job} writes as well: its lifecycle rule deletes all there; give one of the two another "
                    "prefix in 'output_data'"
                )


def _add_rule(days: int, bucket: s3.Bucket, folder: str) -> None:
    after = Duration.days(days)
    bucket.add_lifecycle_rule(
        prefix=folder,
        expiration=after,
        noncurrent_version_expiration=after,
        abort_incomplete_multipart_upload_after=Duration.days(UPLOAD_DAYS),
    )
    configuration = properties_of(resource_of(bucket))["lifecycleConfiguration"]
    number = len(stack_of(bucket).resolve(configuration)["rules"])
    if number > _MOST_RULES:
        raise ValueError(
            f"'results_retention' adds a lifecycle rule to the bucket, which must have at most {_MOST_RULES}, got "
            f"{number} at {bucket.node.path}: give the job another bucket in 'output_data', or have one rule of yours "
            "expire the folders of several jobs"
        )
