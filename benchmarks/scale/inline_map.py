"""What the public samples do, in the same account: an inline Map that makes jobs and looks at each once a minute.

A plain one: as many at once as it is told, whatever others run; no ledger, no events; it fails with the first job that
is refused. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html: 40 at once at most, and all that
its iterations do stands in the one history of the execution.
"""

from dataclasses import dataclass
from random import Random

from scale.agenda import Agenda
from scale.assumptions import Assumptions
from scale.bedrock import factor

POLL_SECONDS = 60
#: Events that a history has room for, and those of an iteration's beginning and of each of its looks: a wait, a task, a
#: choice.
MOST_EVENTS, EVENTS, EVENTS_OF_A_LOOK = 25_000, 12, 9


@dataclass
class InlineOutcome:
    """What became of it.

    Attributes
    ----------
    ended
        Seconds until the last job was seen to be over, if there were room for all events.
    work
        Seconds of all jobs together.
    events
        Those that its history would have.
    done
        Jobs that were seen to be over when the history was full, or a job was refused.
    failure
        Why it ends before that; empty if it does not.
    """

    ended: float = 0
    work: float = 0
    events: int = 0
    done: int = 0
    failure: str = ""


def simulate_inline(assumptions: Assumptions) -> InlineOutcome:
    """Simulate such an execution over the same shards."""
    agenda, chance, outcome = Agenda(), Random(assumptions.seed), InlineOutcome()  # noqa: S311 (no secret)
    shards = iter(range(assumptions.shards(assumptions.records)))
    seconds = assumptions.seconds_of_job(assumptions.records / assumptions.shards(assumptions.records))

    def begin() -> None:
        if next(shards, None) is None:
            return
        lasts = seconds * factor(assumptions, chance)
        outcome.work += lasts
        outcome.events += EVENTS
        agenda.after(assumptions.call_seconds, lambda: look(agenda.now() + lasts))

    def look(until: float) -> None:
        outcome.events += EVENTS_OF_A_LOOK
        if outcome.events > MOST_EVENTS and not outcome.failure:
            outcome.failure = "its history is full"
        if agenda.now() < until:
            agenda.after(POLL_SECONDS + 3 * assumptions.state_seconds, lambda: look(until))
            return
        outcome.done += not outcome.failure
        outcome.ended = agenda.now()
        begin()

    if assumptions.others:
        outcome.failure = "a job is refused"
    for _ in range(min(assumptions.quota, 40)):
        begin()
    agenda.run()
    return outcome
