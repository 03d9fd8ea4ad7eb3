"""The operations of batch inference. Methods are the API's operations in snake case."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bedrock_local.bedrock.access.ports import Authorizer, Caller, Context
from bedrock_local.bedrock.access.roles import RoleNotAssumableError, ServiceRoles
from bedrock_local.bedrock.api import listing, permissions
from bedrock_local.bedrock.api.responses import details, summary
from bedrock_local.bedrock.jobs.behaviours import Behaviours
from bedrock_local.bedrock.jobs.clock import Clock
from bedrock_local.bedrock.jobs.job import IllegalTransitionError, Job
from bedrock_local.bedrock.jobs.status import Status
from bedrock_local.bedrock.jobs.store import JobStore
from bedrock_local.bedrock.models.batch_models import BatchModels
from bedrock_local.bedrock.models.model import ModelCatalogue, resolve
from bedrock_local.bedrock.service_model.errors import (
    ConflictException,
    ResourceNotFoundException,
    TooManyTagsException,
    ValidationException,
)
from bedrock_local.names.arn import Arn
from bedrock_local.names.job_arn import job_arn, new_job_id
from bedrock_local.names.place import Place

_DEFAULT_TIMEOUT_HOURS = 24
# https://docs.aws.amazon.com/bedrock/latest/userguide/tagging.html
_MAX_TAGS = 50
# https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/allocation-tag-restrictions.html
_OF_AWS = "aws:"

Params = Mapping[str, Any]


@dataclass(frozen=True)
class BatchInference:
    """Bedrock's batch inference.

    Every operation takes who calls and the validated members of its input, returns the members of its output (None:
    an empty body), and raises the errors that the service model declares for it.

    Parameters
    ----------
    store
        The jobs.
    authorizer
        Says who may call what.
    roles
        Knows service roles.
    models
        Knows the account's own models and inference profiles.
    run
        Lives a job's life, from Submitted to its end; runs in a thread of its own.
    clock
        What time it is.
    behaviours
        What it does where that is not known of the service.
    batch_models
        Knows which models have batch inference where. Default: as in its table.
    """

    store: JobStore
    authorizer: Authorizer
    roles: ServiceRoles
    models: ModelCatalogue
    run: Callable[[Job], None]
    clock: Clock
    behaviours: Behaviours
    batch_models: BatchModels = field(default_factory=BatchModels)

    def create_model_invocation_job(self, caller: Caller, params: Params) -> dict[str, Any]:
        """Accept a job. S3, the role's permissions and the records are looked at later, by the job itself."""
        permissions.require_create(self.authorizer, caller, params)
        model = resolve(params["modelId"], caller.place, self.models)
        permissions.require_models(self.authorizer, caller, model, params)
        # After the permissions, as the service is seen to.
        self.batch_models.require(model, caller.place)
        request = _with_defaults(params, caller.place)
        tags = _by_key(params.get("tags", []))
        _require_users(tags)
        job, new = self.store.add(
            request,
            caller.place,
            lambda: self._with_role(Job(new_job_id(), request, model, caller.place, self.clock(), tags=tags)),
        )
        if new:
            threading.Thread(target=self.run, args=(job,), name=f"job-{job.job_id}", daemon=True).start()
        return {"jobArn": job.arn}

    def get_model_invocation_job(self, caller: Caller, params: Params) -> dict[str, Any]:
        """Describe a job."""
        job = self._job(caller, "bedrock:GetModelInvocationJob", _arn(params["jobIdentifier"], caller))
        return details(job, self.behaviours)

    def list_model_invocation_jobs(self, caller: Caller, params: Params) -> dict[str, Any]:
        """List a page of jobs."""
        self.authorizer.require(caller, "bedrock:ListModelInvocationJobs", "*", {})
        jobs, next_token = listing.page(self.store.all(caller.place), params)
        answer: dict[str, Any] = {"invocationJobSummaries": [summary(job, self.behaviours) for job in jobs]}
        return answer | ({"nextToken": next_token} if next_token else {})

    def stop_model_invocation_job(self, caller: Caller, params: Params) -> None:
        """Stop a job that has not ended."""
        job = self._job(caller, "bedrock:StopModelInvocationJob", _arn(params["jobIdentifier"], caller))
        try:
            job.move(Status.STOPPING, self.clock())
        except IllegalTransitionError:
            error = ConflictException if self.behaviours.stop_of_ended_job == "conflict" else ValidationException
            # Known are the last words only.
            raise error(f"The provided batch inference job can not be stopped. State was: {job.status}") from None

    def tag_resource(self, caller: Caller, params: Params) -> dict[str, Any]:
        """Add tags to a job, or change their values; of one that has ended, too, as the Tagging API is recorded to."""
        tags = _by_key(params["tags"])
        job = self._job(caller, "bedrock:TagResource", params["resourceARN"], permissions.tag_context(tags))
        _require_users(tags)
        if len(job.tags | tags) > _MAX_TAGS:
            raise TooManyTagsException(f"A resource can have at most {_MAX_TAGS} tags")
        job.tag(tags)
        return {}

    def untag_resource(self, caller: Caller, params: Params) -> dict[str, Any]:
        """Remove tags from a job; of one that has ended, too."""
        keys = list(params["tagKeys"])
        job = self._job(caller, "bedrock:UntagResource", params["resourceARN"], {"aws:TagKeys": keys})
        _require_users(keys)
        job.tag({}, removed=keys)
        return {}

    def list_tags_for_resource(self, caller: Caller, params: Params) -> dict[str, Any]:
        """List the tags of a job."""
        job = self._job(caller, "bedrock:ListTagsForResource", params["resourceARN"])
        if (job.ended or job.stopping.is_set()) and self.behaviours.tags_of_ended_job == "unreadable":
            raise _no_such_job()
        return {"tags": [{"key": key, "value": value} for key, value in job.tags.items()]}

    def tagged_jobs(self, place: Place) -> list[Job]:
        """List the jobs that have tags, or had: those that the Resource Groups Tagging API knows.

        Parameters
        ----------
        place
            The account and Region.

        Returns
        -------
        list[Job]
            Oldest first.
        """
        return [job for job in self.store.all(place) if job.ever_tagged]

    def _job(self, caller: Caller, action: str, arn: str, context: Context | None = None) -> Job:
        job = self.store.find(arn, caller.place)
        tags = permissions.resource_tag_context(job.tags if job else {})
        self.authorizer.require(caller, action, arn, {**tags, **(context or {})})
        if job is None:
            raise _no_such_job()
        return job

    def _with_role(self, job: Job) -> Job:
        """Refuse a job for its role, as far as that is done at once. The words are those for customization jobs."""
        role_arn = job.request["roleArn"]
        if self.roles.age(role_arn) < self.behaviours.role_propagation:
            raise ValidationException(f"Could not assume provided IAM role. {role_arn} is not known everywhere yet.")
        if self.behaviours.unassumable_role == "request-fails":
            try:
                self.roles.check(role_arn, job.arn, job.place)
            except RoleNotAssumableError as error:
                raise ValidationException(f"Could not assume provided IAM role. {error}") from None
        return job


