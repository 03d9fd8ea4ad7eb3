"""The stack's one function behind all of its jobs."""

import tempfile
from pathlib import Path

from aws_cdk import Aws, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct, IConstruct

from cdk_bedrock_batch._assets import write_asset
from cdk_bedrock_batch._job_role import any_job_arn
from cdk_bedrock_batch.model import BatchModel

#: The longest that Lambda lets a function run.
FUNCTION_TIMEOUT = Duration.minutes(15)
#: The longest wait that leaves the function time to submit before and to answer after it.
LONGEST_WAIT = Duration.minutes(12)
#: CloudFormation's patience with a function that dies: two tries of the longest kind, not the default hour.
SERVICE_TIMEOUT = Duration.minutes(30)

_ID = "BedrockBatchProvider"


class Provider(Construct):
    """The function that answers for every `ModelInvocationJob` of a stack, and what it may do."""

    @classmethod
    def of(cls, scope: IConstruct) -> "Provider":
        """Return the provider of the stack, made at the first call."""
        stack = Stack.of(scope)
        existing = stack.node.try_find_child(_ID)
        return existing if isinstance(existing, Provider) else cls(stack, _ID)

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        self._role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        # Not the managed policy: it may create log groups, and one made after a destroy blocks the next deploy.
        self._allow(["logs:CreateLogStream", "logs:PutLogEvents"], log_group.log_group_arn)
        self._allow(["bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob"], any_job_arn(self))
        # To see whether CloudFormation gave up on a resource while its job was being made.
        self._allow(["cloudformation:DescribeStackResource"], Aws.STACK_ID)
        # Has no resources of its own in the service authorization reference.
        self._allow(["bedrock:ListModelInvocationJobs"], "*")
        self._function = self._make_function(log_group)

    @property
    def service_token(self) -> str:
        """What CloudFormation calls."""
        return self._function.function_arn

    def allow_submitting(self, model: BatchModel, role: iam.IRole) -> None:
        """Let the function create jobs for a model with a service role."""
        self._allow(["bedrock:CreateModelInvocationJob"], any_job_arn(self), *model.resource_arns(self))
        to_bedrock = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
        self._role.add_to_policy(
            iam.PolicyStatement(actions=["iam:PassRole"], resources=[role.role_arn], conditions=to_bedrock)
        )

    def allow_staging(self, asset: s3_assets.Asset, target_arn: str) -> None:
        """Let the function copy one published asset to one key."""
        self._allow(["s3:GetObject"], asset.bucket.arn_for_objects(asset.s3_object_key))
        self._allow(["s3:PutObject"], target_arn)

    def _allow(self, actions: list[str], *arns: str) -> None:
        self._role.add_to_policy(iam.PolicyStatement(actions=actions, resources=list(arns)))

    def _make_function(self, log_group: logs.ILogGroup) -> lambda_.Function:
        with tempfile.TemporaryDirectory() as folder:
            write_asset(Path(folder))
            return lambda_.Function(
                self,
                "Function",
                description="Creates and stops Bedrock batch inference jobs for CloudFormation",
                runtime=lambda_.Runtime.PYTHON_3_13,
                architecture=lambda_.Architecture.ARM_64,
                handler="model_invocation_job.index.handler",
                code=lambda_.Code.from_asset(folder),
                memory_size=256,
                timeout=FUNCTION_TIMEOUT,
                role=self._role.without_policy_updates(),
                log_group=log_group,
            )
