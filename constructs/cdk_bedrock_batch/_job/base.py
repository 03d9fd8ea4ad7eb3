"""What every job offers, made by this app or not: grants on it, and rules for its events."""

from abc import abstractmethod

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from constructs import Construct, IDependable

from cdk_bedrock_batch._api.job_events import COMPLETED, DETAIL_TYPE, FAILED, SOURCE
from cdk_bedrock_batch._job.rule import JobRule


class ModelInvocationJobBase(Construct):
    """A job that this app made, or one that `ModelInvocationJob.from_job_arn` names."""

    @property
    @abstractmethod
    def job_arn(self) -> str:
        """The job's ARN."""

    @property
    @abstractmethod
    def _events_of(self) -> dict[str, list[object]]:
        """The part of an event's detail by which it is told to be this job's."""

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Allow actions on this job, such as ``bedrock:ListTagsForResource``.

        The permission names the job, so it comes after it: a target of this job's own events that has it comes after
        the job as well.

        Parameters
        ----------
        grantee
            Who.
        actions
            What; "Actions, resources, and condition keys for Amazon Bedrock" in the service authorization reference
            lists them.
        """
        return iam.Grant.add_to_principal(grantee=grantee, actions=list(actions), resource_arns=[self.job_arn])

    def grant_describe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow to read the job's state, counts and message (GetModelInvocationJob)."""
        return self.grant(grantee, "bedrock:GetModelInvocationJob")

    def grant_stop(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow to stop the job (StopModelInvocationJob)."""
        return self.grant(grantee, "bedrock:StopModelInvocationJob")

    def on_state_change(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        description: str | None = None,
        rule_name: str | None = None,
    ) -> events.Rule:
        """Make a rule for each change of the job's state.

        Bedrock sends these events on a best-effort basis ("Monitor Amazon Bedrock job state changes" in the user
        guide). The job is named in ``detail.batchJobArn``, its state in ``detail.status``.

        Parameters
        ----------
        id
            Of the rule, below this construct.
        target
            Who is told. It finds the job in the event and its results below ``output_base_uri``, so the rule can be
            there before the job. One that uses the job's attributes comes after the job, with its rule, which synth
            warns of. Default: nobody until ``add_target`` is called.
        description
            Default: none.
        rule_name
            Default: CloudFormation chooses one.
        """
        return self._rule(id, None, target, description, rule_name)

    def on_completed(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        description: str | None = None,
        rule_name: str | None = None,
    ) -> events.Rule:
        """Make a rule for the job's end with every record processed; see `on_state_change`.

        Records may still have failed: the manifest counts them.
        """
        return self._rule(id, COMPLETED, target, description, rule_name)

    def on_failed(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        description: str | None = None,
        rule_name: str | None = None,
    ) -> events.Rule:
        """Make a rule for the job's end without all of its results; see `on_state_change`.

        The states are Failed, PartiallyCompleted (its time was over) and Expired (it never began). A job that was
        stopped has not failed.
        """
        return self._rule(id, FAILED, target, description, rule_name)

    def _rule(
        self,
        id: str,
        statuses: list[str] | None,
        target: events.IRuleTarget | None,
        description: str | None,
        rule_name: str | None,
    ) -> events.Rule:
        pattern = events.EventPattern(
            source=[SOURCE],
            detail_type=[DETAIL_TYPE],
            detail={**self._events_of, **({"status": statuses} if statuses else {})},
        )
        rule = JobRule(self, id, self._before_job, pattern=pattern, description=description, rule_name=rule_name)
        if target:
            rule.add_target(target)
        return rule

    def _before_job(self, needed: IDependable) -> None:
        """See to it that something is there when the job's first event is sent."""
