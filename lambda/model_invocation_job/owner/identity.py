"""How a job is named: after the stack, the resource, the specification and the request that asked for it.

Its name is how it is found (List can filter by a part of the name, and shows no token); its client request token is how
it is confirmed, where Get shows one. Both are made of the same digests, so that a repeated event asks for the same job
again. Whose a job is, ``claim.py`` tells by them.

After the prefix a name has 16 digits of the wish and 8 of the request. The first 8 are of what decides the results, the
other 8 of all that makes the job what it is, such as its timeout; each is of the resource, too. The jobs of earlier
versions, which may run or be the results of somebody's stack, have 16 digits of the latter.
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace

from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.requests.request import JobRequest

#: CreateModelInvocationJob: ``jobName`` has at most 63 characters.
MAX_NAME_LENGTH = 63
_RESULTS_LENGTH = 8
_WISH_LENGTH = 16
_REQUEST_LENGTH = 8
MAX_PREFIX_LENGTH = MAX_NAME_LENGTH - (1 + _WISH_LENGTH + 1 + _REQUEST_LENGTH)
#: What a second try has at the end of its name, within the digits of the request, and of its token.
_SECOND = "-2"
_ENDING = re.compile(r"-([0-9a-f]{16})-([0-9a-f]{8}|[0-9a-f]{6}-2)")


_OWNER = re.compile(r"-([0-9a-f]{8})\Z")
_TOKEN = re.compile(rf"[0-9a-f]{{32}}-([0-9a-f]{{32}})-[0-9a-f]{{32}}(?:{_SECOND})?")


@dataclass(frozen=True)
class JobIdentity:
    """The digests of one request.

    Attributes
    ----------
    owner
        Of the stack's id and the logical id: equal for all jobs that one resource ever asked for.
    specification
        Of all that makes the job what it is, the run token included; not of tags or waiting.
    results
        Of the part of the specification that decides what the results are.
    request
        Of CloudFormation's request id: equal when one event is delivered twice.
    given_token
        The client request token that the user asked for, empty for one of ours. It says nothing of who asked, so then
        the name has to.
    is_second
        Whether it is of the second job that one request may have: see ``second_try.py``.
    """

    prefix: str
    owner: str
    specification: str
    results: str
    request: str
    given_token: str
    is_second: bool = False

    @classmethod
    def of(cls, request: JobRequest) -> "JobIdentity":
        """Derive the identity of the job that a request asks for."""
        return cls(
            prefix=request.name_prefix,
            owner=_digest(request.stack_id, request.logical_id),
            specification=_digest(request.specification, request.run_token),
            results=_digest(request.results, request.run_token),
            request=_digest(request.request_id),
            given_token=request.client_request_token,
        )

    @property
    def second(self) -> "JobIdentity":
        """The same for the request's second try."""
        return replace(self, is_second=True)

    @property
    def results_part(self) -> str:
        """The part of the name that every job of this resource with these results has."""
        return _digest(self.owner, self.results)[:_RESULTS_LENGTH]

    @property
    def owner_part(self) -> str:
        """The end of the prefix, which tells the stack by its name, not by its id; nothing where it has none."""
        return _owner_part(self.prefix)

    @property
    def earlier_wish(self) -> str:
        """The part of the name that jobs of this resource with this specification had in earlier versions."""
        return _digest(self.owner, self.specification)[:_WISH_LENGTH]

    @property
    def wish(self) -> str:
        """The part of the name that every job of this resource with this specification has."""
        return self.results_part + self.earlier_wish[: _WISH_LENGTH - _RESULTS_LENGTH]

    @property
    def stem(self) -> str:
        """The name without what tells the request: as much of it as is known of a job that cannot be read."""
        return f"{self.prefix}-{self.wish}"

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
        return f"{self.stem}-{self.request_part}"

    @property
    def request_part(self) -> str:
        """The end of the name: of the request, and of which of its tries."""
        ending = _SECOND if self.is_second else ""
        return self.request[: _REQUEST_LENGTH - len(ending)] + ending

    @property
    def token(self) -> str:
        """The job's client request token: the user's, or which resource, which specification, which request."""
        own = f"{self.owner}-{self.specification}-{self.request}{_SECOND if self.is_second else ''}"
        return self.given_token or own


def parts_of(name: str) -> tuple[str, str]:
    """Return what a job's name tells of the wish and of the request; nothing for a name that is not one of ours."""
    found = _ENDING.fullmatch(name[-(2 + _WISH_LENGTH + _REQUEST_LENGTH) :])
    return (found[1], found[2]) if found else ("", "")


def owner_part_of(name: str) -> str:
    """Return what a job's name tells of its stack's name and its resource; nothing for a name that is not ours."""
    return _owner_part(name[: -(2 + _WISH_LENGTH + _REQUEST_LENGTH)]) if parts_of(name)[0] else ""


def specification_of(token: str) -> str:
    """Return what a token of ours, for whatever stack, tells of the specification; nothing for any other token."""
    found = _TOKEN.fullmatch(token)
    return found[1] if found else ""


def is_of_second(name: str) -> bool:
    """Whether a job's name is that of a second try."""
    return parts_of(name)[1].endswith(_SECOND)


def name_of_second(name: str) -> str:
    """Return the name that a job's second try has."""
    return name[: -len(_SECOND)] + _SECOND


def _owner_part(prefix: str) -> str:
    found = _OWNER.search(prefix)
    return found[1] if found else ""


def _digest(*parts: object) -> str:
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
