"""Service Quotas, which ministack does not have: the quotas of batch inference that our Bedrock keeps to.

Documented is what each is about; what it calls a model was seen (the toolkit's
``quota_names.toml``). Made up are their codes, and
which of them can be raised. https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any, NamedTuple

from ministack import app as ministack
from ministack.core import iam_actions, responses, router

from bedrock_local.bedrock.jobs.quotas import GIGABYTE, Quotas
from bedrock_local.bedrock.service_model.errors import BedrockError
from bedrock_local.bedrock.service_model.validation import service_model, validate
from bedrock_local.environment import PARTITION
from bedrock_local.names.place import Place

_SERVICE, _TARGET, _CODE = "servicequotas", "ServiceQuotasV20190624", "bedrock"
_NAMES = resources.files("bedrock_batch.models") / "quota_names.toml"
_PAGE = 100
_BAD_REQUEST = 400

Body = Mapping[str, Any]
Response = tuple[int, dict[str, str], bytes]


class _Kind(NamedTuple):
    """What a quota limits, as `Quotas` has it; what it is called; what it counts in; and whether it can be raised."""

    limit: str
    name: str
    unit: int = 1
    adjustable: bool = False


_KINDS = (
    _Kind("min_records_per_job", "Minimum number of records per batch inference job for {model}"),
    _Kind("records_per_file", "Records per input file per batch inference job for {model}", adjustable=True),
    _Kind("records_per_job", "Records per batch inference job for {model}", adjustable=True),
    _Kind("bytes_per_file", "Batch inference input file size{first} for {model}{last}", GIGABYTE),
    _Kind("bytes_per_job", "Batch inference job size{first} for {model}{last}", GIGABYTE),
    _Kind(
        "jobs_per_model",
        "Sum of in-progress and submitted batch inference jobs using a base model for {model}",
        adjustable=True,
    ),
)


class _RefusedError(Exception):
    """A request is refused, with an error that the API declares."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@cache
def _names() -> dict[tuple[str, _Kind], str]:
    """Read what the quota of each kind is called for each model."""
    with _NAMES.open("rb") as file:
        content = tomllib.load(file)
    last = frozenset(content["sizes"]["unit_last"])
    return {
        (model_id, kind): kind.name.format(
            model=name,
            first="" if model_id in last else " (in GB)",
            last=" (in GB)" if model_id in last else "",
        )
        for model_id, name in content["models"].items()
        for kind in _KINDS
    }


@dataclass(frozen=True)
class _ServiceQuotas:
    """The operations, by their names.

    Parameters
    ----------
    quotas
        The limits of jobs.
    """

    quotas: Quotas

    def answer(self, operation: str, body: Body) -> Body:
        """Answer an operation, or refuse it."""
        operations: Mapping[str, Callable[[Body], Body]] = {
            "ListServiceQuotas": self._list,
            "ListAWSDefaultServiceQuotas": self._list_defaults,
            "GetServiceQuota": self._get,
        }
        if operation not in operations:
            words = f"{operation} is not offered here; ask {' or '.join(operations)}"
            raise _RefusedError("UnknownOperationException", words)
        try:
            validate(service_model("service-quotas").operation_model(operation), body)
        except BedrockError as error:
            raise _RefusedError("IllegalArgumentException", error.message) from None
        if body["ServiceCode"] != _CODE:
            raise _no_such(f"service {body['ServiceCode']}; there are quotas of {_CODE} here")
        return operations[operation](body)

    def _list(self, body: Body) -> Body:
        code, begin = body.get("QuotaCode"), body.get("NextToken") or "0"
        if not begin.isdecimal():
            raise _RefusedError("InvalidPaginationTokenException", "The NextToken is none that a page came with")
        wanted = [] if body.get("QuotaAppliedAtLevel") == "RESOURCE" else self._all()
        found = [quota for quota in wanted if code in (None, quota["QuotaCode"])]
        end = int(begin) + body.get("MaxResults", _PAGE)
        page = {"Quotas": found[int(begin) : end]}
        return {**page, "NextToken": str(end)} if end < len(found) else page

    def _list_defaults(self, body: Body) -> Body:
        return replace(self, quotas=Quotas())._list(body)  # noqa: SLF001 -- its own

    def _get(self, body: Body) -> Body:
        for quota in self._all():
            if quota["QuotaCode"] == body["QuotaCode"]:
                return {"Quota": quota}
        raise _no_such(f"quota {body['QuotaCode']}")

    def _all(self) -> Iterator[Mapping[str, Any]]:
        place = Place(PARTITION, responses.get_region(), responses.get_account_id())
        for (model_id, kind), name in _names().items():
            code = f"L-{sha256(name.encode()).hexdigest()[:8].upper()}"
            yield {
                "ServiceCode": _CODE,
                "ServiceName": "Amazon Bedrock",
                "QuotaArn": place.arn(f"{_CODE}/{code}", _SERVICE),
                "QuotaCode": code,
                "QuotaName": name,
                "Value": getattr(self.quotas.of(model_id), kind.limit) / kind.unit,
                "Unit": "None",
                "Adjustable": kind.adjustable,
                "GlobalQuota": False,
                "QuotaAppliedAtLevel": "ACCOUNT",
            }


def serve(quotas: Quotas) -> None:
    """Let the emulator answer for Service Quotas, and ask a caller's policies for ``servicequotas:``.

    Parameters
    ----------
    quotas
        The limits of jobs.
    """
    service = _ServiceQuotas(quotas)

    async def handler(_method: str, _path: str, headers: dict[str, str], body: bytes, _query: object) -> Response:
        operation = headers.get("x-amz-target", "").partition(".")[2]
        try:
            return _answer(200, service.answer(operation, _decoded(body)))
        except _RefusedError as refused:
            return _answer(_BAD_REQUEST, {"__type": refused.code, "Message": str(refused)})

    router.SERVICE_PATTERNS[_SERVICE] = {"target_prefixes": [_TARGET], "host_patterns": [r"servicequotas\."]}
    iam_actions.SERVICE_TO_IAM_NAMESPACE[_SERVICE] = _SERVICE
    ministack.SERVICE_HANDLERS[_SERVICE] = handler


def _decoded(body: bytes) -> Body:
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise _RefusedError("SerializationException", "The body must be a JSON object")
    return value


def _answer(status: int, body: Body) -> Response:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()


def _no_such(what: str) -> _RefusedError:
    return _RefusedError("NoSuchResourceException", f"There is no {what}")
