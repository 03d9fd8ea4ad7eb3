"""What the owner of a local AWS asks of itself, beside AWS's own operations: signed, as its root user."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bedrock_local.environment import ACCOUNT, HOST, REGION
from bedrock_local.errors import LocalAwsError

if TYPE_CHECKING:
    from collections.abc import Mapping


#: Where faults are asked for, and fresh addresses of the console, each signed so.
FAULTS, CONSOLE_TOKENS = "/_bedrock/faults", "/_bedrock/console-tokens"


@dataclass(frozen=True)
class Owner:
    """The owner of a local AWS.

    Parameters
    ----------
    port
        Port of the local AWS on 127.0.0.1.
    secret
        Its root users' secret access key.
    """

    port: int
    secret: str = field(repr=False)

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Send a request.

        Parameters
        ----------
        method, path
            As in HTTP.
        body
            Sent as JSON. Default: nothing.

        Returns
        -------
        dict
            The decoded answer.

        Raises
        ------
        LocalAwsError
            If it is refused, or nobody answers; the message says why.
        """
        content = b"" if body is None else json.dumps(body).encode()
        connection = http.client.HTTPConnection(HOST, self.port)
        try:
            connection.request(method, path, content, self._signed(method, path, content))
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        except OSError as error:
            reason = error.strerror or error
            raise LocalAwsError(
                f"the local AWS at port {self.port} does not answer ({reason}); start another"
            ) from None
        finally:
            connection.close()
        if response.status >= http.HTTPStatus.BAD_REQUEST:
            raise LocalAwsError(answer["message"])
        return answer

    def _signed(self, method: str, path: str, content: bytes) -> dict[str, str]:
        from botocore.auth import SigV4Auth  # noqa: PLC0415 - slow to import, and few commands ask for this
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 - the same
        from botocore.credentials import Credentials  # noqa: PLC0415 - the same

        request = AWSRequest(method, f"http://{HOST}:{self.port}{path}", data=content)
        SigV4Auth(Credentials(ACCOUNT, self.secret), "bedrock", REGION).add_auth(request)
        return dict(request.headers.items())
