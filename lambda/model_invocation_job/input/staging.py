"""Putting the input where the job will read it.

The construct publishes local files as CDK assets. They are copied, inside S3, into the input bucket under a key that
carries the digest of their content, so that data has one home with its owner's encryption and lifecycle. A folder is
published as an archive, which is unpacked there.
"""

from collections.abc import Iterable
from typing import Any, Protocol

from model_invocation_job.clock import Deadline
from model_invocation_job.errors import SubmissionError
from model_invocation_job.input.copying import copy
from model_invocation_job.jobs.refusals import Refusal, code, kind_of
from model_invocation_job.requests.staged_object import StagedObject


class Staging(Protocol):
    """The way to place objects before a job starts."""

    def stage(self, objects: Iterable[StagedObject], deadline: Deadline) -> None:
        """Put each object to its target; a second time changes nothing."""
        ...


class S3Staging:
    """Copies within S3 and unpacks into it, through a boto3 client of the service ``s3``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def stage(self, objects: Iterable[StagedObject], deadline: Deadline) -> None:
        """See `Staging.stage`."""
        for item in objects:
            what = f"{item.source} cannot be {'unpacked' if item.is_archive else 'copied'} to {item.target}"
            try:
                self._place(item, deadline)
            except Refusal as error:
                raise kind_of(code(error), SubmissionError)(f"{what}: {error}") from error

    def _place(self, item: StagedObject, deadline: Deadline) -> None:
        if item.is_archive:
            from model_invocation_job.input.archive import unpack  # noqa: PLC0415 (brings zipfile, and archives are rare)

            unpack(self._client, item, deadline)
            return
        copy(self._client, item, deadline)
