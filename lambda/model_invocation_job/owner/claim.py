"""Whose a job is, and what for: told by its token, else by its name, its role and its places in S3.

* A job that shows another token than ours is never ours, whatever its name and its ARN.
* The job whose ARN is the physical id of this resource's own event is ours, however Bedrock spells its fields: nobody
  but this function ever gave CloudFormation that id.
* Any other job has to say so: by a token of ours; or, where Get shows none or the user's, by the digests in its name.
  Its role and places must be those of the wish as well, for a token and a name can be copied.

What Get shows may be spelled otherwise than it was sent, so role and places are compared in one spelling.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from model_invocation_job.arn import role_of
from model_invocation_job.jobs.jobs import Job
from model_invocation_job.owner.identity import JobIdentity, owner_part_of, parts_of, specification_of
from model_invocation_job.requests.request import ONLY_WHILE_IT_RUNS, JobRequest
from model_invocation_job.s3_uri import place_of


@dataclass(frozen=True)
class Claim:
    """What one request can say of any job."""

    identity: JobIdentity
    _request: JobRequest

    @classmethod
    def of(cls, request: JobRequest) -> "Claim":
        """Derive what a request can say."""
        return cls(JobIdentity.of(request), request)

    def may_hold(self, job: Job) -> bool:
        """Whether the job of the request's physical id can be what the resource stands for: no token denies it."""
        by_token = job.token in ("", self.identity.given_token) or self._has_our_token(job)
        return by_token or self.is_of_earlier_stack(job)

    def holds(self, job: Job) -> bool:
        """Whether the job of the request's physical id is this resource's.

        A token of the user's may be that of another resource's job, so there the name has to say it.
        """
        if job.token and job.token == self.identity.given_token:
            return self._tells_results(job) or self._tells_specification(job)
        return self.may_hold(job)

    def asks_for(self, job: Job) -> bool:
        """Whether token or name say that a job is of this resource and this specification."""
        if self._has_our_token(job):
            return job.token.startswith(f"{self.identity.owner}-{self.identity.specification}-")
        return self.may_hold(job) and self._tells_specification(job)

    def describes(self, job: Job) -> bool:
        """Whether a job was asked for by this resource with this specification, wherever it was found."""
        return self.asks_for(job) and _places(self._request.parameters) == _places_of(job)

    def has_results_of(self, job: Job) -> bool:
        """Whether a job of this resource has, or will have, the results that are asked for.

        It may have been asked for with another timeout, network or role: what only matters while a job runs.
        """
        same_places = _places(self._request.parameters)[1:] == _places_of(job)[1:]
        return self.may_hold(job) and self._tells_results(job) and same_places

    def made(self, job: Job) -> bool:
        """Whether a job that it describes is the one of this very request; Bedrock makes one job for one token."""
        if self._has_our_token(job):
            return job.token == self.identity.token
        return bool(self.identity.given_token) or parts_of(job.name)[1] == self.identity.request_part

    @property
    def of_second(self) -> "Claim":
        """The same for the request's second try."""
        return replace(self, identity=self.identity.second)

    def is_of_earlier_stack(self, job: Job) -> bool:
        """Whether a job was made for this resource in an earlier stack of the same name: its owner's token is another.

        Who adopts it gives CloudFormation its ARN, so that it is ours from then on.
        """
        own, made = self.identity.owner_part, owner_part_of(job.name)
        return bool(own) and own == made and bool(specification_of(job.token)) and not self._has_our_token(job)

    def was_left_for(self, job: Job) -> bool:
        """Whether an earlier stack of this name asked for a job with this specification and these places.

        A stack that is made again makes its role again, under another name. The job runs with the earlier one, and its
        token tells that nothing else was different.
        """
        told = {self.identity.specification}
        told.add(JobIdentity.of(self._with({"roleArn": job.role_arn})).specification)
        same_places = _places(self._request.parameters)[1:] == _places_of(job)[1:]
        return self.is_of_earlier_stack(job) and specification_of(job.token) in told and same_places

    def _with(self, parameters: Mapping[str, Any]) -> JobRequest:
        return replace(self._request, parameters={**self._request.parameters, **parameters})

    def knows_nothing_of(self, job: Job) -> bool:
        """Whether neither token nor name say what a job was asked for: Get has to show neither."""
        return not self._has_our_token(job) and not parts_of(job.name)[0]

    def _has_our_token(self, job: Job) -> bool:
        return job.token.startswith(f"{self.identity.owner}-")

    def _tells_specification(self, job: Job) -> bool:
        return parts_of(job.name)[0] in (self.identity.wish, self.identity.earlier_wish)

    def _tells_results(self, job: Job) -> bool:
        wish, _ = parts_of(job.name)
        return bool(wish) and (wish.startswith(self.identity.results_part) or wish == self._earlier_wish(job))

    def _earlier_wish(self, job: Job) -> str:
        """Return what a job's name tells if an earlier version made it for these results, to run as it shows."""
        parameters, shown = self._request.parameters, dict(job.running)
        if _role(parameters) == role_of(job.role_arn):
            shown["roleArn"] = parameters["roleArn"]
        results = {name: value for name, value in parameters.items() if name not in ONLY_WHILE_IT_RUNS}
        return JobIdentity.of(replace(self._request, parameters={**results, **shown})).earlier_wish


def _places(parameters: Mapping[str, Any]) -> tuple[object, ...]:
    try:
        data = parameters["inputDataConfig"]["s3InputDataConfig"], parameters["outputDataConfig"]["s3OutputDataConfig"]
        return (_role(parameters), *(place_of(config["s3Uri"]) for config in data))
    except (KeyError, TypeError, AttributeError):
        # Properties that cannot be read: no job is known to be of their making.
        return ()


def _places_of(job: Job) -> tuple[object, ...]:
    return role_of(job.role_arn), place_of(job.input_uri), place_of(job.output_uri)


def _role(parameters: Mapping[str, Any]) -> object:
    return role_of(parameters["roleArn"])
