"""What is tried, fact by fact: how it is provoked, what the local Bedrock has, and which switch of it that is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from . import trials
from .records import RECORDS
from .trials import Provoke, job, stack

_ERRORS = {"^ConflictException": "conflict", "^ValidationException": "validation"}


@dataclass(frozen=True)
class Trial:
    """A fact about the service that a trial settles.

    Attributes
    ----------
    provoke
        Returns what was seen.
    local
        A pattern of what the local Bedrock shows by default, where it has no switch.
    switch
        The behaviour of the local Bedrock that this settles; empty if it has no two.
    values
        By patterns of what is seen, the value of the switch; groups of the pattern count.
    paid
        How many records this pays for at most.
    """

    fact: str
    provoke: Provoke
    local: str = ""
    switch: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    paid: int = 0

    def matches(self, seen: str) -> bool:
        """Whether the local Bedrock shows the same by default."""
        return bool(re.search(self.local, seen))

    def value(self, seen: str) -> str:
        """Return the value of the switch that does what was seen; nothing if none does."""
        found = ((re.search(pattern, seen), value) for pattern, value in self.values.items())
        return next((match.expand(value) for match, value in found if match), "")


TRIALS = {
    # Stacks.
    "quickstart": Trial(
        "a stack with one job is deployed", stack("Quickstart"), r"^deployed .* then Completed: 100 of 100",
        paid=RECORDS,
    ),
    "finished": Trial(
        "a stack that waits is deployed when its job has finished", stack("Finished"),
        r"^deployed with its job Completed; then Completed: 100 of 100", paid=RECORDS,
    ),
    # Jobs that fail, and how they say so.
    "mixed": Trial(
        "a record that the model refuses has an error, and the job is Completed", job(records="mixed.jsonl"),
        r"^Completed: 99 of 100", paid=RECORDS,
    ),
    "no read": Trial(
        "a role without s3:GetObject", job(role="WithoutRead"), r"^Failed: Could not validate GetObject permissions"
    ),
    "no list": Trial(
        "a role without s3:ListBucket", job(role="WithoutList"), r"^Failed: Could not validate ListBucket permissions"
    ),
    "no write": Trial(
        "a role without s3:PutObject", job(role="WithoutWrite"), r"^Failed: Could not validate PutObject permissions"
    ),
    "no invoke": Trial(
        "a role without bedrock:InvokeModel", job(role="WithoutInvoke"),
        r"^Failed: Customer doesn't have permissions to invokeModel", paid=RECORDS,
    ),
    "few records": Trial(
        "a job with fewer records than the least", job(records="few.jsonl"),
        r"^Failed: Batch job contains less records \(1\) than the required minimum of: 100",
    ),
    "no input": Trial(
        "an input that is not there", job(records="absent.jsonl"), r"^Failed: No .jsonl files were found"
    ),
    "no batch model": Trial(
        "a model without batch inference", job(modelId="amazon.titan-text-express-v1"),
        r"^refused: ValidationException: Batch inference is not supported",
    ),
    "deep folders": Trial(
        "a folder's own folders are read, too", job(records="folder/"), r"^Completed: 100 of 100", paid=RECORDS
    ),
    "how a young role fails": Trial(
        "a role that does not trust Bedrock fails the request, or the job", job(role="Distrustful"),
        switch="unassumable_role", values={"^refused": "request-fails", "^Failed": "job-fails"},
    ),
    # Names and tokens.
    "name in use": Trial(
        "the error of a name in use", trials.name_in_use, switch="name_in_use", values=_ERRORS, paid=RECORDS
    ),
    "names of ended jobs": Trial(
        "whether a job that has ended keeps its name", trials.name_of_ended_job, switch="name_of_ended_job",
        values={"currently in use": "reserved", "^accepted": "free"},
    ),
    "reply to a token": Trial(
        "a token that is sent again is answered with the earlier job", trials.token_again, "^the earlier job"
    ),
    "token of another request": Trial(
        "a token with other parameters", trials.token_of_another_request, switch="repeated_token",
        values={"^ConflictException": "conflict", "^the earlier job": "earlier-job"},
    ),
    # What is shown of jobs.
    "a new job in Get": Trial("whether Get knows a job at once", trials.new_job_in_get, "^known at once"),
    "a new job in List": Trial("whether List knows a job at once", trials.new_job_in_list, "^known at once"),
    "the token in Get": Trial(
        "whether Get shows the token", trials.token_in_get, switch="client_request_token",
        values={"(shown|absent)": r"\1"},
    ),
    "spelling of places": Trial(
        "whether places come back as they were sent", trials.spelling_of_places, switch="uris",
        values={"as sent": "as-given", "^each with": "slash-added", "^none with": "slash-removed"},
    ),
    "times of an end": Trial(
        "endTime beside lastModifiedTime", trials.end_time, switch="end_time",
        values={"earlier": "earlier", "is lastModifiedTime": "same"},
    ),
    "tags of ended jobs": Trial(
        "whether ListTagsForResource knows a job that has ended", trials.tags_of_ended_job, switch="tags_of_ended_job",
        values={"^ResourceNotFoundException": "unreadable", "listed": "readable"},
    ),
    # Stopping.
    "states that can be stopped": Trial(
        "a job just made can be stopped", trials.stop, r"^Stopp(ing|ed) at once; then Stopped", paid=RECORDS
    ),
    "stop of an ended job": Trial(
        "the error of a Stop that comes too late", trials.stop_of_ended_job, switch="stop_of_ended_job", values=_ERRORS
    ),
    # Roles and profiles.
    "a young role is refused": Trial(
        "for how long a new role is refused", trials.young_role, switch="role_propagation",
        values={r"^accepted ([\d.]+) s": r"\1"}, paid=RECORDS,
    ),
    "a young role is accepted": Trial(
        "for how long jobs with a new role fail", trials.young_role, switch="young_role",
        values={r"until it was ([\d.]+) s": r"\1"}, paid=RECORDS,
    ),
    "the key of a profile": Trial(
        "whether a job's calls name the profile", trials.key_of_profile, switch="inference_profile_key",
        values={r"^Completed: [1-9]": "present", "^(Failed|Completed: 0)": "absent"}, paid=RECORDS,
    ),
    "Regions of a profile": Trial(
        "where a profile of the geography routes to", trials.regions_of_profile, switch="profile_regions",
        values={"^([a-z]+:.+)": r"\1"},
    ),
    # Signals.
    "events": Trial(
        "of which states an event tells", trials.events, "^Submitted, Validating, Failed; time in ISO 8601"
    ),
    "rules without targets": Trial(
        "whether the metrics of EventBridge count what a rule without targets matches", trials.rules_without_targets,
        switch="rules_without_targets", values={"^(counted|uncounted)": r"\1"},
    ),
}  # fmt: skip
#: What is unknown and not tried, by the name of the fact or the switch.
NOT_TRIED = {
    "old properties": "CloudFormation would have to fail an update, and its roll-back",
    "address": "an answer would have to be held back for hours",
    "memory of tokens": "it may be days",
    "states to come": "nobody can provoke what is not there yet",
    "retention": "it may be years",
    "end of interfaces": "it needs a VPC with endpoints, which cost by the hour",
    "lingering_interfaces": "the same",
    "throttling": "no limit is published, and reaching it would disturb others in the account",
}
