"""What Get and List show of a job, in each way that the documentation leaves open."""

import json
from dataclasses import dataclass
from hashlib import sha256
from itertools import product
from typing import Any

from .front import Response

_READS = ("GetModelInvocationJob", "ListModelInvocationJobs")


@dataclass(frozen=True)
class Shown:
    """One way; every row has to hold in each of them.

    Attributes
    ----------
    token
        Whether Get shows the client request token: the API calls it optional.
    slash
        Whether places in S3 are shown ``as given``, with a slash ``more`` at the end, or one ``less``. With the slash
        comes a path of the role, or goes.
    """

    token: bool = True
    slash: str = "as given"

    def __str__(self) -> str:
        return f"{'token' if self.token else 'no token'}, slash {self.slash}"

    def of(self, operation: str, response: Response) -> Response:
        """Return the service's response as this way shows it."""
        status, headers, content = response
        if operation not in _READS or status != 200:
            return response
        body = json.loads(content)
        for job in body.get("invocationJobSummaries", [body]):
            self._rewrite(job)
        return status, headers, json.dumps(body).encode()

    def _rewrite(self, job: dict[str, Any]) -> None:
        if not self.token:
            job.pop("clientRequestToken", None)
        for data in (job["inputDataConfig"]["s3InputDataConfig"], job["outputDataConfig"]["s3OutputDataConfig"]):
            data["s3Uri"] = self._spelled(data["s3Uri"])
        if self.slash != "as given":
            before, _, name = job["roleArn"].rpartition("/")
            path = "/service-role" if self.slash == "more" else ""
            job["roleArn"] = f"{before.removesuffix('/service-role')}{path}/{name}"

    def _spelled(self, uri: str) -> str:
        return {"as given": uri, "more": f"{uri.rstrip('/')}/", "less": uri.rstrip("/")}[self.slash]


EVERY = tuple(Shown(token, slash) for token, slash in product((True, False), ("as given", "more", "less")))

#: The ways in which a row that is about it is tried each time; each has a part in one of them.
SEVERAL = Shown(), Shown(token=False, slash="more"), Shown(token=False, slash="less")


def one_for(row: str) -> Shown:
    """Return the way in which a row is tried each time: the same on every machine, and all of them have rows."""
    return EVERY[sha256(row.encode()).digest()[0] % len(EVERY)]
