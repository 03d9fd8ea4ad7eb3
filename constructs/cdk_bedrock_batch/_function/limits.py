"""The limits of a stack that its jobs may reach, looked at when all of it is known."""

import json
from collections import Counter
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import Annotations, CfnResource, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct, IValidation

from cdk_bedrock_batch._cdk.shared import node_of, stack_of
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._function.beside import FUNCTIONS, constructs_beside_functions
from cdk_bedrock_batch._function.callers import LONGEST, lengths
from cdk_bedrock_batch._function.sections import overfull
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
#: The resources of the functions.
_OF_FUNCTIONS = FUNCTIONS.read_text().count("\n    Type: ")

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
        node_of(scope).add_validation(limits)
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
        found = list(constructs_beside_functions(self._stack))
        resources = _OF_FUNCTIONS + sum(isinstance(each, CfnResource) for each in found)
        lifted = node_of(self._scope).try_get_context("@aws-cdk/core:stackResourceLimit")
        # CDK takes 0 for no limit.
        if resources > _RESOURCES and lifted is None:
            return [_of_resources(resources)]
        if problems := list(overfull(found)):
            return problems
        if resources >= _MANY_RESOURCES:
            self._warn("stack:resources", _of_resources(resources))
        for role, policies in _managed(self._stack, found).items():
            if policies > _POLICIES:
                self._warn("role:policies", _of_policies(role, policies))
        for function, (callers, length) in lengths(self._stack, found).items():
            if length > LONGEST:
                self._warn("function:policy", _of_callers(function, callers, length))
        for model, jobs in self._jobs.items():
            if self._speaks and jobs > self._most_jobs:
                self._warn("model:jobs", self._of_jobs(model, jobs))
        return []

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


def _of_resources(number: int) -> str:
    return (
        f"the stack has {number} resources, and CloudFormation takes {_RESOURCES}: put some of the jobs into another "
        "stack or a nested one, or give jobs that may do the same one 'role'; such a job is one resource instead of "
        "three"
    )


def _of_callers(function: str, callers: int, length: int) -> str:
    return (
        f"the function {function} has a policy of about {length} characters when {callers} rules and others may call "
        f"it, and Lambda takes {LONGEST}, which cannot be raised, so the deployment fails: call alarm_on_failed "
        "for fewer jobs, put some of the jobs into another stack, or have the rules of several "
        "tell one topic or queue, and that the function"
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
    roles = [each for each in constructs if isinstance(each, iam.CfnRole)] if found else []
    # In one question, for each job has a role.
    attached = stack.resolve([{"to": each.managed_policy_arns} for each in roles])
    for role, policies in zip(roles, attached, strict=True):
        if policies:
            found[stack.resolve(role.logical_id)] += len(policies["to"])
    return found


def _name(role: object) -> str:
    return str(role["Ref"]) if isinstance(role, dict) and "Ref" in role else json.dumps(role).strip('"')


def _most_jobs(scope: Construct) -> int:
    given = node_of(scope).try_get_context(_CONTEXT)
    if given is None:
        return _JOBS
    # On the command line it is a text.
    if isinstance(given, bool) or not str(given).isascii() or not str(given).isdigit() or not int(given):
        raise ValueError(f"the context '{_CONTEXT}' must be a whole number of jobs from 1, got {given!r}: correct it")
    return int(given)
