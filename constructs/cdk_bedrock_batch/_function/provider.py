"""The stack's one function behind all of its jobs."""

import json
from functools import cache, partial
from typing import cast

from aws_cdk import Aws, CfnResource, Duration, Fn
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk.cloudformation_include import CfnInclude
from constructs import Construct, IConstruct, IDependable

from cdk_bedrock_batch._access import keys
from cdk_bedrock_batch._access.function_role import FunctionRole
from cdk_bedrock_batch._access.job_role import BEDROCK
from cdk_bedrock_batch._access.permissions import Permissions
from cdk_bedrock_batch._access.policies import growing
from cdk_bedrock_batch._access.reported import is_reported
from cdk_bedrock_batch._access.statements import Statement, allow
from cdk_bedrock_batch._api.arn import any_job_arn
from cdk_bedrock_batch._cdk import pseudo
from cdk_bedrock_batch._cdk.lasting import lasting
from cdk_bedrock_batch._cdk.shared import node_of, resource_of, same_stack, shared, stack_of
from cdk_bedrock_batch._cdk.tokens import resource_in
from cdk_bedrock_batch._data.buckets import DataBucket
from cdk_bedrock_batch._data.input_source import BoundInput, StagedAsset
from cdk_bedrock_batch._data.location import Location
from cdk_bedrock_batch._function.asset import asset_folder
from cdk_bedrock_batch._function.beside import FUNCTIONS, FUNCTIONS_ID
from cdk_bedrock_batch._function.beside import PROVIDER_ID as _ID
from cdk_bedrock_batch._function.ends import hear_of_ends, signalling
from cdk_bedrock_batch._function.limits import StackLimits
from cdk_bedrock_batch._function.properties import RESOURCE_TYPE, JobProperties, render
from cdk_bedrock_batch.model import BatchModel

#: The longest wait that leaves the function time to submit before and to answer after it.
LONGEST_WAIT = Duration.minutes(12)

#: CloudFormation's patience, in seconds, and the longest that it has: a request is held while no function runs.
SERVICE_TIMEOUT = "3600"
# An event that starts as late as this still has time for the longest wait; none runs when its request is dead.
_LATEST_START_SECONDS = 2400
# As in functions.yaml, which says why they look like this.
_FUNCTION, _LAST_WORD = f"{_ID}Function79399CB2", f"{_ID}LastWord269E0D35"
_LOGS, _LAST_WORD_LOGS = f"{_ID}Logs4C3E0689", f"{_ID}LastWordLogsBED26C28"
_WAITS, _LOOKS = f"{_ID}Waits4D532659", f"{_ID}Looks954263DB"
_INVOKE_CONFIG = f"{_ID}FunctionEventInvokeConfig88B63587"
_ON_JOBS = [
    "bedrock:GetModelInvocationJob",
    "bedrock:ListTagsForResource",
    "bedrock:StopModelInvocationJob",
    "bedrock:TagResource",
    "bedrock:UntagResource",
]
# To take it back as well: all versions where the bucket was made to keep them, else the only one.
_STAGING = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"]
_ON_WAITS = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]


