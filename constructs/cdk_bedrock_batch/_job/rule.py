"""A rule for a job's events whose targets can be reached before the job is there: it may fail in its first second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_events as events

from cdk_bedrock_batch._cdk.shared import stack_of
from cdk_bedrock_batch._cdk.tokens import resource_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aws_cdk.interfaces.aws_events import IRuleRef
    from constructs import Construct, IConstruct, IDependable

#: What CDK calls the policy of a topic or a queue, below it.
_POLICY = "Policy"


class JobRule(events.Rule):
    """A rule that says what has to be there before the first event.

    Parameters
    ----------
    before
        Called with each construct that the job has to wait for.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        before: Callable[[IDependable], object],
        *,
        pattern: events.EventPattern,
        description: str | None,
        rule_name: str | None,
    ) -> None:
        super().__init__(scope, id, event_pattern=pattern, description=description, rule_name=rule_name)
        self._before = before
        before(self)

    def add_target(self, target: events.IRuleTarget | None = None) -> None:
        """Add a target, with what lets EventBridge reach it."""
        super().add_target(_Reached(target, self, self._before) if target else None)


@jsii.implements(events.IRuleTarget)
class _Reached:
    """A target as it is, whose policies the job waits for.

    The permission of a function is below the rule. The policy of a topic or a queue is below that, the one of a log
    group beside the rule's stack, and what runs with a role needs its policies.
    """

    def __init__(self, target: events.IRuleTarget, rule: events.Rule, before: Callable[[IDependable], object]) -> None:
        self._target = target
        self._rule = rule
        self._before = before

    def bind(self, rule: IRuleRef, id: str | None = None) -> events.RuleTargetConfig:
        """See `events.IRuleTarget.bind`."""
        stack = stack_of(self._rule)
        known = {child.node.id for child in stack.node.children}
        config = self._target.bind(rule, id)
        made = (child for child in stack.node.children if child.node.id not in known)
        for needed in (*made, *_policies(config)):
            if stack_of(needed) is stack:
                self._before(needed)
        return config


def _policies(config: events.RuleTargetConfig) -> Iterator[IConstruct]:
    """Go through what lets EventBridge reach a target, and what takes the events that do not reach it."""
    if config.role:
        yield config.role
    dead = config.dead_letter_config
    for reached in (config.target_resource, resource_in(dead.arn) if dead and dead.arn else None):
        # A queue for what fails is known by its resource, which is below it.
        for construct in (reached, reached.node.scope) if reached else ():
            if construct and (policy := construct.node.try_find_child(_POLICY)):
                yield policy
