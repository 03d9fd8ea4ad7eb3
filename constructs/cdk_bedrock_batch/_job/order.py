"""What comes before a job, and what after it, looked at when all of its stack is known.

A rule for a job's events is made before the job, to miss none. A target that uses what only the job tells cannot be
there before it, and CloudFormation refuses such a circle: then the rule comes after the job, and synth says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import Annotations, Stack
from constructs import Construct, IConstruct, IValidation

from cdk_bedrock_batch._cdk.needs import Needs
from cdk_bedrock_batch._cdk.shared import node_of, path_of, properties_of, stack_of
from cdk_bedrock_batch._cdk.tokens import is_token
from cdk_bedrock_batch._function.properties import RUN_TYPE
from cdk_bedrock_batch._job.role_policies import wait_for_policies

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk import CfnResource
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_s3 as s3

    from cdk_bedrock_batch._data.input_source import BoundInput
    from cdk_bedrock_batch._job.going_on import GoingOn

#: By what a bucket tells somebody of its objects; but for this and its rules, a job needs all that it waits for.
_BUCKET_TELLS = {"AWS::Lambda::Permission", "Custom::S3BucketNotifications"}
_RULE = "AWS::Events::Rule"
#: In the template.
BUCKET = "AWS::S3::Bucket"
#: What may do anything while a stack is made, such as to write an object, and what never does.
_ACTING = ("Custom::", "AWS::CloudFormation::")
_NEVER_WRITING = {"Custom::S3AutoDeleteObjects", "Custom::S3BucketNotifications", RUN_TYPE}


@dataclass
class Ordered:
    """A job, as far as its place among the resources of its stack goes.

    Attributes
    ----------
    results
        Gives what tells of its results, when that is made; None where the deployment does not wait for them.
    given_role
        What it runs with, if that is not of its own.
    going_on
        What is to stay for it when its stack goes.
    buckets
        Those of its records and results.
    reads_what_is_there
        Whether its records are in a bucket that only CloudFormation knows the name of, and nothing of ours puts them
        there.
    telling
        The paths of the rules for its events, and of what lets them reach their targets.
    """

    job: Construct
    resource: CfnResource
    results: Callable[[], CfnResource | None]
    given_role: iam.IRole | None
    going_on: GoingOn
    buckets: tuple[s3.IBucket, ...]
    reads_what_is_there: bool
    telling: list[str] = field(default_factory=list)

    @classmethod
    def watch(
        cls,
        job: Construct,
        resource: CfnResource,
        results: Callable[[], CfnResource | None],
        source: BoundInput,
        *buckets: s3.IBucket,
        given_role: iam.IRole | None,
        going_on: GoingOn,
    ) -> Ordered:
        """Have synth look at a job's place when all of its stack is known."""
        made = cls(
            job, resource, results, given_role, going_on, buckets, not source.staged and is_token(source.location.rest)
        )
        stack = stack_of(job)
        if stack not in _JOBS:
            _JOBS[stack] = []
            node_of(stack).add_validation(Order(stack, _JOBS[stack]))
        _JOBS[stack].append(made)
        return made

    def tells(self, needed: IConstruct) -> None:
        """Note what the job waits for only to be told of."""
        self.telling.append(path_of(needed))

    def waits_to_be_told_by(self, resource: CfnResource) -> bool:
        """Whether the job waits for a resource only to be told of."""
        path = path_of(resource)
        return resource.cfn_resource_type in _BUCKET_TELLS or any(
            path == telling or path.startswith(f"{telling}/") for telling in self.telling
        )


