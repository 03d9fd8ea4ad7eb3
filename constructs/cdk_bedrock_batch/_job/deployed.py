"""A job as the stack has it: its attributes, and grants on its data."""

import jsii
from aws_cdk import ITaggableV2, TagManager
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct

from cdk_bedrock_batch._access.job_role import Permitted, permit
from cdk_bedrock_batch._access.network import Network
from cdk_bedrock_batch._access.reported import reported_as
from cdk_bedrock_batch._api.model_id import check_in_time
from cdk_bedrock_batch._cdk.shared import node_of, same_stack, stack_of
from cdk_bedrock_batch._data.input_source import BoundInput
from cdk_bedrock_batch._data.location import Location
from cdk_bedrock_batch._job.base import ModelInvocationJobBase
from cdk_bedrock_batch._job.going_on import GoingOn
from cdk_bedrock_batch._job.imported import ImportedJob
from cdk_bedrock_batch._job.left_alone import tell_needs
from cdk_bedrock_batch._job.name import earlier_prefix, owner_of, unique_name
from cdk_bedrock_batch._job.order import Ordered
from cdk_bedrock_batch._job.results import JobWithResults
from cdk_bedrock_batch._job.tags import look_at_tags, tag_manager
from cdk_bedrock_batch.model import BatchModel


@jsii.implements(ITaggableV2)
class DeployedJob(JobWithResults):
    """What a job offers once its resource is made, which is the subclass's work."""

    #: The role that Bedrock assumes.
    role: iam.IRole

    _model: BatchModel
    _input: Location
    #: How the names of its runs began before they told their owner.
    _earlier_prefix: str
    #: The part of the names of all its runs that stays.
    _owner: str
    #: Its place among the resources of the stack.
    _order: Ordered

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        same_stack(self, scope)
        reported_as(self, scope)
        self._tags, self._is_tagged = tag_manager(), False

    @staticmethod
    def from_job_arn(scope: Construct, id: str, job_arn: str) -> ModelInvocationJobBase:
        """Name a job that something else made, for grants on it and for rules for its events.

        Raises
        ------
        ValueError
            The ARN does not match the API's pattern.
        """
        return ImportedJob(scope, id, job_arn)

    @property
    def cdk_tag_manager(self) -> TagManager:
        """Where ``Tags.of(...)`` puts the job's tags."""
        if not self._is_tagged:
            # Of a job whose tags nobody asked for there are none to look at.
            self._is_tagged = True
            look_at_tags(self, self._tags)
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
        """The job's ARN; whoever uses it waits for the job as far as ``wait_until`` says, but not for its end."""
        return self._resource.get_att("JobArn").to_string()

    @property
    def job_id(self) -> str:
        """The last part of the job's ARN, twelve characters."""
        return self._resource.get_att("JobId").to_string()

    @property
    def job_name(self) -> str:
        """The job's name in Bedrock."""
        return self._resource.get_att("JobName").to_string()

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

    def _settle_names(self, job_name: str | None) -> str:
        """Settle how the names of its runs begin, and return a name that no other job of the app has."""
        unique = unique_name(self)
        self._owner = owner_of(stack_of(self), lambda: self._resource)
        self._earlier_prefix = earlier_prefix(unique, job_name)
        return unique

    def _let_run(
        self, source: BoundInput, network: Network | None, *, given: bool, kept: bool, outlives: bool
    ) -> Permitted:
        readable = source.readable
        data = [(readable, readable.reading()), (self._output, self._output.writing())]
        others = [*self._model.invoke_statements(), *(network.statements() if network else [])]
        statements = [*(statement for _, needed in data for statement in needed), *others]
        permitted = permit(self, self.role, statements, given=given, kept=kept, outlives=outlives)
        if permitted.by_others:
            tell_needs(self, self.role, data, others)
        # With their policies: data can be read when the job starts, and until it has been stopped.
        needed = [self.input_bucket, self.output_bucket, self.role, *permitted.policies]
        # The ARN of an alias may be a text that does not lead to it.
        keys = filter(None, (readable.encryption_key, self._output.encryption_key))
        node_of(self._resource).add_dependency(*needed, *(network.constructs if network else []), *keys)
        self._order = Ordered.watch(
            self,
            self._resource,
            lambda: self._results,
            source,
            self.input_bucket,
            self.output_bucket,
            given_role=self.role if given else None,
            going_on=GoingOn.of(network, readable, self._output) if kept else GoingOn(),
        )
        return permitted

    @property
    def _model_id(self) -> str:
        # A custom model's ARN need not be taken apart for anything else.
        check_in_time(self._model.model_id, stack_of(self))
        return self._model.id

    @property
    def _events_of(self) -> dict[str, list[object]]:
        # Not the ARN: the rule would come after the job, and miss what happens in between. Not the words of the name:
        # they may be others by the time that the job ends.
        return {"batchJobName": [{"wildcard": f"*-{self._owner}-*"}, {"prefix": f"{self._earlier_prefix}-"}]}

    def _before_job(self, needed: IConstruct) -> None:
        self._resource.node.add_dependency(needed)
        self._order.tells(needed)
