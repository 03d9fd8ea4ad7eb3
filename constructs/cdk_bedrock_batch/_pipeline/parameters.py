"""Checks of the pipeline's own parameters."""

from weakref import WeakKeyDictionary

from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from constructs import Construct

from bedrock_batch import RecordLimits
from cdk_bedrock_batch._api.validation import check_duration, check_type
from cdk_bedrock_batch._cdk.shared import stack_of
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._data.input_source import BoundInput
from cdk_bedrock_batch._data.location import Location
from cdk_bedrock_batch._data.s3_uri import is_s3_uri
from cdk_bedrock_batch._job.name import check_job_name
from cdk_bedrock_batch._job.parameters import check_switches

#: Characters of the jobs' names: what follows tells the run, the round, the shard and the attempt.
LONGEST_WORDS = 19

#: The paths of the pipelines of each stack, by where they write.
_WRITING: WeakKeyDictionary[Stack, dict[str, str]] = WeakKeyDictionary()


def check_names_and_limits(job_name: str | None, limits: RecordLimits | None) -> None:
    """Check how the names of the jobs begin, and what a job takes.

    Raises
    ------
    ValueError
        The name breaks a rule of the API or is too long, or the limits are none.
    """
    if job_name is not None:
        check_job_name(job_name, LONGEST_WORDS)
    if limits is not None:
        check_type("limits", limits, RecordLimits, "RecordLimits(min_records_per_job=50)")


def check_numbers(
    max_concurrent_jobs: int | None, max_records: int | None, rounds: int, tolerated_failures: float
) -> None:
    """Check what is a number.

    Raises
    ------
    ValueError
        One is none, or out of its bounds.
    """
    if max_concurrent_jobs is not None:
        _check_count("max_concurrent_jobs", max_concurrent_jobs)
    if max_records is not None:
        _check_count("max_records", max_records)
    _check_count("rounds", rounds)
    _check_share("tolerated_failures", tolerated_failures)


def seconds_to(deadline: Duration | None) -> int:
    """Return the seconds from the beginning of a run to its deadline, 0 if it has none.

    Raises
    ------
    ValueError
        It is no whole number of at least one minute.
    """
    if deadline is None:
        return 0
    check_duration("deadline", deadline, "Duration.hours(8)")
    minutes = deadline.to_minutes(integral=False)
    if minutes < 1 or minutes % 1:
        raise ValueError(f"'deadline' must be a whole number of minutes, at least 1, got {minutes:g}")
    return int(minutes) * 60


def check_runs(concurrent_runs: bool, *, only_new: bool) -> None:  # noqa: FBT001 (the parameter that it checks)
    """Check whether several runs may go on at once.

    Raises
    ------
    ValueError
        It is no bool, or each of them would take what is new.
    """
    check_switches(concurrent_runs=concurrent_runs)
    if concurrent_runs and only_new:
        raise ValueError(
            "'concurrent_runs' must not be True with only_new=True: what is new is what the last run has not seen, so "
            "runs that go on at once would pay for the same records; leave one of them out"
        )


def _check_count(name: str, value: int) -> None:
    if is_token(value):
        return
    check_type(name, value, int, "3")
    if isinstance(value, bool) or value < 1:
        raise ValueError(f"'{name}' must be a whole number of at least 1, got {value!r}")


def _check_share(name: str, value: float) -> None:
    if is_token(value):
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"'{name}' must be a share from 0 to 1, such as 0.05 for 5 %, got {value!r}")


def check_places(pipeline: Construct, source: BoundInput, output: Location) -> None:
    """Check that records are in S3 already, and apart from what this and other pipelines write.

    Raises
    ------
    ValueError
        They are local files, one prefix is below the other, or another pipeline of the stack writes there.
    """
    if source.staged:
        raise ValueError(
            "'input_data' of a pipeline must be in S3, got local data: a run reads what is there when it begins, so "
            "use InputData.from_bucket(bucket, 'incoming/'); for local files there is ModelInvocationJob"
        )
    given, written = source.location.rest, output.rest
    if written.startswith(given) or given.startswith(written):
        raise ValueError(
            f"'output_data' must be apart from 'input_data', got {output.uri} and {source.location.uri}: the next run "
            "would take what this one has written for its records; give each a prefix of its own"
        )
    _check_own_place(pipeline, output)


def _check_own_place(pipeline: Construct, output: Location) -> None:
    other = _WRITING.setdefault(stack_of(pipeline), {}).setdefault(output.uri, pipeline.node.path)
    if other != pipeline.node.path:
        raise ValueError(
            f"'output_data' must be the pipeline's own, got {output.uri}, where {other} writes: a run would "
            "take the shards of the other's run of the same name for its own, and 'only_new' the other's list; give "
            "each a prefix of its own"
        )


def check_schedule(schedule: events.Schedule) -> None:
    """Check what says when a run begins.

    Raises
    ------
    ValueError
        It is no schedule.
    """
    check_type("schedule", schedule, events.Schedule, 'events.Schedule.cron(hour="2", minute="0")')


def check_key(key: str) -> None:
    """Check which object ends an upload.

    Raises
    ------
    ValueError
        It is no key, or that of a folder.
    """
    check_type("key", key, str, '"incoming/_SUCCESS"')
    if not key or key.endswith("/") or is_s3_uri(key):
        raise ValueError(
            f"'key' must be the key of the object that is written last, such as 'incoming/_SUCCESS', got {key!r}: "
            "give it without the bucket, and not as a prefix"
        )


def check_one_run(earlier: str | None, id: str) -> None:
    """Check that a deployment begins one run of a pipeline only.

    Raises
    ------
    ValueError
        It would begin another one as well.
    """
    if earlier is not None:
        raise ValueError(
            f"'on_deploy' must be called once for a pipeline, got {earlier!r} and {id!r}: there is one run at a time, "
            "so the second would fail; make another pipeline"
        )
