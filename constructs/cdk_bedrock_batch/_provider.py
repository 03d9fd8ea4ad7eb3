"""The stack's one function behind all of its jobs."""

from typing import TypedDict

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct, IDependable

from cdk_bedrock_batch import _keys
from cdk_bedrock_batch._assets import asset_folder
from cdk_bedrock_batch._input_source import StagedAsset
from cdk_bedrock_batch._job_role import any_job_arn
from cdk_bedrock_batch._location import Location
from cdk_bedrock_batch._region import check_region
from cdk_bedrock_batch._shared import shared, stack_of
from cdk_bedrock_batch._statements import Statement, allow
from cdk_bedrock_batch.model import BatchModel

#: The longest that Lambda lets a function run.
FUNCTION_TIMEOUT = Duration.minutes(15)
#: The longest wait that leaves the function time to submit before and to answer after it.
LONGEST_WAIT = Duration.minutes(12)
#: CloudFormation's patience: the longest run and an early death before it, not the default hour.
SERVICE_TIMEOUT = Duration.minutes(20)

_ID = "BedrockBatchProvider"
_ON_JOBS = [
    "bedrock:GetModelInvocationJob",
    "bedrock:ListTagsForResource",
    "bedrock:StopModelInvocationJob",
    "bedrock:TagResource",
    "bedrock:UntagResource",
]


class Provider(Construct):
    """The function that answers for every `ModelInvocationJob` of a stack, and what it may do."""

    @classmethod
    def of(cls, scope: IConstruct) -> "Provider":
        """Return the provider of the stack, made at the first call."""
        return shared(cls, scope, _ID, lambda stack: cls(stack, _ID))

    def __init__(self, scope: Construct, id: str) -> None:
        check_region(stack_of(scope))
        super().__init__(scope, id)
        # Whatever the app says: unmerged, the statements for a hundred jobs are more than a role can have.
        self.node.set_context("@aws-cdk/aws-iam:minimizePolicies", value=True)
        self._granted: set[str] = set()
        code = lambda_.Code.from_asset(asset_folder())
        function, self._role = self._provider(code, self._last_word(code))
        #: What CloudFormation calls.
        self.service_token = function.function_arn
        #: What comes last of all this: who waits for it waits for the functions and their permissions too, and need not
        #: name each of them.
        self.needed: IDependable = function.node.find_child("EventInvokeConfig")
        self._allow(allow(_ON_JOBS, any_job_arn()))
        # To see whether CloudFormation gave up on a resource while its job was being made.
        self._allow(allow(["cloudformation:DescribeStackResource", "cloudformation:DescribeStacks"], Aws.STACK_ID))
        # Has no resources of its own in the service authorization reference.
        self._allow(allow("bedrock:ListModelInvocationJobs", "*"))

    def allow_submitting(self, model: BatchModel, role_arn: str) -> None:
        """Let the function create jobs for a model with a service role."""
        self._allow(allow("bedrock:CreateModelInvocationJob", [any_job_arn(), *model.resource_arns()]))
        to_bedrock = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
        self._allow(allow("iam:PassRole", role_arn, to_bedrock))

    def allow_staging(self, staged: StagedAsset, place: Location) -> None:
        """Let the function put one published asset in the job's own place."""
        self._allow(allow("s3:GetObject", staged.source_arn))
        self._allow(allow("s3:PutObject", place.objects_arn))
        if key := place.encryption_key:
            # An archive's files are written in parts.
            self._allow(_keys.writing(key) if staged.is_archive else _keys.writing_at_once(key))

    def _allow(self, statement: Statement) -> None:
        # Jobs mostly have the model in common: each statement goes to the CDK's own process once.
        if (text := repr(statement)) not in self._granted:
            self._granted.add(text)
            self._role.add_to_policy(iam.PolicyStatement.from_json(statement))

    def _provider(self, code: lambda_.Code, last_word: lambda_.Function) -> tuple[lambda_.Function, iam.Role]:
        role, log_group = self._role_and_log_group("")
        role.add_to_policy(iam.PolicyStatement.from_json(allow("lambda:InvokeFunction", last_word.function_arn)))
        function = lambda_.Function(
            self,
            "Function",
            description="Creates and stops Bedrock batch inference jobs for CloudFormation",
            handler="model_invocation_job.index.handler",
            timeout=FUNCTION_TIMEOUT,
            memory_size=256,
            role=role.without_policy_updates(),
            log_group=log_group,
            code=code,
            **_RUNTIME,
        )
        function.configure_async_invoke(on_failure=destinations.LambdaDestination(last_word))
        return function, role

    def _last_word(self, code: lambda_.Code) -> lambda_.Function:
        role, log_group = self._role_and_log_group("LastWord")
        return lambda_.Function(
            self,
            "LastWord",
            description="Tells CloudFormation when the function for Bedrock batch inference jobs has died",
            handler="model_invocation_job.last_word.handler",
            timeout=Duration.minutes(1),
            memory_size=256,
            role=role.without_policy_updates(),
            log_group=log_group,
            code=code,
            **_RUNTIME,
        )

    def _role_and_log_group(self, prefix: str) -> tuple[iam.Role, logs.LogGroup]:
        log_group = logs.LogGroup(
            self, f"{prefix}Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        role = iam.Role(self, f"{prefix}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        # Not the managed policy: it may create log groups, and one made after a destroy blocks the next deploy.
        logging = allow(["logs:CreateLogStream", "logs:PutLogEvents"], log_group.log_group_arn)
        role.add_to_policy(iam.PolicyStatement.from_json(logging))
        return role, log_group


class _Runtime(TypedDict):
    runtime: lambda_.Runtime
    architecture: lambda_.Architecture


_RUNTIME: _Runtime = {"runtime": lambda_.Runtime.PYTHON_3_13, "architecture": lambda_.Architecture.ARM_64}