class Provider(Construct):
    """The function that answers for every `ModelInvocationJob` of a stack, and what it may do."""

    @classmethod
    def of(cls, scope: IConstruct) -> "Provider":
        """Return the provider of the stack, made at the first call."""
        return shared(cls, scope, _ID, lambda stack: cls(stack, _ID))

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        same_stack(self, scope)
        self._limits = StackLimits.watch(self)
        #: What CloudFormation calls.
        self.service_token = _arn(_FUNCTION)
        #: The properties by which it does.
        self.called = {"ServiceToken": self.service_token, "ServiceTimeout": SERVICE_TIMEOUT}
        self._ends: list[CfnResource] = []
        self._asset_buckets: set[str] = set()
        self._cleared: set[DataBucket] = set()
        self._beside: dict[str, Construct | None] = {}
        lambda_ = iam.ServicePrincipal("lambda.amazonaws.com")
        role = iam.Role(self, "Role", assumed_by=iam.CompositePrincipal(lambda_, _state_machines()))
        last_word_role = iam.Role(self, "LastWordRole", assumed_by=lambda_)
        self._included = self._functions(role, last_word_role)
        #: What the function may do.
        self.role = FunctionRole(role)
        arn = partial(_arn_in_report, self._included) if is_reported(role) else _arn
        self.role.allow(_logging(arn(_LOGS)))
        # The state machine has the same role, and has the function look.
        self.role.allow(allow("lambda:InvokeFunction", [arn(_LAST_WORD), arn(_FUNCTION)]))
        self.role.allow(allow(_ON_WAITS, arn(_WAITS)))
        self.role.allow(allow("states:StartExecution", arn(_LOOKS)))
        self.role.allow(allow(_ON_JOBS, any_job_arn()))
        # To see whether CloudFormation gave up on a resource while its job was being made.
        seen = ["cloudformation:DescribeStackResource", "cloudformation:DescribeStacks"]
        self.role.allow(allow(seen, Aws.STACK_ID))
        # Has no resources of its own in the service authorization reference.
        self.role.allow(allow("bedrock:ListModelInvocationJobs", "*"))
        Permissions(growing(last_word_role)).allow(_logging(arn(_LAST_WORD_LOGS)))
        #: What comes last of all this: who waits for it waits for the functions and their permissions too, and need not
        #: name each of them.
        self.needed: IDependable = self._invoke_config(role, last_word_role)

    def job(
        self,
        scope: Construct,
        model: BatchModel,
        source: BoundInput,
        output: Location,
        properties: JobProperties,
        *,
        made_here: bool,
    ) -> CfnResource:
        """Make the resource by which the function provides a job, whose role may be ``made_here``, and let it do so."""
        self._limits.count(model)
        needed = self._allow_submitting(model, properties.role_arn, made_here=made_here)
        for asset in source.staged:
            needed += self._allow_staging(asset, source.readable)
        if properties.vpc_config and properties.stop_on_delete:
            needed += self.role.allow_seeing_interfaces()
        self._allow_clearing(source, output)
        resource = CfnResource(scope, "Resource", type=RESOURCE_TYPE, properties=self.called | render(properties))
        node_of(resource).add_dependency(self.needed, *needed)
        return resource

    @property
    def looks(self) -> str:
        """The ARN of the state machine that has functions look."""
        return _arn(_LOOKS)

    def let_look(self, function_arn: str) -> None:
        """Let the state machine have another function look."""
        self.role.allow(allow("lambda:InvokeFunction", function_arn))

    def allow_finishing(self, resource: CfnResource) -> None:
        """Let the function tell CloudFormation, and be told by EventBridge, that a job is over."""
        if not self._ends:
            self._ends = hear_of_ends(self, self.service_token)
            self.role.allow(signalling())
            # Of jobs that are over it may be all that tells. Has no resources in the service authorization reference.
            self.role.allow(allow("tag:GetResources", "*"))
        resource.node.add_dependency(*self._ends)

    def allow_reading_manifests(self, job: Construct, place: Location) -> list[IDependable]:
        """Let the function read the manifests of a job's results, and return what must be there before it can."""
        bucket = cast("Construct", place.bucket)
        ours = isinstance(bucket, DataBucket) and not place.encryption_key
        about = None if ours or stack_of(bucket) is not stack_of(job) else bucket
        return [each for statement in place.reading_manifests() for each in self.role.allow(statement, about)]

    def _allow_submitting(self, model: BatchModel, role_arn: str, *, made_here: bool) -> list[IDependable]:
        to_bedrock = {"StringEquals": {"iam:PassedToService": BEDROCK}}
        create = allow("bedrock:CreateModelInvocationJob", [any_job_arn(), *model.resource_arns()])
        passing = allow("iam:PassRole", role_arn, to_bedrock)
        return [
            *self.role.allow(create, self._made_beside(model.model_id)),
            *self.role.allow(passing, None if made_here else self._made_beside(role_arn)),
        ]

    def _allow_staging(self, staged: StagedAsset, place: Location) -> list[IDependable]:
        self.role.allow(allow("s3:GetObject", staged.source_arn))
        self._allow_decrypting(staged)
        # Of our buckets only one with a key waits for something of the user's.
        about = cast("Construct", place.bucket) if place.encryption_key else None
        cleared = isinstance(place.bucket, DataBucket) and place.bucket.is_cleared
        needed = self.role.allow(allow(_STAGING if cleared else "s3:PutObject", place.objects_arn), about)
        if key := place.encryption_key:
            in_parts = staged.is_written_in_parts
            needed += self.role.allow(keys.writing(key) if in_parts else keys.writing_at_once(key), about)
        return needed

    def _allow_decrypting(self, staged: StagedAsset) -> None:
        # CDK has another token for each asset, of the same bucket.
        bucket = json.dumps(stack_of(self).resolve(staged.bucket_name))
        if bucket not in self._asset_buckets:
            self._asset_buckets.add(bucket)
            self.role.allow(keys.reading_assets(staged.bucket_arn))

    def _allow_clearing(self, source: BoundInput, output: Location) -> None:
        """Let the function remove what a first deployment that failed leaves: what was staged, and empty buckets."""
        for place, staged in ((source.readable, source.staged), (output, ())):
            bucket = place.bucket
            if not isinstance(bucket, DataBucket) or not bucket.is_cleared:
                continue
            if bucket not in self._cleared:
                self._cleared.add(bucket)
                # What fails before the function is there leaves no bucket either.
                node_of(resource_of(bucket)).add_dependency(self._included)
                self.role.allow(allow("s3:DeleteBucket", place.bucket_arn))
            if staged:
                self.role.allow(allow("s3:ListBucketVersions", place.bucket_arn))

    def _made_beside(self, text: str) -> Construct | None:
        """Return the resource of this stack that a text of some jobs refers to, if somebody else made it."""
        if text not in self._beside:
            found = resource_in(text)
            theirs = found and stack_of(found) is stack_of(self) and self not in node_of(found).scopes
            self._beside[text] = found if theirs else None
        return self._beside[text]

    def _functions(self, role: iam.Role, last_word_role: iam.Role) -> CfnInclude:
        code = s3_assets.Asset(self, "Code", path=lasting(self, asset_folder()))
        return CfnInclude(
            self,
            FUNCTIONS_ID,
            template_file=str(FUNCTIONS),
            parameters={
                "CodeBucket": code.s3_bucket_name,
                "CodeKey": code.s3_object_key,
                "Role": role.role_arn,
                "LastWordRole": last_word_role.role_arn,
            },
        )

    def _invoke_config(self, role: iam.Role, last_word_role: iam.Role) -> CfnResource:
        config = CfnResource(
            self,
            "InvokeConfig",
            type="AWS::Lambda::EventInvokeConfig",
            properties={
                "FunctionName": {"Ref": _FUNCTION},
                "Qualifier": "$LATEST",
                "MaximumEventAgeInSeconds": _LATEST_START_SECONDS,
                "DestinationConfig": {"OnFailure": {"Destination": _arn(_LAST_WORD)}},
            },
        )
        # A function can have one only: under another id CloudFormation would make the new one beside the old.
        config.override_logical_id(_INVOKE_CONFIG)
        config.node.add_dependency(role, last_word_role)
        return config


def _state_machines() -> iam.IPrincipal:
    return iam.ServicePrincipal(
        "states.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": pseudo.account()}}
    )


@cache
def _arn(logical_id: str) -> str:
    return Fn.get_att(logical_id, "Arn").to_string()


def _arn_in_report(include: CfnInclude, logical_id: str) -> str:
    # CDK knows the path of what it refers to; the class of that is long to load.
    return include.get_resource(logical_id).get_att("Arn").to_string()


def _logging(log_group_arn: str) -> Statement:
    # Not the managed policy: it may create log groups, and one made after a destroy blocks the next deploy.
    return allow(["logs:CreateLogStream", "logs:PutLogEvents"], log_group_arn)
