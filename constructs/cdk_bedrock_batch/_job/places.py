"""Where a job's data is: places of the user's, or folders of its own in the buckets of the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_bedrock_batch._data.buckets import DataBucket, own_place
from cdk_bedrock_batch._data.retention import keep_for
from cdk_bedrock_batch._job.parameters import check_kept
from cdk_bedrock_batch.output_data import BoundOutput, OutputData

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_cdk import RemovalPolicy
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from cdk_bedrock_batch._data.input_source import BoundInput
    from cdk_bedrock_batch._data.location import Location
    from cdk_bedrock_batch.input_data import InputData


def bind(
    job: Construct,
    input_data: InputData,
    output_data: OutputData | None,
    *,
    own_name: str,
    encryption_key: kms.IKey | None,
    removal_policy: RemovalPolicy,
    stop_on_delete: bool,
    retention_days: int | None,
) -> tuple[BoundInput, BoundOutput]:
    """Find the places of a job's records and results; ``own_name`` is that of its own folders.

    Results are kept for the days of the retention, without one for ever.

    Raises
    ------
    ValueError
        Buckets that the construct makes would go under the job; or no rule can expire these results alone.
    """

    def home(name: str) -> Location:
        check_kept(removal_policy, stop_on_delete=stop_on_delete)
        return own_place(job, DataBucket.of(job, name, encryption_key, removal_policy), own_name)

    source = input_data.bind(job, lambda: home("Input"))
    place = output_data.bind(job, encryption_key) if output_data else BoundOutput(home("Output"), encryption_key)
    keep_for(retention_days, job, source.readable, place.location)
    return source, place


def own_buckets(places: Iterable[Location]) -> object:
    """Return the logical ids of the buckets that the function may remove where they hold nothing of the user's."""
    buckets = (place.bucket for place in places)
    return [each.id_unless_used for each in buckets if isinstance(each, DataBucket) and each.is_cleared] or None
