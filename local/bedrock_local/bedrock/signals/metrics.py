"""What the service tells CloudWatch: how far the jobs of a model are.

https://aws.amazon.com/blogs/machine-learning/monitor-amazon-bedrock-batch-inference-using-amazon-cloudwatch-metrics/
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bedrock_local.bedrock.jobs.job import Job
from bedrock_local.names.place import Place

NAMESPACE = "AWS/Bedrock/Batch"
# "Tokens pending" is measured for these only.
_COUNTS_PENDING_TOKENS = "anthropic."

Record = Callable[[Place, str, Mapping[str, float]], None]
"""Records data points: (account and Region, model id, values by the metric's name)."""


@dataclass(frozen=True)
class Reading:
    """What a job adds to the metrics of its model.

    Parameters
    ----------
    records_pending, tokens_pending
        What it has before it. The tokens are estimated from the records that are done.
    input_tokens, output_tokens
        What it has processed since its last reading.
    """

    records_pending: int = 0
    tokens_pending: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Metrics:
    """The metrics of all models: those of one model are the sum over its jobs.

    Parameters
    ----------
    record
        Records data points.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._readings: defaultdict[tuple[Place, str], dict[str, Reading]] = defaultdict(dict)
        self._lock = threading.Lock()

    def read(self, job: Job, reading: Reading) -> None:
        """Record how far a job is, once a minute of the job's pace: tokens per minute are those of one reading.

        Parameters
        ----------
        job
            The job.
        reading
            Where it is.
        """
        model = job.place, job.model.foundation_id
        with self._lock:
            of_jobs = self._readings[model]
            of_jobs[job.job_id] = reading
            if not reading.records_pending:
                del of_jobs[job.job_id]
            pending = sum(each.records_pending for each in of_jobs.values())
            tokens = sum(each.tokens_pending for each in of_jobs.values())
        values = {
            "NumberOfRecordsPendingProcessing": pending,
            "NumberOfInputTokensProcessedPerMinute": reading.input_tokens,
            "NumberOfOutputTokensProcessedPerMinute": reading.output_tokens,
        }
        if job.model.foundation_id.startswith(_COUNTS_PENDING_TOKENS):
            values["NumberOfTokensPendingProcessing"] = tokens
        self._record(*model, values)
