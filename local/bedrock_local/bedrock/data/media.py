"""Pictures, documents and videos that records name instead of holding them.

https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html: they lie in the folder of the input, and
the job's input is that folder.
"""

from collections.abc import Hashable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from botocore.exceptions import ClientError

from bedrock_local.bedrock.access.roles import RoleSession
from bedrock_local.bedrock.data.record import LOCATION, Record
from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.bedrock.models.invocation import RefusedError
from bedrock_local.names.s3_uri import S3Uri

_BAD_REQUEST = 400
_REMEMBERED = 1024


class Media:
    """What the records of a job name in S3.

    Parameters
    ----------
    job
        The job.
    session
        Its service role.
    """

    def __init__(self, job: Job, session: RoleSession) -> None:
        config = job.request["inputDataConfig"]["s3InputDataConfig"]
        self._folder = S3Uri.parse(config["s3Uri"])
        self._owner: str = config["s3BucketOwner"]
        self._session = session
        self._find = lru_cache(_REMEMBERED)(self._find_out)

    def require(self, record: Record) -> None:
        """Look for all that a record names.

        Parameters
        ----------
        record
            The record.

        Raises
        ------
        RefusedError
            If a place is outside of the input's folder, or the role cannot read it. The words are not the service's:
            nobody has published those.
        """
        for location in _locations(record.model_input) if record.names_places else ():
            uri = location.get("uri")
            owner = str(location.get("bucketOwner", self._owner))
            # Many records name the same few: what was found holds as long as what decided it.
            if refusal := self._find(str(uri), owner, self._session.state(self._folder.bucket)):
                raise RefusedError(_BAD_REQUEST, refusal)

    def _find_out(self, uri: str, owner: str, _state: Hashable) -> str | None:
        place = S3Uri.parse(uri)
        if place.bucket != self._folder.bucket or not place.key.startswith(self._folder.folder):
            return f"The S3 location {uri} is not in the folder of the job's input"
        try:
            # With the checksum it is judged as a read.
            self._session.s3.head_object(
                Bucket=place.bucket, Key=place.key, ExpectedBucketOwner=owner, ChecksumMode="ENABLED"
            )
        except ClientError:
            return f"The S3 location {uri} does not exist or can not be read"
        return None


def _locations(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        location = value.get(LOCATION)
        if isinstance(location, dict):
            yield location
        for member in value.values():
            yield from _locations(member)
    elif isinstance(value, list):
        for element in value:
            yield from _locations(element)
