"""What nobody could find out about the service: both possibilities, by name.

Each default is what is known, or else what gives a client more trouble.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self, get_args, get_type_hints

from bedrock_local.bedrock.models.geographies import GEOGRAPHIES

_ROUTE = re.compile(r"(?P<geography>[a-z-]+):(?P<regions>[a-z]+(?:-[a-z]+)+-\d(?:,[a-z]+(?:-[a-z]+)+-\d)*)")


@dataclass(frozen=True)
class Behaviours:
    """How the service behaves where its documentation is silent, or sources disagree.

    Parameters
    ----------
    name_of_ended_job
        Whether the name of a job that has ended stays ``reserved`` or becomes ``free``. Default: reserved.
    name_in_use
        The error of a name in use: ``conflict``, as clients of batch inference expect it, or ``validation``, as
        customization jobs answer. Default: conflict.
    repeated_token
        What a ``clientRequestToken`` with other parameters than before gives: a ``conflict``, or the ``earlier-job``.
        Default: conflict.
    stop_of_ended_job
        The error of Stop on a job that is ending or has ended: ``validation``, with "State was: Completed" as Apache
        Airflow's tests have met it, or the ``conflict`` that the API declares. Default: validation.
    tags_of_ended_job
        Whether ListTagsForResource of a job that is ending or has ended answers that there is none, so that its tags
        are ``unreadable`` as authors of Terraform's provider have met it, or lists them, ``readable``. It is no more
        than that: recorded are lists and changes of the tags of ended jobs, by the Resource Groups Tagging API.
        Default: unreadable.
    end_time
        Whether the ``endTime`` of a job that ends is ``earlier`` than its ``lastModifiedTime``, as recorded (of an
        Expired one by nearly all of its hours), or the ``same``. Default: earlier.
    unassumable_role
        When a service role shows that does not exist or does not trust Bedrock: the ``job-fails``, or the
        ``request-fails``, as it does for customization jobs. Default: the job fails.
    role_propagation
        For how many seconds after a role is made, or its trust policy changed, a job with it is refused, as IAM takes
        its time to spread it. Default: 1.5.
    young_role
        For how many seconds after a role, its trust policy or one of its policies is made or changed, a job with it is
        accepted and then fails while it is validated. Default: 0, for now: kinder than the service may be.
    lingering_interfaces
        For how many seconds after a job's end its network interfaces are there: Bedrock deletes them with the job's
        role, how soon is not known. Default: 2.
    client_request_token
        Whether the ``clientRequestToken`` is ``shown`` by Get, as recorded, or ``absent``. Default: shown.
    uris
        How Get and List answer the URIs of input and output: ``as-given``, or with a trailing slash where there was
        none, ``slash-added``, or without, ``slash-removed``. Default: as given.
    inference_profile_key
        Whether the calls of the models behind an inference profile name it in ``bedrock:InferenceProfileArn``:
        ``absent``, as AWS's policies for batch inference do without it, or ``present``, as for InvokeModel. Default:
        absent, so that a policy with that condition allows nothing.
    rules_without_targets
        Whether EventBridge's metrics have the events that a rule without targets matches, ``counted``, or do not,
        ``uncounted``. Default: uncounted.
    profile_regions
        The Regions that system-defined inference profiles route to, by the first part of their ids; on the command line
        ``us:us-east-1,us-west-2``, more of them after a semicolon. Default: those of `geographies.GEOGRAPHIES`.
    """

    name_of_ended_job: Literal["reserved", "free"] = "reserved"
    name_in_use: Literal["conflict", "validation"] = "conflict"
    repeated_token: Literal["conflict", "earlier-job"] = "conflict"  # noqa: S105 -- no secret
    stop_of_ended_job: Literal["validation", "conflict"] = "validation"
    tags_of_ended_job: Literal["unreadable", "readable"] = "unreadable"
    end_time: Literal["earlier", "same"] = "earlier"
    unassumable_role: Literal["job-fails", "request-fails"] = "job-fails"
    role_propagation: float = 1.5
    young_role: float = 0
    lingering_interfaces: float = 2
    client_request_token: Literal["shown", "absent"] = "shown"  # noqa: S105 -- no secret
    uris: Literal["as-given", "slash-added", "slash-removed"] = "as-given"
    inference_profile_key: Literal["absent", "present"] = "absent"
    rules_without_targets: Literal["uncounted", "counted"] = "uncounted"
    profile_regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def parse(cls, assignments: Iterable[str]) -> Self:
        """Read behaviours as the command line takes them.

        Parameters
        ----------
        assignments
            ``name=value`` each; hyphens in names count as underscores.

        Returns
        -------
        Behaviours
            Those, and the defaults.

        Raises
        ------
        ValueError
            If there is no such behaviour or value; the message says which there are.
        """
        values: dict[str, Any] = {}
        for assignment in assignments:
            given, _, value = assignment.partition("=")
            name = given.replace("-", "_")
            values[name] = cls._value(name, value)
        return cls(**values)

    @classmethod
    def _value(cls, name: str, value: str) -> object:
        names = [each.name for each in fields(cls)]
        if name not in names:
            raise ValueError(f"'behaviour' must be one of {', '.join(names)}, got {name!r}")
        if name == "profile_regions":
            return _regions(value)
        kind = get_type_hints(cls)[name]
        if kind is float:
            return _seconds(name, value)
        choices = get_args(kind)
        if value not in choices:
            raise ValueError(f"behaviour '{name}' must be {' or '.join(choices)}, got {value!r}")
        return value


def _seconds(name: str, value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1
    # "nan" is not either.
    if not seconds >= 0:
        raise ValueError(f"behaviour '{name}' must be a number of seconds, got {value!r}")
    return seconds


def _regions(value: str) -> dict[str, tuple[str, ...]]:
    routes = [_ROUTE.fullmatch(each) for each in value.split(";")]
    if not all(route and route["geography"] in GEOGRAPHIES for route in routes):
        raise ValueError(
            "behaviour 'profile_regions' must be like us:us-east-1,us-west-2 or several of these with ; between, "
            f"each beginning with one of {', '.join(GEOGRAPHIES)}; got {value!r}"
        )
    return {route["geography"]: tuple(route["regions"].split(",")) for route in routes if route}
