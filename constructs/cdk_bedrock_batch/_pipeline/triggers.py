"""What starts a pipeline's state machine: a schedule, an upload that is complete, or whoever else may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import Annotations
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch._access.statements import allow, document
from cdk_bedrock_batch._data.location import shown
from cdk_bedrock_batch._function.properties import render_run
from cdk_bedrock_batch._function.provider import Provider
from cdk_bedrock_batch._job.parameters import check_texts
from cdk_bedrock_batch._pipeline.deployed import DeployedPipeline
from cdk_bedrock_batch._pipeline.parameters import check_key, check_one_run, check_schedule
from cdk_bedrock_batch._pipeline.run import PipelineRun

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_events import IRuleRef

_ROLE = "TriggersRole"


class TriggeredPipeline(DeployedPipeline):
    """A pipeline that is started by rules of its own, or by deployments."""

    #: The id of its run.
    _on_deploy: str | None = None

    def on_schedule(
        self, id: str, schedule: events.Schedule, *, description: str | None = None, rule_name: str | None = None
    ) -> events.Rule:
        """Begin a run at certain times.

        A run that would begin while another goes on fails at once, and the other goes on.

        Parameters
        ----------
        id
            Of the rule, below this construct.
        schedule
            When; in UTC, as all rules of EventBridge are.
        description
            Default: none.
        rule_name
            Default: CloudFormation chooses one.

        Raises
        ------
        ValueError
            The schedule is none.
        """
        check_schedule(schedule)
        return self._starting(events.Rule(self, id, schedule=schedule, description=description, rule_name=rule_name))

    def on_upload(
        self, id: str, key: str, *, description: str | None = None, rule_name: str | None = None
    ) -> events.Rule:
        """Begin a run when an object is put in the bucket of the input: what its owner writes last of an upload.

        A bucket of this app is told to send its events to EventBridge. Of any other one synth warns: its owner has to.

        Parameters
        ----------
        id
            Of the rule, below this construct.
        key
            Of the object, such as ``incoming/_SUCCESS``.
        description
            Default: none.
        rule_name
            Default: CloudFormation chooses one.

        Raises
        ------
        ValueError
            The key is that of no object.
        """
        check_key(key)
        self._have_events_sent()
        pattern = events.EventPattern(
            source=["aws.s3"],
            detail_type=["Object Created"],
            detail={"bucket": {"name": [self._source.location.name]}, "object": {"key": [key]}},
        )
        return self._starting(
            events.Rule(self, id, event_pattern=pattern, description=description, rule_name=rule_name)
        )

    def on_deploy(self, id: str, *, run_token: str | None = None) -> PipelineRun:
        """Begin a run when the stack is deployed for the first time, and again when it is deployed with other content.

        Content is what decides the results: the model, the input, the output, its key, the invocation type, and
        ``run_token``. A deployment in which nothing of it has changed begins none. Nobody looks into the bucket: where
        the records come with the app, what tells one version of them from another is the token, such as
        ``FileSystem.fingerprint("records")``.

        The run begins when all of the pipeline is there, and what this stack's custom resources put in the bucket of
        the input. Whatever else has to be there before goes to ``node.add_dependency`` of what is returned.

        Parameters
        ----------
        id
            Of the run, below this construct.
        run_token
            Another one begins another run. Default: none.

        Raises
        ------
        ValueError
            The token is no text, or the pipeline has such a run already: there is one at a time.
        """
        check_texts(None, None, run_token)
        check_one_run(self._on_deploy, id)
        self._on_deploy, provider = id, Provider.of(self)
        machine, function = self._machine.arn, self._machine.functions.jobs_arn
        properties = render_run(
            self._call, self._prefix, machine, function, run_token, concurrent=self._concurrent_runs
        )
        run = PipelineRun(self, id, provider.called | properties, self._given_role)
        places = self._source.readable, self._places.output
        keys = [place.encryption_key for place in places if place.encryption_key]
        # With their policies.
        data = [self.role, *keys, *(place.bucket for place in places)]
        run.resource.node.add_dependency(provider.needed, *self._machine.let_deploy(provider), *data)
        return run

    def _have_events_sent(self) -> None:
        place = self._source.location
        if isinstance(place.bucket, s3.Bucket):
            place.bucket.enable_event_bridge_notification()
            return
        bucket = shown("the bucket", place.name)
        text = f"'on_upload': {bucket} is imported: its owner must have it send its events to EventBridge"
        if place.owner:
            text += f", and account {place.owner} must send them on to the default event bus of this account"
        Annotations.of(self).add_warning_v2("cdk-bedrock-batch:on_upload:importedBucket", f"{text}; else no run begins")

    def _starting(self, rule: events.Rule) -> events.Rule:
        found = self.node.try_find_child(_ROLE)
        role = found if isinstance(found, iam.Role) else self._make_role()
        rule.add_target(_Execution(self.state_machine_arn, role))
        return rule

    def _make_role(self) -> iam.Role:
        role = iam.Role(self, _ROLE, assumed_by=iam.ServicePrincipal("events.amazonaws.com"))
        starting = document([allow("states:StartExecution", self.state_machine_arn)])
        iam.Policy(role, "Policy", document=starting, roles=[role])
        return role


@jsii.implements(events.IRuleTarget)
class _Execution:
    """An execution of a state machine as the target of a rule: its input is the event.

    As ``aws_events_targets.SfnStateMachine``, which is in a module that takes long to load.
    """

    def __init__(self, machine_arn: str, role: iam.IRole) -> None:
        self._machine_arn = machine_arn
        self._role = role

    def bind(self, rule: IRuleRef, id: str | None = None) -> events.RuleTargetConfig:  # noqa: ARG002 (CDK's)
        """See `events.IRuleTarget.bind`."""
        return events.RuleTargetConfig(arn=self._machine_arn, role=self._role)
