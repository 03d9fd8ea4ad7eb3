"""What S3 refuses for good, said in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

from batch_inference_pipeline.errors import BadInputError, RefusedError
from batch_inference_pipeline.places import Place

READ, WRITE, LIST = "read it (s3:GetObject)", "write it (s3:PutObject)", "list it (s3:ListBucket)"
_NOT_AS_LISTED = {
    "PreconditionFailed": "was overwritten after the run had listed it; leave the input as it is",
    "NoSuchKey": "was removed after the run had listed it; put it back",
}


@contextmanager
def explained(place: Place, action: str) -> Iterator[None]:
    """Explain refusals of an action at a place.

    Raises
    ------
    BadInputError
        What is there is not what is asked for.
    RefusedError
        The pipeline may not.
    """
    try:
        yield
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message")
        if code in _NOT_AS_LISTED:
            raise BadInputError(f"{place.uri} {_NOT_AS_LISTED[code]}, and start another run") from None
        if code == "NoSuchBucket":
            raise BadInputError(f"{place.uri}: there is no such bucket; name one that is there") from None
        if code == "AccessDenied":
            raise RefusedError(f"{place.uri}: the pipeline may not {action}: {message}; allow it that") from None
        raise
