"""How a job is recognised: by the stack, the resource and the specification that asked for it.

A job's name is how it is found (List can filter by a part of the name, and shows no token); its client request token is
how it is confirmed. Both are made of the same digests, so that a repeated event asks for the same job again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.jobs import Job
from model_invocation_job.request import JobRequest

#: CreateModelInvocationJob: ``jobName`` has at most 63 characters.
MAX_NAME_LENGTH = 63
_WISH_LENGTH = 16
_REQUEST_LENGTH = 8
_ENDING_LENGTH = 1 + _WISH_LENGTH + 1 + _REQUEST_LENGTH
MAX_PREFIX_LENGTH = MAX_NAME_LENGTH - _ENDING_LENGTH


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
    given_token
        The client request token that the user asked for, empty for one of ours. It says nothing of who asked, so then
        the name has to.
    """

    prefix: str
    owner: str
    specification: str
    request: str
    given_token: str
    _places: tuple[str, ...]

    @classmethod
    def of(cls, request: JobRequest) -> "JobIdentity":
        """Derive the identity of the job that a request asks for."""
        return cls(
            prefix=request.name_prefix,
            owner=_digest(request.stack_id, request.logical_id),
            specification=_digest(request.specification, request.run_token),
            request=_digest(request.request_id),
            given_token=request.client_request_token,
            _places=_places(request.parameters),
        )

    @property
    def wish(self) -> str:
        """The part of the name that every job of this resource with this specification has."""
        return _digest(self.owner, self.specification)[:_WISH_LENGTH]

    @property
    def name(self) -> str:
        """The job's name, within Bedrock's length and pattern.

        Raises
        ------
        InvalidRequestError
            The prefix is too long. It is not cut, for event rules know the job by it.
        """
        if len(self.prefix) > MAX_PREFIX_LENGTH:
            raise InvalidRequestError(
                f"'JobNamePrefix' must be at most {MAX_PREFIX_LENGTH} characters, got {len(self.prefix)}: the rest of "
                f"the job's name tells whose it is; give a shorter 'job_name'"
            )
        return f"{self.prefix}-{self.wish}-{self.request[:_REQUEST_LENGTH]}"

    @property
    def token(self) -> str:
        """The job's client request token: the user's, or which resource, which specification, which request."""
        return self.given_token or f"{self.owner}-{self.specification}-{self.request}"

    def owns(self, job: Job) -> bool:
        """Whether a job was asked for by this resource, with whatever specification if its token is one of ours."""
        return job.token.startswith(f"{self.owner}-") or self.describes(job)

    def describes(self, job: Job) -> bool:
        """Whether a job was asked for by this resource with this specification.

        Its token must say so, or be the user's and the name say so; role and data, too, must be those of the wish, for
        a token can be copied.
        """
        if self.given_token:
            asked = job.token == self.given_token and job.name[-_ENDING_LENGTH:].startswith(f"-{self.wish}-")
        else:
            asked = job.token.startswith(f"{self.owner}-{self.specification}-")
        return asked and self._places == (job.role_arn, job.input_uri, job.output_uri)


def _places(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    try:
        data = parameters["inputDataConfig"]["s3InputDataConfig"], parameters["outputDataConfig"]["s3OutputDataConfig"]
        return (parameters["roleArn"], *(config["s3Uri"] for config in data))
    except (KeyError, TypeError):
        # Properties that cannot be read: no job is known to be of their making.
        return ()


def _digest(*parts: object) -> str:
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
