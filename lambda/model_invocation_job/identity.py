"""How a job is recognised: by the stack, the resource and the specification that asked for it.

A job's name is how it is found (List can filter by a part of the name, and shows no token); its client request token is
how it is confirmed. Both are made of the same digests, so that a repeated event asks for the same job again.
"""

import hashlib
import json
from dataclasses import dataclass

from model_invocation_job.request import JobRequest

#: CreateModelInvocationJob: ``jobName`` has at most 63 characters.
MAX_NAME_LENGTH = 63
_WISH_LENGTH = 16
_REQUEST_LENGTH = 8


@dataclass(frozen=True)
class JobIdentity:
    """The digests of one request.

    Attributes
    ----------
    owner
        Of the stack's id and the logical id: equal for all jobs that one resource ever asked for.
    specification
        Of all that makes the job what it is, the run token included; not of tags or waiting.
    request
        Of CloudFormation's request id: equal when one event is delivered twice.
    """

    prefix: str
    owner: str
    specification: str
    request: str

    @classmethod
    def of(cls, request: JobRequest) -> "JobIdentity":
        """Derive the identity of the job that a request asks for."""
        return cls(
            prefix=request.name_prefix,
            owner=_digest(request.stack_id, request.logical_id),
            specification=_digest(request.parameters, request.run_token),
            request=_digest(request.request_id),
        )

    @property
    def wish(self) -> str:
        """The part of the name that every job of this resource with this specification has."""
        return _digest(self.owner, self.specification)[:_WISH_LENGTH]

    @property
    def name(self) -> str:
        """The job's name, within Bedrock's length and pattern."""
        ending = f"-{self.wish}-{self.request[:_REQUEST_LENGTH]}"
        return self.prefix[: MAX_NAME_LENGTH - len(ending)].rstrip("-.+") + ending

    @property
    def token(self) -> str:
        """The job's client request token: which resource, which specification, which request."""
        return f"{self.owner}-{self.specification}-{self.request}"

    def owns(self, token: str | None) -> bool:
        """Whether a job with this token was asked for by this resource."""
        return (token or "").startswith(f"{self.owner}-")

    def wished(self, token: str | None) -> bool:
        """Whether a job with this token was asked for by this resource with this specification."""
        return (token or "").startswith(f"{self.owner}-{self.specification}-")


def _digest(*parts: object) -> str:
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
