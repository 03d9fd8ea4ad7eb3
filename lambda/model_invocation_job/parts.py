"""What the function is made of: each part loaded and made once a process, and not before a request needs it.

Lambda can keep no compiled code beside the function's, so what is loaded is compiled at each cold start.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from model_invocation_job.input.staging import S3Staging
from model_invocation_job.jobs.jobs import BedrockJobs
from model_invocation_job.jobs.stacks import CloudFormationStacks, Demand
from model_invocation_job.owner.earlier_stack import EarlierStack
from model_invocation_job.provision.keeping import Keeping
from model_invocation_job.provision.leaving import Leaving
from model_invocation_job.provision.lifecycle import Lifecycle
from model_invocation_job.provision.provision import Provision
from model_invocation_job.provision.stopping import Stopping
from model_invocation_job.waiting.holding import Hold
from model_invocation_job.waiting.looks import Looks, StepFunctionsLooks
from model_invocation_job.waiting.watching import Watching

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from model_invocation_job.clock import Clock, Deadline
    from model_invocation_job.input.staging import Staging
    from model_invocation_job.jobs.interfaces import Interfaces
    from model_invocation_job.jobs.jobs import Jobs
    from model_invocation_job.jobs.resource_tags import ResourceTags
    from model_invocation_job.jobs.stacks import Asked, Stacks
    from model_invocation_job.owner.notes import Notes
    from model_invocation_job.provision.detaching import Detaching
    from model_invocation_job.provision.removal import Removal
    from model_invocation_job.provision.roles import Roles
    from model_invocation_job.provision.unused_buckets import UnusedBuckets
    from model_invocation_job.results.manifest import Manifests
    from model_invocation_job.results.results import Results
    from model_invocation_job.runs.executions import Executions
    from model_invocation_job.runs.run import Runs
    from model_invocation_job.waiting.ending import Ending
    from model_invocation_job.waiting.looking import Looking
    from model_invocation_job.waiting.registration import Registration
    from model_invocation_job.waiting.table import DynamoDbTable
    from model_invocation_job.waiting.waits import Wait, Waits

#: The variables of the function's environment that say what a request can be held with. Without them it is not.
WAITS_TABLE, LOOKS_STATE_MACHINE = "WAITS_TABLE", "LOOKS_STATE_MACHINE"
#: Seconds for which a pipeline's function may stop jobs.
STOPPING = 300


class Parts:
    """The parts, given what makes clients.

    Parameters
    ----------
    client, clock
        What makes boto3's client of a service, and the machine's clock.
    environment
        The function's variables.
    """

    def __init__(self, client: Callable[..., Any], clock: Clock, environment: Mapping[str, str]) -> None:
        self._client = client
        self._environment = environment
        self.clock = clock

    @cached_property
    def provision(self) -> Provision:
        """The way to jobs."""
        return Provision(self.lifecycle, Watching(self.jobs))

    @cached_property
    def lifecycle(self) -> Lifecycle:
        """The way to single jobs."""
        earlier = EarlierStack(self.jobs, self.notes, lambda: self.resource_tags) if self.notes else None
        return Lifecycle(self.jobs, self.staging, self.stacks, self.stopping, earlier)

    @cached_property
    def keeping(self) -> Keeping:
        """The way to the job that an Update finds."""
        return Keeping(self.jobs)

    @cached_property
    def stopping(self) -> Stopping:
        """The way to the end of jobs; a Delete needs no more."""
        return Stopping(self.jobs, self.leaving)

    @cached_property
    def leaving(self) -> Leaving:
        """What tells which jobs go on."""
        return Leaving(self.jobs, self.stacks, self.waits, self.clock)

    @cached_property
    def jobs(self) -> Jobs:
        """Bedrock's jobs."""
        return BedrockJobs(self._client("bedrock"))

    @cached_property
    def resource_tags(self) -> ResourceTags:
        """AWS's index of tags."""
        from model_invocation_job.jobs.resource_tags import TaggingApi

        return TaggingApi(self._client("resourcegroupstaggingapi"))

    @cached_property
    def results(self) -> Results:
        """The way to what jobs came to."""
        from model_invocation_job.results.results import Results

        return Results(self.jobs, self.stacks, self.manifests, self.ending)

    @cached_property
    def ending(self) -> Ending:
        """The way to the ends of jobs."""
        from model_invocation_job.waiting.ending import Ending

        return Ending(self.jobs, self.waits, self.stacks, self.clock)

    @cached_property
    def detaching(self) -> Detaching:
        """The way to the end of what jobs have in a VPC."""
        from model_invocation_job.provision.detaching import Detaching

        return Detaching(self.stopping, self.interfaces, self.clock)

    @cached_property
    def interfaces(self) -> Interfaces:
        """EC2's network interfaces."""
        from model_invocation_job.jobs.interfaces import Ec2Interfaces

        return Ec2Interfaces(lambda: self._ec2)

    @cached_property
    def _ec2(self) -> Any:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        return self._client("ec2")

    @cached_property
    def removal(self) -> Removal | None:
        """The way to remove what jobs leave behind; None where it is not known what others need."""
        from model_invocation_job.provision.removal import Removal

        return Removal(self.roles, self.notes, self.jobs, self.stacks) if self.notes else None

    def runs(self, deadline: Deadline) -> Runs:
        """Return the way to runs of pipelines, until a deadline; every stack with such a run has a table for notes."""
        from model_invocation_job.runs.run import Runs

        return Runs(self.executions, cast("Notes", self.notes), deadline)

    @cached_property
    def executions(self) -> Executions:
        """The executions of pipelines."""
        from model_invocation_job.runs.executions import StepFunctionsExecutions

        return StepFunctionsExecutions(self._executions, lambda: self._client("lambda", patience=STOPPING, tries=1))

    @cached_property
    def unused_buckets(self) -> UnusedBuckets:
        """The way to remove what a deployment that failed has made."""
        from model_invocation_job.input.taking_back import S3Buckets
        from model_invocation_job.provision.unused_buckets import UnusedBuckets

        return UnusedBuckets(S3Buckets(self._client("s3")), self.jobs, self.stacks)

    @cached_property
    def manifests(self) -> Manifests:
        """The manifests beside the results."""
        from model_invocation_job.results.manifest import S3Manifests

        return S3Manifests(self._client("s3"))

    @cached_property
    def roles(self) -> Roles:
        """IAM's roles."""
        from model_invocation_job.provision.roles import IamRoles

        return IamRoles(self._client("iam"))

    @cached_property
    def staging(self) -> Staging:
        """The way to the input's place."""
        return S3Staging(self._client("s3"))

    @cached_property
    def stacks(self) -> Stacks:
        """CloudFormation's stacks."""
        return CloudFormationStacks(self._client("cloudformation"))

    @cached_property
    def waits(self) -> Waits | None:
        """What is waited for; None where the stack has no table for it."""
        return self._table

    @cached_property
    def notes(self) -> Notes | None:
        """What resources remember; None where the stack has no table for it."""
        return self._table

    @cached_property
    def _table(self) -> DynamoDbTable | None:
        from model_invocation_job.waiting.table import DynamoDbTable

        name = self._environment.get(WAITS_TABLE)
        return DynamoDbTable(self._client("dynamodb"), name) if name else None

    def looks(self, function: str) -> Looks | None:
        """Return who calls this function, by its ARN, to look; None where the stack has nobody."""
        machine = self._environment.get(LOOKS_STATE_MACHINE)
        return StepFunctionsLooks(self._executions, machine, function) if machine else None

    @cached_property
    def _executions(self) -> Any:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        return self._client("stepfunctions")

    def demand(self, asked: Asked, again: Wait | None) -> Demand:
        """Return what can tell whether CloudFormation wants a request: one that has just arrived, or was held."""
        return Demand(self.stacks, asked, again.rolled_back) if again else Demand.arrived(self.stacks, asked)

    def hold(self, event: Mapping[str, Any], demand: Demand, function: str, again: Wait | None) -> Hold | None:
        """Return how a request can be held; None where there is nothing to hold it with."""
        looks = self.looks(function)
        if not (self.waits and looks):
            return None
        return Hold(self.waits, looks, self.clock, event, demand, again)

    def registration(self, function: str) -> Registration | None:
        """Return the way to have a job's end waited for; None where nobody can."""
        from model_invocation_job.owner.needs import Needs
        from model_invocation_job.waiting.registration import Registration

        looks = self.looks(function)
        if not (self.waits and self.notes and looks):
            return None
        return Registration(self.waits, looks, Needs(self.notes), self.stacks, self.clock)

    def looking(self, answer: Callable[[Wait], None]) -> Looking | None:
        """Return the way to what is waited for; None where nothing can be."""
        from model_invocation_job.waiting.condition import Conditions
        from model_invocation_job.waiting.held_request import HeldRequests
        from model_invocation_job.waiting.looking import Looking

        if not self.waits:
            return None
        held = HeldRequests(self.jobs, self.interfaces, self.stacks, self.clock, answer)
        conditions = Conditions(self.jobs, self.stacks, self.clock)
        return Looking(self.waits, self.clock, held.look, conditions.look)
