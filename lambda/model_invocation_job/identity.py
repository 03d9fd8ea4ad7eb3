"""How a job is recognised: by the stack, the resource and the specification that asked for it.

A job's name is how it is found (List can filter by a part of the name, and shows no token); its client request token is
how it is confirmed. Both are made of the same digests, so that a repeated event asks for the same job again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model_invocation_job.jobs import Job
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
    _places: tuple[str, ...]

    @classmethod
    def of(cls, request: JobRequest) -> "JobIdentity":
        """Derive the identity of the job that a request asks for."""
        return cls(
            prefix=request.name_prefix,
            owner=_digest(request.stack_id, request.logical_id),
            specification=_digest(request.parameters, request.run_token),
            request=_digest(request.request_id),
            _places=_places(request.parameters),
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

    def owns(self, job: Job) -> bool:
        """Whether a job was asked for by this resource, with whatever specification."""
        return job.token.startswith(f"{self.owner}-")

    def describes(self, job: Job) -> bool:
        """Whether a job was asked for by this resource with this specification.

        Its token must say so; role and data, too, must be those of the wish, for a token can be copied.
        """
        token = f"{self.owner}-{self.specification}-"
        return job.token.startswith(token) and self._places == (job.role_arn, job.input_uri, job.output_uri)


def _places(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    if not parameters:
        # A Delete whose properties cannot be read: no job is known to be of its making.
        return ()
    data = parameters["inputDataConfig"]["s3InputDataConfig"], parameters["outputDataConfig"]["s3OutputDataConfig"]
    return (parameters["roleArn"], *(config["s3Uri"] for config in data))


def _digest(*parts: object) -> str:
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
