"""Who is answered: the address and the ids that CloudFormation gave with a request, and what the resource is called."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from model_invocation_job.answers.address import check_address
from model_invocation_job.errors import InvalidRequestError
from model_invocation_job.requests.properties import is_unicode, kind

#: What an answer repeats.
_IDS = ("StackId", "RequestId", "LogicalResourceId")
#: Bytes. Source: CloudFormation user guide, custom resource response objects.
MAX_RESPONSE, MAX_PHYSICAL_ID = 4096, 1024
#: Bytes of the ids in an answer, so that there is room for the rest. CloudFormation's own have 600.
_MAX_IDS = 1024
_ONLY = "this function answers CloudFormation only"


@dataclass(frozen=True)
class Addressee:
    """Whom one answer is for.

    Attributes
    ----------
    url
        The address, which is signed: whoever has it can answer for us.
    ids
        What the answer repeats, by its names there.
    physical_id
        What the resource is called so far; where its job is not known, what it is called then: the same for each
        delivery of a request.
    """

    url: str
    ids: Mapping[str, str]
    physical_id: str

    def __repr__(self) -> str:
        """Tell who it is, without the address."""
        return f"Addressee({self.ids})"

    @classmethod
    def of(cls, event: object) -> "Addressee":
        """Read who waits for an answer, before anything is done for an event or remembered of it.

        Raises
        ------
        InvalidRequestError
            Nobody can be answered: the event is no request of CloudFormation. The text says what is missing.
        UndeliverableAnswerError
            The answer would go to somebody else.
        """
        if not isinstance(event, Mapping):
            raise InvalidRequestError(f"{_ONLY}; the event is {kind(event)}, not a map")
        url, *ids = (_text(event, name) for name in ("ResponseURL", *_IDS))
        told = dict(zip(_IDS, ids, strict=True))
        if len(json.dumps(told)) > _MAX_IDS:
            raise InvalidRequestError(f"{_ONLY}; the event's ids have more than {_MAX_IDS} bytes")
        # What a forged event asks for must not be paid for.
        check_address(url)
        made = f"{told['LogicalResourceId']}-{told['RequestId']}"
        return cls(url, told, physical_id_of(event.get("PhysicalResourceId")) or physical_id_of(made))


def physical_id_of(given: object) -> str:
    """Return what CloudFormation can call a resource: as much of a text as it takes, nothing if it is none."""
    text = given.encode(errors="ignore")[:MAX_PHYSICAL_ID].decode(errors="ignore") if isinstance(given, str) else ""
    return within(text, 2 * MAX_PHYSICAL_ID)


def within(text: str, most: int) -> str:
    """Return as much of a text as has so many bytes in an answer, with the quotation marks."""
    while text and len(json.dumps(text)) > most:
        text = text[: len(text) * 9 // 10]
    return text


def _text(event: Mapping[str, object], name: str) -> str:
    value = event.get(name)
    if not value:
        raise InvalidRequestError(f"{_ONLY}; the event has no {name}")
    if not isinstance(value, str):
        raise InvalidRequestError(f"{_ONLY}; the event's {name} must be a text, got {kind(value)}")
    if not is_unicode(value):
        raise InvalidRequestError(f"{_ONLY}; the event's {name} must be of Unicode text, got half of a surrogate pair")
    return value
