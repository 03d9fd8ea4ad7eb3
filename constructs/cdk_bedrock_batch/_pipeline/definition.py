"""The state machine of a pipeline: from the input to the summary, a round of jobs after the other.

Each step is told in docs/adr/0017-datasets-beyond-one-job.md. What the machine's state holds is small and alike all
along: the run's name, the round, how many jobs may run. Records, shards and results stand in S3.
"""

from dataclasses import dataclass
from typing import Any

from cdk_bedrock_batch._api.arn import integration_arn
from cdk_bedrock_batch._pipeline.asl import PASSING, State, each, invoke, retry

#: Tasks that are cut at once: each is a function of its own for minutes.
_CUTTING = 40
#: Tasks that are asked on demand at once, each some records at once: few, for others use the model meanwhile.
_ASKING = 4
#: Seconds: a job may take a week.
_LONGEST_JOB = 8 * 86_400
#: Errors of the function for jobs after which nothing is known, so that it is asked again.
_UNKNOWN = ["JobError", "JobMayExistError", "NotYetPermittedError", "UnavailableError"]
#: Of the ledger, where hundreds of jobs began or ended at once, and others came first each time; and of it and Step
#: Functions, where they take no more calls or fail: most of that boto3 has no names for.
_CROWDED = [
    "TransactionCanceledException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "InternalServerError",
    "ClientError",
    "ConnectTimeoutError",
    "EndpointConnectionError",
    "ReadTimeoutError",
]
#: There may be no job now, or Bedrock takes no more calls.
_BUSY = ["BusyError", "ThrottledError"]
#: Of the first steps of a run: where it begins with a deployment, the functions' rights are seconds old.
_YOUNG = [retry(PASSING), retry([*_UNKNOWN, *_CROWDED, "ThrottledError", "RefusedError"], seconds=5, times=5)]
#: Of those that end it: what was done is not to fail of them.
_LATE = [retry(PASSING), retry([*_UNKNOWN, *_CROWDED, "ThrottledError"], seconds=5, times=5)]
_OF_THE_RUN = {"Run.$": "$.Run", "Round.$": "$.Round", "Until.$": "$.Until"}