def _arn(job_identifier: str, caller: Caller) -> str:
    return job_identifier if Arn.find(job_identifier) else job_arn(caller.place, job_identifier)


def _no_such_job() -> ResourceNotFoundException:
    return ResourceNotFoundException("The provided batch inference job was not found.")


def _require_users(keys: Iterable[str]) -> None:
    """Refuse the keys of tags that AWS keeps for itself. The words are ours."""
    for key in keys:
        if key.lower().startswith(_OF_AWS):
            raise ValidationException(f"The tag key {key} begins with {_OF_AWS}, which is reserved for AWS")


def _by_key(tags: list[dict[str, str]]) -> dict[str, str]:
    """Return tags, of which each has a key of its own. The words are ours."""
    found: dict[str, str] = {}
    for tag in tags:
        if tag["key"] in found:
            raise ValidationException(f"The tag key {tag['key']} is given twice")
        found[tag["key"]] = tag["value"]
    return found


def _with_defaults(params: Params, place: Place) -> dict[str, Any]:
    """Fill in what Get answers even when it was not sent."""
    owner = {"s3BucketOwner": place.account}
    return {
        "timeoutDurationInHours": _DEFAULT_TIMEOUT_HOURS,
        "modelInvocationType": "InvokeModel",
        **params,
        "inputDataConfig": {"s3InputDataConfig": owner | params["inputDataConfig"]["s3InputDataConfig"]},
        "outputDataConfig": {"s3OutputDataConfig": owner | params["outputDataConfig"]["s3OutputDataConfig"]},
    }
