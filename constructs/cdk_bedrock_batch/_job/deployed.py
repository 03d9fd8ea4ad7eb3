"""A job as the stack has it: its attributes, and grants on its data."""

import jsii
from aws_cdk import CfnResource, ITaggableV2, TagManager
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_bedrock_batch._cdk.shared import same_stack
from cdk_bedrock_batch._data.location import Location
from cdk_bedrock_batch._job.observed import ObservedJob
from cdk_bedrock_batch._job.tags import look_at_tags, tag_manager


@jsii.implements(ITaggableV2)
class DeployedJob(ObservedJob):
    """What a job offers once its resource is made, which is the subclass's work."""

    #: The role that Bedrock assumes.
    role: iam.IRole

    _resource: CfnResource
    _input: Location
    _output: Location
    #: How the names of its runs began before they told their owner.
    _earlier_prefix: str
    #: The part of the names of all its runs that stays.
    _owner: str

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        same_stack(self, scope)
        self._tags = tag_manager()
        look_at_tags(self, self._tags)

    @property
    def cdk_tag_manager(self) -> TagManager:
        """Where ``Tags.of(...)`` puts the job's tags."""
        return self._tags

    @property
    def input_bucket(self) -> s3.IBucket:
        """The bucket of the records."""
        return self._input.bucket

    @property
    def output_bucket(self) -> s3.IBucket:
        """The bucket of the results."""
        return self._output.bucket

    @property
    def job_arn(self) -> str:
        """The job's ARN; whoever uses it waits for the job as far as ``wait_until`` says."""
        return self._attribute("JobArn")

    @property
    def job_id(self) -> str:
        """The last part of the job's ARN, twelve characters."""
        return self._attribute("JobId")

    @property
    def job_name(self) -> str:
        """The job's name in Bedrock."""
        return self._attribute("JobName")

    @property
    def job_status(self) -> str:
        """The job's state when CloudFormation last looked, such as ``Scheduled``."""
        return self._attribute("JobStatus")

    @property
    def output_uri(self) -> str:
        """The S3 URI below which Bedrock writes this job's results, job id included, ending in ``/``."""
        return self._attribute("OutputUri")

    def grant_read_output(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow to read the results: those of this and of other runs, for they share a folder.

        The permission names no job, so it is there before the job: a target of the job's events can have it.

        Parameters
        ----------
        grantee
            Who.
        """
        return self._output.grant_read(grantee)

    def grant_write_input(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow to write records where the job reads them.

        A job reads them once, when it starts: new records need a new ``run_token``.

        Parameters
        ----------
        grantee
            Who.
        """
        return self._input.grant_write(grantee)

    def _attribute(self, name: str) -> str:
        return self._resource.get_att(name).to_string()

    @property
    def _events_of(self) -> dict[str, list[object]]:
        # Not the ARN: the rule would come after the job, and miss what happens in between. Not the words of the name:
        # they may be others by the time that the job ends.
        return {"batchJobName": [{"wildcard": f"*-{self._owner}-*"}, {"prefix": f"{self._earlier_prefix}-"}]}

    def _before_job(self, rule: events.Rule) -> None:
        self._resource.node.add_dependency(rule)
