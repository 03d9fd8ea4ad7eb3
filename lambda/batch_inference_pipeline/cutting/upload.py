"""An object that is written line by line, in bounded memory: one part is sent while the next is gathered."""

import hashlib
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from batch_inference_pipeline.cutting.refusals import WRITE, explained
from batch_inference_pipeline.places import Place


class Upload:
    """Lines on their way to an object: sent in parts, or at once if they are no more than one.

    Parameters
    ----------
    client
        boto3's, of the service ``s3``.
    place
        The object.
    encryption
        Parameters of the calls that make an object.
    """

    #: Bytes of a part. S3 takes no less than 5 MiB, and 10,000 parts: 80 GiB.
    PART = 8 * 1024**2

    def __init__(self, client: Any, place: Place, encryption: Mapping[str, str]) -> None:  # noqa: ANN401 (boto3's clients have no class)
        self._client, self._place = client, place
        self._address = {"Bucket": place.bucket, "Key": place.key}
        self._encryption = encryption
        self._held: list[bytes] = []
        self._size = 0
        self._digest = hashlib.sha256()
        self._id: str | None = None
        self._parts: list[Mapping[str, Any]] = []
        self._sender = ThreadPoolExecutor(1)
        self._sending: Future[None] | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 of all that has been sent."""
        return self._digest.hexdigest()

    def add(self, line: bytes) -> None:
        """Add a line, which is given without its end."""
        self._held.append(line)
        self._size += len(line) + 1
        if self._size >= self.PART:
            self._send()

    def complete(self) -> None:
        """Send what is left, and let the object be there."""
        self.close()
        self.wait()

    def close(self) -> None:
        """Begin to send what is left; `wait` until the object is there."""
        self._sending = self._sender.submit(self._finish, self._sending)

    def wait(self) -> None:
        """Wait for what is sent."""
        if self._sending:
            self._sending.result()

    def abort(self) -> None:
        """Let S3 forget the parts; those that it does not a rule of the bucket removes."""
        self._sender.shutdown()
        with suppress(ClientError):
            if self._id:
                self._client.abort_multipart_upload(**self._address, UploadId=self._id)

    def _send(self) -> None:
        self.wait()
        if not self._id:
            with explained(self._place, WRITE):
                self._id = self._client.create_multipart_upload(**self._address, **self._encryption)["UploadId"]
        self._sending = self._sender.submit(self._send_part, self._id, self._taken())

    def _finish(self, sending: Future[None] | None) -> None:
        if sending:
            # Done, for one sends at a time; it may have failed.
            sending.result()
        if self._id and self._held:
            self._send_part(self._id, self._taken())
        with explained(self._place, WRITE):
            if self._id:
                parts = {"Parts": self._parts}
                self._client.complete_multipart_upload(**self._address, UploadId=self._id, MultipartUpload=parts)
            else:
                content = self._taken()
                self._digest.update(content)
                self._client.put_object(**self._address, Body=content, **self._encryption)
        self._sender.shutdown(wait=False)

    def _send_part(self, id: str, content: bytes) -> None:
        self._digest.update(content)
        number = len(self._parts) + 1
        with explained(self._place, WRITE):
            sent = self._client.upload_part(**self._address, UploadId=id, PartNumber=number, Body=content)
        # S3 wants the checksums again that botocore has sent with the parts.
        checksums = {name: value for name, value in sent.items() if name.startswith("Checksum")}
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"], **checksums})

    def _taken(self) -> bytes:
        self._held.append(b"")  # So that the last has its end, too.
        content = b"\n".join(self._held)
        self._held, self._size = [], 0
        return content
