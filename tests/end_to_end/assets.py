"""The assets of synthesized stacks, in a bucket of the local AWS."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

#: Not the CDK CLI's bucket: what is in this one is quicker.
ASSETS = "quick-assets"
#: A permission that is missing stays missing, however long the function hopes; and a local job needs no minute, neither
#: in the function nor between two looks at it.
_QUICKER = {
    b"PATIENCE_SECONDS = 60": b"PATIENCE_SECONDS = 1",
    b"pause = 1.0": b"pause = 0.1",
    b"IN_PROCESS_SECONDS, FIRST_LOOK_SECONDS = 10, 5": b"IN_PROCESS_SECONDS, FIRST_LOOK_SECONDS = 1, 2",
    b"FIRST_LOOK_SECONDS = 15": b"FIRST_LOOK_SECONDS = 1",
    b"FIRST_LOOK_SECONDS = 3": b"FIRST_LOOK_SECONDS = 1",
    b"VALIDATION_PAUSE, RUN_PAUSE = 15, 55": b"VALIDATION_PAUSE, RUN_PAUSE = 5, 2",
    b"\nPAUSE = 55": b"\nPAUSE = 2",
    b"LATER_SECONDS = 15": b"LATER_SECONDS = 1",
}


class Assets:
    """Publishes assets as the CDK CLI does, but the function in a hurry; perhaps a key encrypts them."""

    def __init__(self, s3: Any, bucket: str, key_arn: str | None) -> None:
        self._s3, self._bucket, self._published = s3, bucket, set[str]()
        s3.create_bucket(Bucket=bucket)
        if key_arn:
            default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
            rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
            s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)

    def publish(self, manifest: Path) -> None:
        """Put what a manifest of the CDK lists into the bucket, unless it is there."""
        for asset in json.loads(manifest.read_text())["files"].values():
            source = manifest.parent / asset["source"]["path"]
            for destination in asset["destinations"].values():
                key = destination["objectKey"]
                if key not in self._published:
                    body = _zipped(source) if asset["source"]["packaging"] == "zip" else source.read_bytes()
                    self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)
                    self._published.add(key)


def _zipped(folder: Path) -> bytes:
    archive, files = io.BytesIO(), [path for path in sorted(folder.rglob("*")) if path.is_file()]
    contents = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            file.writestr(name, _quick(content))
    if "model_invocation_job/index.py" in contents:
        slow = b"".join(contents.values())
        assert all(slow.count(text) == 1 for text in _QUICKER), "the function has changed what makes it wait"
    return archive.getvalue()


def _quick(content: bytes) -> bytes:
    for slow, quick in _QUICKER.items():
        content = content.replace(slow, quick)
    return content
