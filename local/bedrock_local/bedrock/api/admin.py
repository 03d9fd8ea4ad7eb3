"""The admin path: faults on demand, over HTTP on loopback.

``GET /_bedrock/faults`` lists them, ``POST`` adds one, ``DELETE`` removes all; ``DELETE /_bedrock/faults/ID`` one.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus

from bedrock_local.bedrock.api.responses import Response
from bedrock_local.bedrock.faults.fault_format import parse, render
from bedrock_local.bedrock.faults.faults import Faults
from bedrock_local.owner import FAULTS

#: A fault is a few words.
MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Admin:
    """What the admin path does.

    Parameters
    ----------
    faults
        The faults to keep.
    enabled
        Whether it does anything at all.
    """

    faults: Faults
    enabled: bool

    def answer(self, method: str, path: str, body: bytes) -> Response:
        """Answer a request below `FAULTS`.

        Parameters
        ----------
        method, path, body
            As in HTTP.

        Returns
        -------
        Response
            JSON; ``message`` says what is wrong with a request that cannot be.
        """
        if not self.enabled:
            message = "faults are off in this local AWS; start it with --admin, or LocalAws(admin=True)"
            return _answer(HTTPStatus.NOT_FOUND, {"message": message})
        fault_id = path.removeprefix(FAULTS).strip("/")
        if method == "DELETE":
            return self._remove([fault_id] if fault_id else list(self.faults.all()))
        if fault_id or method not in ("GET", "POST"):
            return _answer(HTTPStatus.NOT_FOUND, {"message": f"there is no {method} {path}"})
        if method == "GET":
            faults = [{"id": each, **render(fault)} for each, fault in self.faults.all().items()]
            return _answer(HTTPStatus.OK, {"faults": faults})
        return self._add(body)

    def _add(self, body: bytes) -> Response:
        try:
            return _answer(HTTPStatus.CREATED, {"id": self.faults.add(parse(json.loads(body)))})
        except RecursionError:
            return _answer(HTTPStatus.BAD_REQUEST, {"message": "the JSON is nested too deeply to be a fault"})
        except ValueError as error:
            return _answer(HTTPStatus.BAD_REQUEST, {"message": str(error)})

    def _remove(self, fault_ids: list[str]) -> Response:
        for each in fault_ids:
            self.faults.remove(each)
        return _answer(HTTPStatus.OK, {})


def _answer(status: HTTPStatus, body: object) -> Response:
    return int(status), {"Content-Type": "application/json"}, json.dumps(body).encode()
