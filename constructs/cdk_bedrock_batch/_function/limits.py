"""The limits of a stack that its jobs may reach, looked at when all of it is known."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import Annotations, CfnResource, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct, IValidation

from cdk_bedrock_batch._access.policies import has_managed_policies
from cdk_bedrock_batch._cdk.shared import stack_of
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch.model import BatchModel

#: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_RESOURCES = 500
#: So many are worth a word: CDK, too, speaks of them from here on.
_MANY_RESOURCES = 400
#: Of a role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_POLICIES = 10
#: Jobs of a base model in a Region that have not ended: "Quotas for Amazon Bedrock".
_JOBS = 20
#: What the user sets that quota with.
_CONTEXT = "cdk-bedrock-batch:jobsPerModel"
#: With fewer jobs or constructs a stack is looked through only where that loads nothing: Lambda's module, which it
#: brings, takes 0.1 s.
_WORTH_A_LOOK, _LARGE_MODULE = 50, "aws_cdk.aws_lambda"


#: Jobs by their models, of each stack with those that are nested in it.
_JOBS_OF: WeakKeyDictionary[Stack, Counter[str]] = WeakKeyDictionary()


@jsii.implements(IValidation)
class StackLimits:
    """Counts the jobs of a stack, with those nested in it, by their models, and at synth resources and policies."""

    @classmethod
    def watch(cls, scope: Construct) -> "StackLimits":
        """Have synth say below a scope, once for its stack, what reaches a limit.

        Raises
        ------
        ValueError
            The number of jobs in the context is none.
        """
        limits = cls(scope, _most_jobs(scope))
        scope.node.add_validation(limits)
        return limits

    def __init__(self, scope: Construct, most_jobs: int) -> None:
        self._scope, self._stack, self._most_jobs = scope, stack_of(scope), most_jobs
        deployed = _deployed_with(self._stack)
        # The first of those that are deployed at once speaks for all.
        self._speaks = deployed not in _JOBS_OF
        self._jobs = _JOBS_OF.setdefault(deployed, Counter())

    def count(self, model: BatchModel) -> None:
        """Count a job of a model."""
        self._jobs[model.base_id] += 1

    def validate(self) -> list[str]:
        """Return what CDK itself refuses next, in words that say what to do; say the rest as warnings."""
        found = list(self._constructs())
        resources = sum(isinstance(each, CfnResource) for each in found)
        lifted = self._scope.node.try_get_context("@aws-cdk/core:stackResourceLimit")
        # CDK takes 0 for no limit.
        if resources > _RESOURCES and lifted is None:
            return [_of_resources(resources)]
        if resources >= _MANY_RESOURCES:
            self._warn("stack:resources", _of_resources(resources))
        for role, policies in _managed(self._stack, found).items():
            if policies > _POLICIES:
                self._warn("role:policies", _of_policies(role, policies))
        for model, jobs in self._jobs.items():
            if self._speaks and jobs > self._most_jobs:
                self._warn("model:jobs", self._of_jobs(model, jobs))
        return []

    def _constructs(self) -> Iterator[IConstruct]:
        """Go through the constructs of the stack, without those of the stacks in it."""
        stack = self._stack
        # One by one: CDK's list of all of them loads the modules of ours.
        large = self._jobs.total() >= _WORTH_A_LOOK or _has_many(stack, but=self._scope)
        if not (large or has_managed_policies(stack) or _LARGE_MODULE in sys.modules):
            return
        found = stack.node.find_all()
        nested = [each for each in found if isinstance(each, Stack) and each is not stack]
        elsewhere = {each for inner in nested for each in inner.node.find_all()}
        yield from (each for each in found if each not in elsewhere)

    def _warn(self, name: str, text: str) -> None:
        Annotations.of(self._scope).add_warning_v2(f"cdk-bedrock-batch:{name}", text)

    def _of_jobs(self, model: str, jobs: int) -> str:
        shown = "one model" if is_token(model) else model
        return (
            f"the stack has {jobs} jobs of {shown}, and an account may have {self._most_jobs} of a model that have not "
            "ended; Bedrock refuses further ones (ServiceQuotaExceededException), and the deployment fails: put their "
            "records into fewer jobs (InputData.from_files), or into stacks that are deployed when the jobs of the "
            f'other have ended, or have the quota raised and say so in the context ("{_CONTEXT}": {jobs})'
        )


def _deployed_with(stack: Stack) -> Stack:
    """Return the stack by which a stack is deployed: the outermost of those that it is nested in."""
    while stack.nested_stack_parent:
        stack = stack.nested_stack_parent
    return stack


def _has_many(root: IConstruct, but: IConstruct) -> bool:
    """Whether a tree, without a branch of it, has so many constructs that a look at them all is worth its time."""
    waiting, seen = [root], 0
    while waiting and seen < _WORTH_A_LOOK:
        children = [child for child in waiting.pop().node.children if child is not but]
        seen += len(children)
        waiting += children
    return seen >= _WORTH_A_LOOK


def _of_resources(number: int) -> str:
    return (
        f"the stack has {number} resources, and CloudFormation takes {_RESOURCES}: put some of the jobs into another "
        "stack or a nested one, or give jobs that may do the same one 'role'; such a job is one resource instead of "
        "three"
    )


def _of_policies(role: str, number: int) -> str:
    return (
        f"the role {role} has {number} managed policies in this stack, and IAM lets a role have {_POLICIES} unless the "
        "quota is raised (at most 20): give some of its jobs another role, or put them into another stack; or attach "
        "fewer policies of your own"
    )


def _managed(stack: Stack, constructs: Sequence[IConstruct]) -> Counter[str]:
    """Count the managed policies of the roles, by what the template calls these."""
    found: Counter[str] = Counter()
    for policy in constructs:
        if isinstance(policy, iam.CfnManagedPolicy):
            found.update(_name(role) for role in stack.resolve(policy.roles) or ())
    for role in constructs if found else ():
        if isinstance(role, iam.CfnRole):
            found[stack.resolve(role.logical_id)] += len(stack.resolve(role.managed_policy_arns) or ())
    return found


def _name(role: object) -> str:
    return str(role["Ref"]) if isinstance(role, dict) and "Ref" in role else json.dumps(role).strip('"')


def _most_jobs(scope: Construct) -> int:
    given = scope.node.try_get_context(_CONTEXT)
    if given is None:
        return _JOBS
    # On the command line it is a text.
    if isinstance(given, bool) or not str(given).isascii() or not str(given).isdigit() or not int(given):
        raise ValueError(f"the context '{_CONTEXT}' must be a whole number of jobs from 1, got {given!r}: correct it")
    return int(given)
