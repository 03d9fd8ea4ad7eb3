"""What a run came to, added up over its rounds and over what was asked on demand.

A record that one round has left is a record of the next one, too. So the records of a run are those of its first round;
and whatever did not succeed and did not fail for good has no answer, even if nothing is known of what had its shard.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from batch_inference_pipeline.collecting.counts import Counts
from batch_inference_pipeline.collecting.objects import Objects
from batch_inference_pipeline.collecting.outcomes import read_all
from batch_inference_pipeline.collecting.records import read_object
from batch_inference_pipeline.places import Place, RunPlaces


@dataclass
class Round:
    """The jobs of a round, or the questions on demand.

    Parameters
    ----------
    shards, records
        What its manifest has.
    jobs
        How many ended: of a shard, there may have been several.
    counts
        What came of them.
    refusal
        Why the model cannot be asked on demand.
    """

    shards: int = 0
    records: int = 0
    jobs: int = 0
    counts: Counts = field(default_factory=Counts)
    refusal: str = ""

    def add_all(self, objects: Objects, outcomes: Place) -> None:
        """Add what came of jobs, or of tasks."""
        for outcome in read_all(objects, outcomes):
            # After the deadline none is made.
            self.jobs += bool(outcome.get("JobArn"))
            self.counts.add_all(outcome)
            self.refusal = outcome.get("Refused", self.refusal)


@dataclass
class Totals:
    """The sums of a run.

    Parameters
    ----------
    rounds
        Its rounds, the first one first.
    demand
        What was asked on demand.
    """

    rounds: Sequence[Round]
    demand: Round

    @classmethod
    def of(cls, objects: Objects, places: RunPlaces, rounds: int) -> "Totals":
        """Read what came of a run of so many rounds."""
        demand = Round()
        demand.add_all(objects, places.demand_outcomes)
        return cls([_round(objects, places, number) for number in range(1, rounds + 1)], demand)

    @property
    def records(self) -> int:
        """How many records the run has."""
        return self.rounds[0].records

    @property
    def counts(self) -> Counts:
        """What became of them."""
        total = Counts()
        for each in (*self.rounds, self.demand):
            total.add_all(each.counts.as_json())
        return total

    def as_json(self) -> dict[str, Any]:
        """Return the sums, as they stand in the summary."""
        counts = self.counts
        told = counts.as_json()
        return {
            "Shards": sum(each.shards for each in self.rounds),
            "Jobs": sum(each.jobs for each in self.rounds),
            "Records": self.records,
            "Succeeded": counts.succeeded,
            "Failed": counts.failed,
            "Unanswered": self.records - counts.succeeded - counts.failed,
            "Errors": told["Errors"],
            "Tokens": told["Tokens"],
            "Rounds": [
                {"Shards": each.shards, "Jobs": each.jobs, "Records": each.records, **_brief(each.counts)}
                for each in self.rounds
            ],
            "OnDemand": {"Records": self.demand.counts.records, **_brief(self.demand.counts)},
        }


def _round(objects: Objects, places: RunPlaces, number: int) -> Round:
    found = Round()
    for line in objects.lines(places.manifest(number)):
        found.shards += 1
        found.records += read_object(line)["Records"]
    found.add_all(objects, places.outcomes(number))
    return found


def _brief(counts: Counts) -> dict[str, int]:
    return {"Succeeded": counts.succeeded, "Failed": counts.failed}
