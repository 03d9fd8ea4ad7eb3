"""A job of a shard, as the ledger knows it, and the name by which an event leads back to it."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

#: Digits of what tells a run of a pipeline from all others, in the name of each of its jobs.
_DIGITS = 12
_NAME = re.compile(r"-(?P<run>[0-9a-f]{12})-r(?P<round>[0-9]+)-(?P<shard>[0-9]{6}-[0-9]{3,})-a(?P<number>[0-9]+)$")


def key_of(pipeline: str, run: str) -> str:
    """Return the key of a run: a digest, for names of runs are longer than what a job's name has room for.

    Parameters
    ----------
    pipeline
        What no other pipeline of the account and Region has.
    run
        The name of the run.
    """
    return hashlib.sha256(f"{pipeline} {run}".encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class AttemptId:
    """Which run, round and shard a job is of, and the how many-th it is for that shard.

    Attributes
    ----------
    run
        The key of the run; see `key_of`.
    """

    run: str
    round: int
    shard: str
    number: int

    @classmethod
    def of(cls, job_name: str) -> "AttemptId | None":
        """Read it from the name of a job; None if that is no job of a pipeline."""
        found = _NAME.search(job_name)
        return cls(found["run"], int(found["round"]), found["shard"], int(found["number"])) if found else None

    @property
    def rest(self) -> str:
        """What the job's name ends with."""
        return f"-{self.run}-r{self.round}-{self.shard}-a{self.number}"

    @property
    def token(self) -> str:
        """The client request token: the same for the same attempt, so that asking twice makes one job."""
        return hashlib.sha256(f"cdk-bedrock-batch{self.rest}".encode()).hexdigest()


class State(StrEnum):
    """How far an attempt is.

    Attributes
    ----------
    ASKED
        There is, or will be, a job of this name; which, is not known yet.
    RUNNING
        There is one.
    REFUSED
        There is none: Bedrock takes none at the moment.
    ENDED
        Its job was seen to be over.
    """

    ASKED = "asked"
    RUNNING = "running"
    REFUSED = "refused"
    ENDED = "ended"


#: Attempts that a job may run for, and that take one of the places for jobs.
LIVE = frozenset({State.ASKED, State.RUNNING})


@dataclass(frozen=True)
class Attempt:
    """What the ledger has of a shard's newest job.

    Attributes
    ----------
    name
        The job's.
    task
        The token of the task that waits for its end.
    since
        When it was asked for, in seconds since 1970.
    arn
        Empty as long as Bedrock has not told it.
    status
        The job's last one, once it is over.
    message
        What Bedrock said of the end.
    """

    id: AttemptId
    name: str
    task: str
    since: int
    state: State = State.ASKED
    arn: str = ""
    status: str = ""
    message: str = ""
