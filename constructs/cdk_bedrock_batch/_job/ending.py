"""What the end of a job means to the deployment: nothing, or that it waits for it and asks how it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aws_cdk import Lazy

from cdk_bedrock_batch._access.outliving import LeftBehind
from cdk_bedrock_batch._access.reported import is_reported
from cdk_bedrock_batch._access.staying import stays
from cdk_bedrock_batch._cdk.produced import Produced
from cdk_bedrock_batch._function.ends import Condition, make_results
from cdk_bedrock_batch._function.properties import EndProperties, JobProperties, render_specification
from cdk_bedrock_batch._function.provider import Provider
from cdk_bedrock_batch._function.specification import Specification

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_cdk import CfnResource
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from cdk_bedrock_batch._access.job_role import Permitted
    from cdk_bedrock_batch._access.network import Network
    from cdk_bedrock_batch._data.location import Location


def may_outlive(job: Construct, places: Iterable[Location], network: Network | None, role: iam.IRole | None) -> bool:
    """Whether a job can go on when the deployment that made it is rolled back.

    Its places, their keys and a role that it was given stay then; so does its network, which would be held by the job.
    """
    needed = [construct for place in places for construct in place.constructs]
    return stays(job, [*needed, *(network.constructs if network else ()), role])


class Ending:
    """The end of a job that the deployment does not wait for."""

    def tell(self, properties: JobProperties) -> JobProperties:
        """Return what the job's own resource is told, with what is added for the end."""
        return properties

    def follow(self, resource: CfnResource, permitted: Permitted) -> CfnResource | None:  # noqa: ARG002 (see below)
        """Make what waits for the end after the job's own resource, and return what tells of the results."""
        return None


class Awaited(Ending):
    """The end of a job that the deployment waits for.

    Parameters
    ----------
    job
        The construct.
    role
        What the job runs with.
    own_role
        Whether that was made for this job alone.
    kept
        Whether the job goes on when it is removed from the stack.
    outlives
        Whether it may go on when a deployment fails, as far as that is known before it has its policies.
    """

    def __init__(self, job: Construct, role: iam.IRole, *, own_role: bool, kept: bool, outlives: bool) -> None:
        self._job, self._role, self._kept, self._outlives = job, role, kept, outlives
        self._own_role = own_role and not is_reported(role)
        self._left: LeftBehind | None = None

    def tell(self, properties: JobProperties) -> JobProperties:
        """See `Ending.tell`."""
        self._specification = Specification(self._job, render_specification(properties))
        self._condition = Condition(self._job, self._specification)
        self._told = replace(
            properties,
            wait_condition=self._condition.logical_id,
            left_behind=Lazy.any(Produced(self._left_behind)) if self._outlives else None,
            leave_running=Lazy.any(Produced(self._leave_running)) if self._outlives else None,
        )
        return self._told

    def follow(self, resource: CfnResource, permitted: Permitted) -> CfnResource:
        """See `Ending.follow`."""
        provider = Provider.of(self._job)
        provider.allow_finishing(resource)
        if permitted.together:
            # They are rewritten for the next job, and cannot stay for this one.
            self._outlives = False
        if self._outlives:
            self._left = LeftBehind.of(self._role, permitted, own_role=self._own_role)
        if self._left:
            resource.node.add_dependency(*provider.role.allow_removing(self._job, self._left))
        links = self._specification.is_told_to_cloudformation_only()
        condition = self._condition.make(resource)
        return make_results(self._job, provider.called, condition, self._end(resource), links=links)

    def _end(self, resource: CfnResource) -> EndProperties:
        return EndProperties(
            job_arn=resource.get_att("JobArn").to_string(),
            output_uri=self._told.output_uri,
            wait_seconds=self._told.wait_seconds,
            accept_partial_completion=self._told.accept_partial_completion,
            leave_running=self._kept or self._outlives,
        )

    def _leave_running(self) -> object:
        return self._outlives or None

    def _left_behind(self) -> object:
        return self._left.rendered() if self._left else None
