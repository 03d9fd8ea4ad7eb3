"""A request that is refused, and the answer that its sender understands."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from uuid import uuid4
from xml.sax.saxutils import escape

from ministack.core.iam_actions import access_denied_response

Answer = tuple[int, dict[str, str], bytes]

#: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_S3_CODES = {
    "InvalidClientTokenId": "InvalidAccessKeyId",
    "UnrecognizedClientException": "InvalidAccessKeyId",
    "MissingAuthenticationToken": "AccessDenied",
    "RequestEntityTooLarge": "EntityTooLarge",
}


class RefusedError(Exception):
    """A request that the local AWS does not answer.

    Parameters
    ----------
    code
        AWS's name for it: ``SignatureDoesNotMatch``.
    message
        One sentence: what is wrong, and what to do.
    status
        Of HTTP. Default: 403.
    """

    def __init__(self, code: str, message: str, status: int = HTTPStatus.FORBIDDEN) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, int(status)


def answer(refused: RefusedError, method: str, service: str, headers: Mapping[str, str]) -> Answer:
    """Put a refusal in the form of a service, so that its clients show the sentence.

    Parameters
    ----------
    refused
        What is wrong.
    method
        The request's.
    service
        The one that was asked, by the emulator's name; empty for none.
    headers
        The request's; some services have several forms.

    Returns
    -------
    Answer
        Status, headers and body. The connection ends with it: what its sender still has to say is not read.
    """
    form, body = _form(refused, service, headers)
    body = b"" if method == "HEAD" else body
    return refused.status, {**form, "Content-Length": str(len(body)), "Connection": "close"}, body


def _form(refused: RefusedError, service: str, headers: Mapping[str, str]) -> tuple[dict[str, str], bytes]:
    if not service:
        told = {"__type": refused.code, "message": refused.message}
        return {"Content-Type": "application/json", "x-amzn-ErrorType": refused.code}, json.dumps(told).encode()
    if service == "s3":
        # The emulator's has a sentence of its own.
        code = _S3_CODES.get(refused.code, refused.code)
        error = f"<Error><Code>{code}</Code><Message>{escape(refused.message)}</Message></Error>"
        return {"Content-Type": "application/xml"}, error.encode()
    _, form, body = access_denied_response(
        service, "", "", str(uuid4()), error_code=refused.code, message=refused.message, headers=dict(headers)
    )
    return form, body
