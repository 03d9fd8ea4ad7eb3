"""A pipeline as the stack has it: its state machine, and grants on it and on its data."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import jsii
from aws_cdk import ITaggableV2, TagManager
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_bedrock_batch._access.job_role import permit
from cdk_bedrock_batch._api.model_id import check_in_time
from cdk_bedrock_batch._cdk.large_modules import stepfunctions
from cdk_bedrock_batch._cdk.shared import same_stack, stack_of
from cdk_bedrock_batch._job.tags import look_at_tags, tag_manager

if TYPE_CHECKING:
    from cdk_bedrock_batch._access.network import Network
    from cdk_bedrock_batch._data.input_source import BoundInput
    from cdk_bedrock_batch._function.properties import JobCall
    from cdk_bedrock_batch._pipeline.places import PipelinePlaces
    from cdk_bedrock_batch._pipeline.results_table import ResultsTable
    from cdk_bedrock_batch._pipeline.state_machine import StateMachine
    from cdk_bedrock_batch.model import BatchModel


#: They stand in the environment of a function, which is 4 KB in all.
#: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MOST_TAG_CHARACTERS = 1500


@jsii.implements(ITaggableV2)
class DeployedPipeline(Construct):
    """What a pipeline offers once it is made, which is the subclass's work."""

    #: The role that Bedrock assumes.
    role: iam.IRole

    _model: BatchModel
    #: How the names of the jobs begin, by which the events of the runs tell whose they are.
    _prefix: str
    _source: BoundInput
    _machine: StateMachine
    _places: PipelinePlaces
    #: What all jobs have in common.
    _call: JobCall
    #: Whether several runs may go on at once.
    _concurrent_runs: bool
    #: The role that the user gave; None for one of the pipeline's own.
    _given_role: iam.IRole | None
    #: The results as Athena has them; None where nobody asked for that.
    _table: ResultsTable | None

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        same_stack(self, scope)
        self._tags = tag_manager()
        look_at_tags(self, self._tags, most_characters=_MOST_TAG_CHARACTERS)

    @property
    def cdk_tag_manager(self) -> TagManager:
        """Where ``Tags.of(...)`` puts the tags of the pipeline's jobs."""
        return self._tags

    @property
    def state_machine_arn(self) -> str:
        """The ARN of the state machine; each execution of it is a run."""
        return self._machine.arn

    @cached_property
    def state_machine(self) -> stepfunctions.IStateMachine:
        """The state machine, for rules and schedules that start it, and for its metrics."""
        return stepfunctions.StateMachine.from_state_machine_arn(self, "Machine", self._machine.arn)

    def grant_read_output(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow to read the results, and what the summaries say, of all runs; and to look up the table of them.

        Parameters
        ----------
        grantee
            Who.
        """
        read = self._places.output.grant_read(grantee)
        return read.combine(self._table.grant_read(grantee)) if self._table else read

    def grant_start_execution(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow to begin a run.

        Parameters
        ----------
        grantee
            Who.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=["states:StartExecution"], resource_arns=[self._machine.arn]
        )

    @property
    def _model_id(self) -> str:
        # A custom model's ARN need not be taken apart for anything else.
        check_in_time(self._model.model_id, stack_of(self))
        return self._model.id

    def _let_run(self, network: Network | None) -> None:
        statements = [
            *self._source.readable.reading(),
            *self._places.runs.reading(),
            *self._places.results.writing(),
            *self._model.invoke_statements(),
            *(network.statements() if network else []),
        ]
        permit(self, self.role, statements, given=self._given_role is not None, kept=False)