@dataclass(frozen=True)
class Definition:
    """A definition, and what it names.

    Attributes
    ----------
    jobs_arn, data_arn, demand_arn
        The functions.
    bucket
        Of the pipeline's output.
    runs
        The prefix in it below which each run has its own.
    """

    jobs_arn: str
    data_arn: str
    demand_arn: str
    bucket: str
    runs: str

    def render(self) -> dict[str, Any]:
        """Return the definition."""
        states = {
            "Open": self._jobs(
                {"Step": "open", "Execution.$": "$$.Execution"}, OutputPath="$.Payload", Next="Survey", retries=_YOUNG
            ),
            "Survey": self._data("survey", "Survey", "Next", "Prefix", Next="What now?", retries=_YOUNG),
            "What now?": {
                "Type": "Choice",
                "Choices": [
                    {"Variable": "$.Survey.Next", "StringEquals": "cut", "Next": "Cut"},
                    # Of a run that takes only what is new.
                    {"Variable": "$.Survey.Next", "StringEquals": "done", "Next": "Summarize"},
                ],
                # A run that is taken up again has its shards.
                "Default": "Run jobs",
            },
            "Cut": self._cut(),
            "List shards": self._data("shards", "Shards", "Records", Next="Run jobs"),
            "Run jobs": self._run_jobs(),
            "Gather": self._data("leftovers", "Left", "Next", "Round", "Prefix", Next="Again?"),
            "Again?": {
                "Type": "Choice",
                "Choices": [
                    {"Variable": "$.Left.Next", "StringEquals": "cut", "Next": "Next round"},
                    {"Variable": "$.Left.Next", "StringEquals": "ask", "Next": "Ask"},
                ],
                "Default": "Summarize",
            },
            "Ask": self._ask(),
            "Next round": {
                "Type": "Pass",
                "Parameters": {**_OF_THE_RUN, "Round.$": "$.Left.Round", "Places.$": "$.Places"},
                "Next": "Survey",
            },
            "Summarize": self._data("summarize", "Done", "Summary", Next="Close"),
            "Close": self._jobs(
                {"Step": "close", "Run.$": "$.Run"},
                ResultPath=None,
                OutputPath="$.Done.Summary",
                End=True,
                retries=_LATE,
            ),
        }
        # Not of the jobs: an execution that ended in their Map can be redriven there.
        caught_of = {name for name, state in states.items() if state["Type"] in ("Task", "Map")} - {"Run jobs"}
        caught = {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Give up"}]}
        return {
            "Comment": "Runs a dataset as Bedrock batch inference jobs",
            "StartAt": "Open",
            "States": {name: state | (caught if name in caught_of else {}) for name, state in states.items()}
            | self._failure(),
        }

    def _cut(self) -> State:
        listed = {"Bucket": self.bucket, "Prefix.$": "$.Survey.Prefix"}
        return each(
            {"Resource": integration_arn("s3:listObjectsV2"), "Parameters": listed},
            {"Step": "cut", **_OF_THE_RUN, "Task.$": "$$.Map.Item.Value.Key"},
            "Cut records",
            # What came of it stands in S3.
            {"Cut records": invoke(self.data_arn, "$", ResultSelector={}, End=True)},
            Label="Cut",
            MaxConcurrency=_CUTTING,
            Next="List shards",
        )

    def _run_jobs(self) -> State:
        key = f"States.Format('{self.runs}{{}}/manifest/{{}}.jsonl', $.Run, $.Round)"
        return each(
            {
                "Resource": integration_arn("s3:getObject"),
                "ReaderConfig": {"InputType": "JSONL"},
                "Parameters": {"Bucket": self.bucket, "Key.$": key},
            },
            {**_OF_THE_RUN, "Shard.$": "$$.Map.Item.Value", "Attempt": 1},
            "Start",
            {
                "Start": self._start(),
                "Collect": invoke(
                    self.data_arn,
                    {"Step": "collect", **_OF_THE_RUN, "Shard.$": "$.Shard", "Job.$": "$.Job"},
                    OutputPath="$.Payload",
                    Next="Start again?",
                ),
                "Start again?": _choice("$.Again", {"BooleanEquals": True}, "Start", "Done"),
                "Done": {"Type": "Pass", "Parameters": {}, "End": True},
            },
            Label="Jobs",
            MaxConcurrencyPath="$.Places",
            # One that fails shall not have the jobs of all others stopped. What is missing then, the next state says.
            ToleratedFailurePercentage=100,
            Next="Gather",
        )

    def _ask(self) -> State:
        listed = {"Bucket": self.bucket, "Prefix.$": "$.Left.Prefix"}
        return each(
            {"Resource": integration_arn("s3:listObjectsV2"), "Parameters": listed},
            {**_OF_THE_RUN, "Task.$": "$$.Map.Item.Value.Key", "Turn": 1},
            "Ask records",
            {
                "Ask records": invoke(self.demand_arn, "$", OutputPath="$.Payload", Next="Ask again?"),
                "Ask again?": _choice("$.Again", {"BooleanEquals": True}, "Ask records", "Asked"),
                "Asked": {"Type": "Pass", "Parameters": {}, "End": True},
            },
            Label="Ask",
            MaxConcurrency=_ASKING,
            Next="Summarize",
        )

    def _start(self) -> State:
        """Wait until a job is over: the function tells that, at once or when Bedrock does."""
        order = {
            "Step": "start",
            **_OF_THE_RUN,
            "Shard.$": "$.Shard",
            "Attempt.$": "$.Attempt",
            "Task.$": "$$.Task.Token",
            "Redrives.$": "$$.Execution.RedriveCount",
        }
        # As long as it takes: others may use up the account's quota for days. Each try is three of the 25,000 events
        # that a child's history has room for, so it has two weeks.
        busy = retry(_BUSY, seconds=15, times=99_999_999, rate=1.5, longest=300)
        return invoke(
            self.jobs_arn,
            order,
            retries=[busy, retry([*_UNKNOWN, *_CROWDED, *PASSING], seconds=5, times=8)],
            until_told=True,
            TimeoutSeconds=_LONGEST_JOB,
            ResultPath="$.Job",
            Next="Collect",
        )

    def _failure(self) -> dict[str, State]:
        """Stop what runs, and say in a sentence why."""
        order = {"Step": "give-up", "Execution.$": "$$.Execution", "Failure.$": "$"}
        silent = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.GivingUp", "Next": "Say why"}]
        return {
            "Give up": self._jobs(order, OutputPath="$.Payload", Catch=silent, Next="Say why", retries=_LATE),
            "Say why": {"Type": "Fail", "ErrorPath": "$.Error", "CausePath": "$.Cause"},
        }

    def _jobs(self, order: State, **fields: Any) -> State:  # noqa: ANN401 (see `invoke`)
        return invoke(self.jobs_arn, order, **fields)

    def _data(self, step: str, into: str, *kept: str, **fields: Any) -> State:  # noqa: ANN401 (see `invoke`)
        order = {"Step": step, **_OF_THE_RUN, "Execution.$": "$$.Execution"}
        selector = {f"{name}.$": f"$.Payload.{name}" for name in kept}
        return invoke(self.data_arn, order, ResultSelector=selector, ResultPath=f"$.{into}", **fields)


def _choice(path: str, rule: State, following: str, otherwise: str) -> State:
    return {"Type": "Choice", "Choices": [{"Variable": path, **rule, "Next": following}], "Default": otherwise}
