"""What comes after a job whose end the deployment waits for: a condition, links where it takes them, and its results.

The condition is a resource of CloudFormation's that waits for a signal, up to twelve hours and without a function. It
waits once; so it has a logical id that is another one when the job is. Where only CloudFormation sees that the job is
another one there is no new condition: then links wait, each for less than an hour, and tell nothing.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, cast

import jsii
from aws_cdk import Aws, CfnCreationPolicy, CfnResource, CfnResourceSignal, Lazy
from aws_cdk import aws_events as events

from cdk_bedrock_batch._access.statements import Statement, allow
from cdk_bedrock_batch._api.job_events import DETAIL_TYPE, ENDED, SOURCE
from cdk_bedrock_batch._cdk.logical_id import by_content
from cdk_bedrock_batch._cdk.produced import Produced
from cdk_bedrock_batch._cdk.shared import stack_of
from cdk_bedrock_batch._function.properties import LINK_TYPE, RESULTS_TYPE, EndProperties, render_link, render_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_events import IRuleRef
    from constructs import Construct

    from cdk_bedrock_batch._function.specification import Specification

#: The longest that CloudFormation waits for a signal.
LONGEST = "PT12H"
#: How long one request is held at most: CloudFormation waits an hour for its answer.
HELD_SECONDS = 3300


def signalling() -> Statement:
    """Return what the function must be allowed to end a wait of its own stack."""
    return allow("cloudformation:SignalResource", Aws.STACK_ID)


def hear_of_ends(scope: Construct, function_arn: str) -> list[CfnResource]:
    """Have EventBridge tell the function of each job that is over, whoever's it is: the function knows its own.

    Bedrock sends these events on a best-effort basis, so the function looks by itself as well.

    Parameters
    ----------
    scope
        Of the rule and of the permission.
    function_arn
        The function.
    """
    pattern = {"source": [SOURCE], "detail-type": [DETAIL_TYPE], "detail": {"status": ENDED}}
    description = "Tells the function for Bedrock batch inference jobs that one is over"
    return tell_function(scope, "Ends", function_arn, pattern, description)


def tell_function(
    scope: Construct, id: str, function_arn: str, pattern: dict[str, Any], description: str
) -> list[CfnResource]:
    """Have EventBridge call a function for each event that matches a pattern.

    Parameters
    ----------
    scope, id
        Of the rule; the permission is beside it.
    function_arn
        The function.
    pattern
        Of the events, as EventBridge has it.
    description
        Of the rule.
    """
    target = events.CfnRule.TargetProperty(id="Function", arn=function_arn)
    rule = events.CfnRule(scope, id, description=description, event_pattern=pattern, targets=[target])
    return [rule, _permission(scope, f"{id}Permission", function_arn, rule.attr_arn)]


@jsii.implements(events.IRuleTarget)
class Heard:
    """The function as the target of a rule that is there to be counted: it looks whether anybody waits for the job.

    Parameters
    ----------
    function_arn
        The function.
    """

    def __init__(self, function_arn: str) -> None:
        self._function_arn = function_arn

    def bind(self, rule: IRuleRef, id: str | None = None) -> events.RuleTargetConfig:  # noqa: ARG002 (CDK's)
        """See `events.IRuleTarget.bind`."""
        heard = cast("events.Rule", rule)
        _permission(heard, "HeardPermission", self._function_arn, heard.rule_arn)
        return events.RuleTargetConfig(arn=self._function_arn)


def _permission(scope: Construct, id: str, function_arn: str, rule_arn: str) -> CfnResource:
    return CfnResource(
        scope,
        id,
        type="AWS::Lambda::Permission",
        properties={
            "Action": "lambda:InvokeFunction",
            "FunctionName": function_arn,
            "Principal": "events.amazonaws.com",
            "SourceArn": rule_arn,
        },
    )


class Condition:
    """What waits for a job's end, by its logical id, which is known before it is made: the job is told of it."""

    def __init__(self, job: Construct, specification: Specification) -> None:
        self._job = job
        self._specification = specification
        self._usual = ""
        #: Another one for each job.
        self.logical_id = Lazy.string(Produced(self._name))

    def make(self, resource: CfnResource) -> CfnResource:
        """Make it, to come after the job's own resource."""
        condition = CfnResource(self._job, "Ended", type="AWS::CloudFormation::WaitCondition")
        condition.cfn_options.creation_policy = CfnCreationPolicy(
            resource_signal=CfnResourceSignal(count=1, timeout=LONGEST)
        )
        self._usual = stack_of(self._job).get_logical_id(condition)
        condition.override_logical_id(self.logical_id)
        condition.node.add_dependency(resource)
        return condition

    def _name(self) -> str:
        return by_content(self._usual, self._specification.said())


def make_results(
    job: Construct, called: dict[str, str], after: CfnResource, end: EndProperties, *, links: bool
) -> CfnResource:
    """Make the resource that tells of a job's results.

    Parameters
    ----------
    job
        The construct.
    called
        The properties that CloudFormation calls the function by.
    after
        What is made when the job is over.
    end
        The properties.
    links
        Whether there may be a new job without a new condition.
    """
    for link in _links(job, called, end) if links else ():
        link.node.add_dependency(after)
        after = link
    results = CfnResource(job, "Results", type=RESULTS_TYPE, properties=called | render_results(end))
    results.node.add_dependency(after)
    return results


def _links(job: Construct, called: dict[str, str], end: EndProperties) -> Iterator[CfnResource]:
    # The results' own request waits as long as a link.
    number = max(0, ceil((end.wait_seconds - HELD_SECONDS) / HELD_SECONDS))
    for index in range(1, number + 1):
        yield CfnResource(job, f"Wait{index}", type=LINK_TYPE, properties=called | render_link(end))
