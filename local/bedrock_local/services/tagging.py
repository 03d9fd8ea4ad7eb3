"""The Resource Groups Tagging API, which asks our service for its jobs: ministack asks some of its own services only.

Recorded of the real one: it lists the tags of jobs and changes them, of Failed and Stopped jobs that were ten days old,
too. Seen in ministack 1.5.33.
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from ministack.core import responses
from ministack.services import tagging

from bedrock_local.bedrock.access.ports import Caller
from bedrock_local.bedrock.api.responses import Response
from bedrock_local.bedrock.api.service import BatchInference
from bedrock_local.bedrock.service_model.errors import BedrockError
from bedrock_local.bedrock.service_model.validation import service_model, validate
from bedrock_local.environment import PARTITION
from bedrock_local.names.job_arn import is_job_arn
from bedrock_local.names.place import Place
from bedrock_local.services.iam import verified_caller

NEEDS = (
    "services.tagging._COLLECTORS",
    "services.tagging._WRITERS",
    "services.tagging._REMOVERS",
    "services.tagging._HANDLERS",
    "services.tagging._invalid_parameter",
)

_SERVICE = "bedrock"
# Not documented.
_DEFAULT_PAGE = 50
# In the words of https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html only, not
# in the model that says the other bounds.
_BOUNDS = {"ResourcesPerPage": (1, 100), "TagsPerPage": (100, 500)}

Tags = list[dict[str, str]]
_Body = Mapping[str, Any]
_Handler = Callable[[_Body], Response]

# What our service refuses of the present request, by ARN.
_refused: ContextVar[dict[str, BedrockError]] = ContextVar("refused_to_tag")


@dataclass(frozen=True)
class _Jobs:
    """The jobs, as the Tagging API asks for them."""

    service: BatchInference

    def collect(self) -> Iterator[tuple[str, Tags]]:
        """List those of the present request's account and Region that have tags, or had."""
        for job in self.service.tagged_jobs(_place()):
            yield job.arn, [{"Key": key, "Value": value} for key, value in job.tags.items()]

    def tag(self, _spec: object, arn: str, tags: Mapping[str, str]) -> None:
        """Add tags to a job."""
        added = [{"key": key, "value": value} for key, value in tags.items()]
        self._change("TagResource", self.service.tag_resource, {"resourceARN": arn, "tags": added})

    def untag(self, _spec: object, arn: str, keys: Sequence[str]) -> None:
        """Remove tags from a job."""
        self._change("UntagResource", self.service.untag_resource, {"resourceARN": arn, "tagKeys": list(keys)})

    def _change(self, operation: str, change: Callable[[Caller, _Body], object], params: dict[str, Any]) -> None:
        arn, place = params["resourceARN"], _place()
        if not is_job_arn(arn):
            # Told as an InternalServiceException, which is documented of types that the API does not know.
            raise LookupError("Unrecognized service or resource type for tagging")
        try:
            validate(service_model().operation_model(operation), params)
            change(Caller(verified_caller() or place.account, place), params)
        except BedrockError as error:
            _refused.get()[arn] = error


def list_and_tag_jobs(service: BatchInference) -> None:
    """Let the Tagging API list, tag and untag the jobs of a service; and let its lists have pages.

    Parameters
    ----------
    service
        Whose permissions it asks for, beside its own: ``bedrock:TagResource`` and ``bedrock:UntagResource``.
    """
    jobs, handlers = _Jobs(service), tagging._HANDLERS  # noqa: SLF001 -- no public way in
    tagging._COLLECTORS[_SERVICE] = jobs.collect  # noqa: SLF001 -- the same
    tagging._WRITERS[_SERVICE] = jobs.tag  # noqa: SLF001 -- the same
    tagging._REMOVERS[_SERVICE] = jobs.untag  # noqa: SLF001 -- the same
    for operation in ("TagResources", "UntagResources"):
        handlers[operation] = _telling_refusals(handlers[operation])
    handlers["GetResources"] = _in_pages(handlers["GetResources"])
    for operation in ("GetResources", "GetTagKeys", "GetTagValues", "TagResources", "UntagResources"):
        handlers[operation] = _validated(operation, handlers[operation])


def _place() -> Place:
    return Place(PARTITION, responses.get_region(), responses.get_account_id())


def _validated(operation: str, answer: _Handler) -> _Handler:
    """Refuse what the service model does not allow; ministack asks for nothing."""

    def handler(body: _Body) -> Response:
        try:
            validate(service_model("resourcegroupstaggingapi").operation_model(operation), body)
        except BedrockError as error:
            return _invalid(error.message)
        return answer({name: value for name, value in body.items() if value is not None})

    return handler


def _telling_refusals(change: _Handler) -> _Handler:
    """Tell what our service refuses with its own error code, as documented of a resource's own service."""

    def handler(body: _Body) -> Response:
        refused: dict[str, BedrockError] = {}
        token = _refused.set(refused)
        try:
            status, headers, content = change(body)
        finally:
            _refused.reset(token)
        if not refused:
            return status, headers, content
        answer = json.loads(content)
        answer["FailedResourcesMap"] |= {
            arn: {"ErrorCode": type(error).__name__, "ErrorMessage": error.message, "StatusCode": error.status}
            for arn, error in refused.items()
        }
        return status, headers, json.dumps(answer).encode()

    return handler


def _in_pages(get_resources: _Handler) -> _Handler:
    """Answer a page at a time: whoever reads the first one only shall see that there are more."""

    def handler(body: _Body) -> Response:
        begin = body.get("PaginationToken") or "0"
        for name, (least, most) in _BOUNDS.items():
            if not least <= body.get(name, least) <= most:
                return _invalid(f"{name} must be from {least} to {most}, got {body[name]}")
        if not begin.isdecimal():
            return _invalid("The PaginationToken is none that an earlier page came with")
        status, headers, content = get_resources(body)
        answer = json.loads(content)
        found = answer.get("ResourceTagMappingList", [])
        end = int(begin) + _fitting(found[int(begin) :], body)
        if status != 200 or "ResourceARNList" in body or (begin == "0" and end >= len(found)):  # noqa: PLR2004 -- HTTP
            return status, headers, content
        answer["ResourceTagMappingList"] = found[int(begin) : end]
        answer["PaginationToken"] = str(end) if end < len(found) else ""
        return status, headers, json.dumps(answer).encode()

    return handler


def _fitting(found: Sequence[Mapping[str, Any]], body: _Body) -> int:
    """Return how many of the resources go on a page; one without tags counts as one with a tag."""
    size = body.get("ResourcesPerPage", _DEFAULT_PAGE)
    room = body.get("TagsPerPage")
    sizes = accumulate(max(1, len(each["Tags"])) for each in found[:size])
    return size if room is None else sum(total <= room for total in sizes)


def _invalid(message: str) -> Response:
    refusal: Response = tagging._invalid_parameter(message)  # noqa: SLF001 -- no public way in
    return refusal
