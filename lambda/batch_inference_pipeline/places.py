"""Where what belongs to a run stands in S3, below the pipeline's output.

::

    runs/last.json                            the run that succeeded last, of a pipeline that takes only what is new
    runs/<run>/seen.jsonl                     of such a run: what the input was when it began
    runs/<run>/tasks/<round>/000001.jsonl     the ranges of objects that one invocation cuts
    runs/<run>/cut/<round>/000001.json        what came of cutting them: shards, and what is wrong with them
    runs/<run>/shards/<round>/000001-001.jsonl    records of a job, where an object of the input is not one itself
    runs/<run>/ids/000001-001                 digests of the ids of a task, of the first round
    runs/<run>/repeats/000.json               which of them repeat, of those whose digests begin alike
    runs/<run>/manifest/<round>.jsonl         the shards, a line each
    runs/<run>/outcomes/<round>/<shard>-<attempt>.json    what came of a job
    runs/<run>/left/<round>/<shard>-<attempt>.jsonl       records that are to be asked again
    runs/<run>/failed/<round>/<shard>-<attempt>.jsonl     the lines of records that failed for good
    runs/<run>/demand/tasks/000001.jsonl      records that are left, as many as one invocation asks on demand
    runs/<run>/demand/parts/000001/<digest>   what is answered of them, while the others are asked
    runs/<run>/demand/outcomes/000001.json    what came of them
    runs/<run>/summary.json
    results/<run>/<job id>/                   what the jobs wrote
    results/<run>/on-demand/000001.jsonl.out  what was answered on demand, as a job would have written it
"""

from dataclasses import dataclass

from model_invocation_job.s3_uri import taken_apart


@dataclass(frozen=True)
class Place:
    """A bucket, and a key or a prefix in it."""

    bucket: str
    key: str

    @classmethod
    def of(cls, uri: str) -> "Place":
        """Take an S3 URI apart."""
        return cls(*taken_apart(uri))

    @property
    def uri(self) -> str:
        """Its S3 URI."""
        return f"s3://{self.bucket}/{self.key}"

    def below(self, path: str) -> "Place":
        """Return what is below this prefix."""
        return Place(self.bucket, f"{self.key}{path}")


@dataclass(frozen=True)
class RunPlaces:
    """The places of one run.

    Parameters
    ----------
    output
        The pipeline's output: a prefix that ends in a slash, or nothing.
    run
        The name of the run.
    """

    output: Place
    run: str

    @property
    def results(self) -> Place:
        """What each job is told to write below."""
        return self.output.below(f"results/{self.run}/")

    @property
    def summary(self) -> Place:
        """What the run came to."""
        return self._own("summary.json")

    @property
    def last(self) -> Place:
        """Which run has succeeded last."""
        return self.output.below("runs/last.json")

    @property
    def seen(self) -> Place:
        """The objects of the input as the run has listed them."""
        return self._own("seen.jsonl")

    def tasks(self, round: int) -> Place:
        """Return the prefix of what is to be cut for a round of jobs, an object for each invocation."""
        return self._own(f"tasks/{round}/")

    def cut(self, round: int) -> Place:
        """Return the prefix of what came of cutting; the objects are named like the tasks, with ``.json``."""
        return self._own(f"cut/{round}/")

    @property
    def ids(self) -> Place:
        """The prefix of the ids of all records."""
        return self._own("ids/")

    @property
    def repeats(self) -> Place:
        """The prefix of what came of comparing them."""
        return self._own("repeats/")

    def shards(self, round: int) -> Place:
        """Return the prefix of the records of a round's jobs."""
        return self._own(f"shards/{round}/")

    def manifest(self, round: int) -> Place:
        """Return the list of a round's shards."""
        return self._own(f"manifest/{round}.jsonl")

    def outcomes(self, round: int) -> Place:
        """Return the prefix of what came of a round's jobs."""
        return self._own(f"outcomes/{round}/")

    def left(self, round: int) -> Place:
        """Return the prefix of a round's records that are to be asked again."""
        return self._own(f"left/{round}/")

    def failed(self, round: int) -> Place:
        """Return the prefix of a round's records that failed for good."""
        return self._own(f"failed/{round}/")

    @property
    def on_demand(self) -> Place:
        """The results of what was asked on demand, laid out as those of one job."""
        return self.results.below("on-demand/")

    @property
    def demand_tasks(self) -> Place:
        """The prefix of the records that are asked on demand, an object for each invocation."""
        return self._own("demand/tasks/")

    @property
    def demand_outcomes(self) -> Place:
        """The prefix of what came of asking; the objects are named as the tasks are, and end in ``.json``."""
        return self._own("demand/outcomes/")

    def demand_parts(self, task: str) -> Place:
        """Return the prefix of what is answered of a task."""
        return self._own(f"demand/parts/{task}/")

    def _own(self, path: str) -> Place:
        return self.output.below(f"runs/{self.run}/{path}")
