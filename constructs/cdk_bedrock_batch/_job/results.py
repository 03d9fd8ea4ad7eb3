"""What a job tells of its results: where they are, and what was counted once it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch._access import keys
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._function.properties import READ_MANIFEST
from cdk_bedrock_batch._function.provider import Provider
from cdk_bedrock_batch._job.observed import ObservedJob

if TYPE_CHECKING:
    from aws_cdk import CfnResource

    from cdk_bedrock_batch._data.location import Location
    from cdk_bedrock_batch.wait import WaitUntil


class JobWithResults(ObservedJob):
    """What a job tells of its results; with ``WaitUntil.FINISHED`` whoever uses it waits for the job's end."""

    _resource: CfnResource
    #: Tells of the results; None where the deployment does not wait for them.
    _results: CfnResource | None = None
    _output: Location
    _wait_until: WaitUntil
    _reads_manifest = False

    @property
    def job_status(self) -> str:
        """The job's state when CloudFormation last looked, such as ``Scheduled``; after its end ``Completed``."""
        return (self._results or self._resource).get_att("JobStatus").to_string()

    @property
    def output_uri(self) -> str:
        """The S3 URI below which Bedrock writes this job's results, job id included, ending in ``/``."""
        return (self._results or self._resource).get_att("OutputUri").to_string()

    @property
    def output_base_uri(self) -> str:
        """The S3 URI below which every run of the job writes its results, each in a folder named by its job id.

        It is known before the job, so a target of the job's events can have it: the job id is the last part of
        ``detail.batchJobArn``. It ends in ``/`` unless it was given as a token that does not.
        """
        return self._output.uri

    @property
    def total_records(self) -> str:
        """How many records the job had (``totalRecordCount`` of GetModelInvocationJob), as a text.

        This and the other counts are ``Unknown`` where Bedrock does not tell.

        Raises
        ------
        ValueError
            The deployment does not wait for the job's end.
        """
        return self._count("total_records", "TotalRecordCount")

    @property
    def processed_records(self) -> str:
        """How many records were answered or failed (``processedRecordCount``); see `total_records`."""
        return self._count("processed_records", "ProcessedRecordCount")

    @property
    def succeeded_records(self) -> str:
        """How many records were answered (``successRecordCount``); see `total_records`."""
        return self._count("succeeded_records", "SuccessRecordCount")

    @property
    def failed_records(self) -> str:
        """How many records failed (``errorRecordCount``); see `total_records`."""
        return self._count("failed_records", "ErrorRecordCount")

    @property
    def input_tokens(self) -> str:
        """How many tokens the prompts had (``inputTokenCount`` of ``manifest.json.out``), as a text.

        Whoever asks for this or for `output_tokens` lets the stack's function read the manifests at the job's place
        for results, with the key that encrypts them.

        Raises
        ------
        ValueError
            The deployment does not wait for the job's end, or the bucket or its key is not made by this app.
        """
        return self._told_by_manifest("input_tokens", "InputTokenCount")

    @property
    def output_tokens(self) -> str:
        """How many tokens the answers had (``outputTokenCount``); see `input_tokens`."""
        return self._told_by_manifest("output_tokens", "OutputTokenCount")

    def _count(self, prop: str, name: str) -> str:
        return self._ended(prop).get_att(name).to_string()

    def _told_by_manifest(self, prop: str, name: str) -> str:
        results = self._ended(prop)
        if not self._reads_manifest:
            _check_readable(prop, self._output)
            needed = Provider.of(self).allow_reading_manifests(self, self._output)
            results.node.add_dependency(*needed)
            results.add_property_override(READ_MANIFEST, value=True)
            self._reads_manifest = True
        return results.get_att(name).to_string()

    def _ended(self, prop: str) -> CfnResource:
        if self._results is None:
            raise ValueError(
                f"'{prop}' must come after the job's end, got it of {self.node.path}, whose 'wait_until' is "
                f"{self._wait_until.name}: use WaitUntil.FINISHED"
            )
        return self._results


def _check_readable(prop: str, place: Location) -> None:
    """Refuse what only others can let the function read."""
    missing = []
    if place.owner or not isinstance(place.bucket, s3.Bucket):
        missing.append(f"s3:GetObject on {_shown(f'{place.uri}*/manifest.json.out', 'its manifests')}")
    if place.encryption_key and keys.is_imported(place.encryption_key):
        missing.append(f"kms:Decrypt on {_shown(place.encryption_key.key_arn, 'its key')}")
    if missing:
        raise ValueError(
            f"'{prop}' must be of results in a bucket, and under a key, that this app makes, got "
            f"{_shown(place.uri, 'a place')} where only others can grant the stack's function {' and '.join(missing)}: "
            "leave it out, or put the results elsewhere with 'output_data'"
        )


def _shown(text: str, otherwise: str) -> str:
    return otherwise if is_token(text) else text
