"""ARNs: those and the ids of jobs, as the API's `ModelInvocationJobIdentifier` has them, of models, Step Functions'."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ID = re.compile(r"[a-z0-9]{12}")
_ARN = re.compile(
    rf"arn:aws(?:-[^:]+)?:bedrock:(?P<region>[a-z0-9-]{{1,20}}):[0-9]{{12}}:model-invocation-job/{_ID.pattern}"
)
_MODEL = re.compile(r"arn:aws(?:-[^:]+)?:bedrock:(?P<region>[^:]*)::foundation-model/(?P<id>.+)")
_OWN_PROFILE = re.compile(r"arn:aws(?:-[^:]+)?:bedrock:[^:]+:[0-9]{12}:application-inference-profile/[a-z0-9-]+")
_STATES = r"(?P<head>arn:aws(?:-[^:]+)?:states:(?P<region>[^:]+):[0-9]{12})"
_MACHINE = re.compile(rf"{_STATES}:stateMachine:(?P<machine>[^:/]+)")
_EXECUTION = re.compile(rf"{_STATES}:execution:(?P<machine>[^:/]+):(?P<name>[^:/]+)")


_PARTS = 6


class Arn(NamedTuple):
    """The parts of an ARN, of whatever service.

    Source: "Identify AWS resources with Amazon Resource Names (ARNs)" in the IAM user guide.

    Attributes
    ----------
    partition, service, region, account : str
        Where it is; all empty for what is no ARN.
    resource : str
        The rest, or the whole text that is none.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def of(cls, text: str) -> Arn:
        """Take a text apart."""
        parts = arn_parts(text)
        return cls(*parts[1:]) if len(parts) == _PARTS and parts[0] == "arn" else cls("", "", "", "", text)

    def __str__(self) -> str:
        return ":".join(("arn", *self))

    @property
    def name(self) -> str:
        """What stands after the last slash: of a role its name, without the path before it."""
        return self.resource.rpartition("/")[2]


def arn_parts(text: str) -> list[str]:
    """Divide an ARN, or a pattern of some, between its parts."""
    return text.split(":", _PARTS - 1)


def job_arn(partition: str, region: str, account: str, id: str = "*") -> str:
    """Return the ARN of a job. Default: a pattern of all."""
    return str(Arn(partition, "bedrock", region, account, f"model-invocation-job/{id}"))


def is_job_arn(text: str) -> bool:
    """Say whether a text is the ARN of a job."""
    return _ARN.fullmatch(text) is not None


def job_arns_in(text: str) -> list[str]:
    """Find the ARNs of jobs in a text, such as what the service says of one."""
    return [found[0] for found in _ARN.finditer(text)]


def is_job_identifier(text: str) -> bool:
    """Say whether a text is the ARN or the id of a job; a name may look like an id."""
    return is_job_arn(text) or _ID.fullmatch(text) is not None


def region_of(text: str | None) -> str | None:
    """Tell the Region in a job's ARN; None for any other text."""
    arn = _ARN.fullmatch(text or "")
    return arn["region"] if arn else None


def id_of(id_or_arn: str) -> str:
    """Return the last part of an ARN; an id stays as it is."""
    return id_or_arn.rpartition("/")[2]


def is_own_profile(text: str) -> bool:
    """Say whether a text is the ARN of an application's inference profile, which does not say of which model."""
    return _OWN_PROFILE.fullmatch(text) is not None


def model_and_route(arns: Iterable[str]) -> tuple[str, str] | None:
    """Return the foundation model of an inference profile, and how requests get there; None if it has none.

    A profile of one Region was made of the model, one of several of a system-defined profile; of a global one, one ARN
    has no Region (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-create.html,
    https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html).

    Parameters
    ----------
    arns : iterable of str
        The `modelArn` of each of its `models`.

    Returns
    -------
    tuple of str, or None
        The id; and ``global``, ``geo``, or an empty text for one Region.
    """
    models = [found for arn in arns if (found := _MODEL.fullmatch(arn))]
    if not models:
        return None
    regions = {found["region"] for found in models}
    return models[0]["id"], "global" if "" in regions else "geo" if len(regions) > 1 else ""


def is_machine_arn(text: str) -> bool:
    """Say whether a text is the ARN of a state machine."""
    return _MACHINE.fullmatch(text) is not None


def region_of_machine(text: str) -> str | None:
    """Tell the Region in the ARN of a state machine; None for any other text."""
    arn = _MACHINE.fullmatch(text)
    return arn["region"] if arn else None


def machine_and_name(text: str) -> tuple[str, str] | None:
    """Take the ARN of an execution apart, into that of its state machine and its name; None for any other text."""
    arn = _EXECUTION.fullmatch(text)
    return (f"{arn['head']}:stateMachine:{arn['machine']}", arn["name"]) if arn else None


def name_of_machine(machine: str) -> str:
    """Return the name at the end of the ARN of a state machine."""
    return machine.rpartition(":")[2]


def execution_arn(machine: str, name: str) -> str:
    """Return the ARN that an execution of a state machine has."""
    return f"{machine.replace(':stateMachine:', ':execution:')}:{name}"


def caller_place(arn: str, region: str) -> dict[str, str]:
    """Return the pseudo parameters of who has an ARN of ``GetCallerIdentity``, in a Region."""
    _, partition, _, _, account, *_ = arn.split(":")
    return {"AWS::Partition": partition, "AWS::AccountId": account, "AWS::Region": region}


def arn_in(place: Mapping[str, str], service: str, resource: str) -> str | None:
    """Write the ARN of a resource of IAM, KMS or S3; None where the place is not known.

    Parameters
    ----------
    place : mapping of str to str
        As `caller_place` has it.
    service, resource : str
        Such as ``iam`` and ``role/Nightly``. IAM has no Regions; S3 has neither Regions nor accounts.
    """
    names = ["AWS::Partition", "AWS::Region", "AWS::AccountId"]
    partition, region, account = (place.get(name, "") for name in names)
    if not (partition and region and account):
        return None
    return f"arn:{partition}:{service}:{region * (service == 'kms')}:{account * (service != 's3')}:{resource}"
