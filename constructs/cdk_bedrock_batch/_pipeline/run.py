"""A run that begins when the stack is deployed, and what comes before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import Annotations, CfnOutput, CfnResource
from constructs import Construct, IValidation

from cdk_bedrock_batch._cdk.needs import Needs
from cdk_bedrock_batch._cdk.shared import properties_of, same_stack, stack_of
from cdk_bedrock_batch._function.beside import constructs_beside_functions
from cdk_bedrock_batch._function.properties import RUN_TYPE
from cdk_bedrock_batch._job.order import BUCKET, may_write
from cdk_bedrock_batch._job.role_policies import wait_for_policies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import Stack
    from aws_cdk import aws_iam as iam


class PipelineRun(Construct):
    """An execution of a pipeline's state machine, as the stack has it.

    Attributes
    ----------
    job
        The pipeline.
    resource
        What CloudFormation calls the function by.
    given_role
        What its jobs run with, if that is not of its own.
    """

    def __init__(
        self, pipeline: Construct, id: str, properties: Mapping[str, Any], given_role: iam.IRole | None
    ) -> None:
        super().__init__(pipeline, id)
        same_stack(self, pipeline)
        self.job, self.given_role = pipeline, given_role
        self.resource = CfnResource(self, "Resource", type=RUN_TYPE, properties=properties)
        # All of it: what tells of the run's end as well.
        self.resource.node.add_dependency(pipeline)
        stack_of(self).node.add_validation(_Order(self))
        CfnOutput(self, "Name", value=self.run_name, description="The run of what is deployed")

    @property
    def run_name(self) -> str:
        """The name of the run, which stands for the content that is deployed."""
        return self.resource.get_att("Run").to_string()

    @property
    def execution_arn(self) -> str:
        """The ARN of the run's execution."""
        return self.resource.ref


@jsii.implements(IValidation)
class _Order:
    """Looks at the place of a run among the resources of its stack, when all of that is known."""

    def __init__(self, run: PipelineRun) -> None:
        self._run = run

    def validate(self) -> list[str]:
        """Have the run wait for what lets its role do its work, and for what puts records where they are read."""
        run, needs = self._run, Needs(stack_of(self._run))
        wait_for_policies(stack_of(run), [run], needs)
        source = properties_of(run.resource)["Job"]["inputDataConfig"]
        for bucket in needs.named_by(run.resource, source):
            if bucket.cfn_resource_type == BUCKET:
                self._wait_for_records(bucket, needs)
        return []

    def _wait_for_records(self, bucket: CfnResource, needs: Needs) -> None:
        run, path = self._run.resource, bucket.node.path
        for each in _writers(stack_of(run)):
            if path in _named(each, needs) and run.node.path not in needs.of(each):
                needs.join(run, each)
        before = needs.of(run).values()
        if not any(may_write(each) and path in needs.of(each) for each in before):
            Annotations.of(self._run).add_warning_v2("cdk-bedrock-batch:on_deploy:emptyBucket", _empty(path))


def _writers(stack: Stack) -> list[CfnResource]:
    beside = constructs_beside_functions(stack)
    return [each for each in beside if isinstance(each, CfnResource) and may_write(each)]


def _named(resource: CfnResource, needs: Needs) -> set[str]:
    return {each.node.path for each in needs.named_by(resource, properties_of(resource))}


def _empty(bucket: str) -> str:
    return (
        f"'on_deploy': {bucket} is made by this stack, and nothing in it puts records there: when both are deployed "
        "for the first time it is empty, and the run fails. Have the deployment fill it (BucketDeployment), or begin "
        "the first run otherwise; or acknowledge this"
    )
