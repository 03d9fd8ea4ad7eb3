"""S3, as far as cutting needs it."""

from collections.abc import Iterator, Mapping
from typing import Any

from batch_inference_pipeline.cutting.refusals import LIST, READ, WRITE, explained
from batch_inference_pipeline.cutting.upload import Upload
from batch_inference_pipeline.places import Place


class Store:
    """Reads and writes objects; what S3 refuses for good is said in a sentence.

    Parameters
    ----------
    client
        boto3's, of the service ``s3``.
    key_id
        The KMS key that encrypts what is written. Default: what the bucket has.
    """

    def __init__(self, client: Any, key_id: str | None = None) -> None:  # noqa: ANN401 (boto3's clients have no class)
        self._client = client
        self._encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key_id} if key_id else {}

    def below(self, place: Place, after: str = "") -> Iterator[Mapping[str, Any]]:
        """List the objects whose keys begin with a place's, and come after another, in the order of their keys."""
        pages = self._client.get_paginator("list_objects_v2")
        with explained(place, LIST):
            for page in pages.paginate(Bucket=place.bucket, Prefix=place.key, StartAfter=after):
                yield from page.get("Contents", [])

    def read(self, place: Place) -> bytes:
        """Read a small object."""
        content: bytes = self.stream(place).read()
        return content

    def stream(self, place: Place, **which: str) -> Any:  # noqa: ANN401 (botocore's streams have no class)
        """Open an object, given the parameters of GetObject that say which version and range of it.

        Raises
        ------
        BadInputError
            The object is there no more, or is another.
        """
        with explained(place, READ):
            return self._client.get_object(Bucket=place.bucket, Key=place.key, **which)["Body"]

    def write(self, place: Place, content: bytes) -> None:
        """Write a small object."""
        with explained(place, WRITE):
            self._client.put_object(Bucket=place.bucket, Key=place.key, Body=content, **self._encryption)

    def upload(self, place: Place) -> Upload:
        """Return the way to write an object of any size."""
        return Upload(self._client, place, self._encryption)