@jsii.implements(IValidation)
class Order:
    """Looks at the places of all jobs of a stack."""

    def __init__(self, stack: Stack, jobs: list[Ordered]) -> None:
        self._stack, self._jobs = stack, jobs
        self._notifying: dict[int, bool] = {}

    def validate(self) -> list[str]:
        """Take apart what would be a circle, and return what cannot be, a sentence each; say the rest as warnings.

        What others let the jobs' roles do comes before the jobs, and goes after them.
        """
        needs = Needs(self._stack)
        wait_for_policies(self._stack, self._jobs, needs)
        problems: list[str] = []
        for each in self._jobs:
            if each.telling or any(map(self._notifies, each.buckets)):
                problems += _take_apart(each, needs)
            each.going_on.warn(each.job)
            if each.reads_what_is_there:
                _look_for_records(each, needs)
        return problems

    def _notifies(self, bucket: s3.IBucket) -> bool:
        """Whether a bucket tells somebody of its objects; jobs mostly share theirs."""
        if id(bucket) not in self._notifying:
            made = node_of(bucket).try_find_child("Notifications")
            self._notifying[id(bucket)] = bool(made and made.node.children)
        return self._notifying[id(bucket)]


def _take_apart(ordered: Ordered, needs: Needs) -> list[str]:
    """Let what tells of a job come after it where it needs the job; return where it would tell nothing any more."""
    late: set[str] = set()
    too_late: set[str] = set()
    for each in ordered.resource.obtain_dependencies():
        if isinstance(each, Stack) or not ordered.waits_to_be_told_by(each):
            continue
        before = needs.of(each)
        if path_of(ordered.resource) in before:
            late |= _shown(each)
            needs.part(ordered.resource, each)
            if (results := ordered.results()) and path_of(results) in before:
                too_late |= _shown(each)
    if late:
        text = _late(" and ".join(sorted(late)))
        Annotations.of(ordered.job).add_warning_v2("cdk-bedrock-batch:events:afterTheJob", text)
    return [_too_late(ordered, name) for name in sorted(too_late)]


def _shown(telling: CfnResource) -> set[str]:
    """Return the path of the rule or of the bucket that a resource is a part of; of what only a rule needs none."""
    above, _, name = path_of(telling).removesuffix("/Notifications/Resource").rpartition("/")
    if telling.cfn_resource_type == _RULE:
        return {above}
    if telling.cfn_resource_type == "Custom::S3BucketNotifications":
        return {f"{above}/{name}"}
    return set()


def _late(name: str) -> str:
    return (
        f"what tells of the job at {name} is made after the job, for its target uses the job's attributes or a right "
        "to this very job: events before are missed, and a later one may be of an earlier job than the attributes are. "
        "Take the job from the event (detail.batchJobArn) and its results below 'output_base_uri', and allow "
        "'grant_read_output'; or acknowledge this"
    )


def _too_late(ordered: Ordered, name: str) -> str:
    return (
        f"{name} must be there before the job ends, got a target that uses what {path_of(ordered.job)} tells when it "
        "has ended ('wait_until' is FINISHED): take the job from the event (detail.batchJobArn) and its results below "
        "'output_base_uri', or do without the rule, as what uses 'output_uri' is made when the results are there"
    )


def _look_for_records(ordered: Ordered, needs: Needs) -> None:
    """Warn of a bucket that is empty when the job is made: it comes with it, and nothing in between writes."""
    resource = ordered.resource
    named = needs.named_by(resource, properties_of(resource)["Job"]["inputDataConfig"])
    buckets = [each for each in named if each.cfn_resource_type == BUCKET]
    before = needs.of(resource).values() if buckets else ()
    for bucket in buckets:
        path = path_of(bucket)
        if not any(may_write(each) and path in needs.of(each) for each in before):
            Annotations.of(ordered.job).add_warning_v2("cdk-bedrock-batch:input_data:emptyBucket", _empty(bucket))


def may_write(resource: CfnResource) -> bool:
    """Whether a resource may put objects into a bucket while its stack is made."""
    kind = resource.cfn_resource_type
    return kind.startswith(_ACTING) and kind not in _NEVER_WRITING


def _empty(bucket: CfnResource) -> str:
    return (
        f"'input_data': {path_of(bucket)} is made by this stack, and nothing that the job waits for puts records "
        "there: when both are deployed for the first time it is empty, and the job fails. Have the deployment fill it "
        "(BucketDeployment, and job.node.add_dependency on that), use 'InputData.from_file'; or add the job when the "
        "records are there, and acknowledge this"
    )


# One validation for each stack: each is a call from the CDK's own process.
_JOBS: WeakKeyDictionary[Stack, list[Ordered]] = WeakKeyDictionary()
