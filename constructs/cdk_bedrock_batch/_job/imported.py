"""A job that something else made."""

from constructs import Construct

from cdk_bedrock_batch._api.arn import check_job_arn
from cdk_bedrock_batch._job.base import ModelInvocationJobBase


class ImportedJob(ModelInvocationJobBase):
    """A job by its ARN."""

    def __init__(self, scope: Construct, id: str, job_arn: str) -> None:
        check_job_arn("job_arn", job_arn)
        super().__init__(scope, id)
        self._job_arn = job_arn

    @property
    def job_arn(self) -> str:
        """The job's ARN."""
        return self._job_arn

    @property
    def _events_of(self) -> dict[str, list[object]]:
        return {"batchJobArn": [self._job_arn]}
