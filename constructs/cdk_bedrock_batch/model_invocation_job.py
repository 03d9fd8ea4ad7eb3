"""The construct: a Bedrock batch inference job that runs when the stack is deployed."""

from aws_cdk import CfnOutput, CustomResource, Duration, Names, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_bedrock_batch._buckets import data_bucket
from cdk_bedrock_batch._job_role import job_role
from cdk_bedrock_batch._properties import RESOURCE_TYPE, JobProperties, render
from cdk_bedrock_batch._provider import LONGEST_WAIT, SERVICE_TIMEOUT, Provider
from cdk_bedrock_batch._validation import check_hours, check_text, check_type
from cdk_bedrock_batch.data import BoundInput, InputData, OutputData
from cdk_bedrock_batch.invocation_type import InvocationType
from cdk_bedrock_batch.model import BatchModel
from cdk_bedrock_batch.wait import WaitUntil

#: The job's name is this prefix and two digests (26 characters); ``jobName`` has at most 63.
LONGEST_NAME_PREFIX = 37


class ModelInvocationJob(Construct):
    """A Bedrock batch inference job (API: model invocation job), submitted when the stack is deployed.

    Deploying again without a change makes no job. A change of the model, the role, the data, the timeout, the
    invocation type or ``run_token`` makes a new job, and the old one is stopped if it still runs. Deleting the
    resource stops a job that still runs. Results are never deleted unless ``removal_policy`` says so.

    Parameters
    ----------
    model
        What answers the records.
    input_data
        The records.
    output_data
        Where the results go. Default: a bucket of the construct's own.
    role
        What Bedrock assumes; it gets the permissions that the job needs. Default: a new role that only Bedrock can
        assume, and only for jobs of this account and Region.
    job_name
        How the job's name begins: up to 37 letters, digits and ``+ - .``. Default: from the construct's path.
    invocation_type
        The shape of the records' ``modelInput``. Default: the service's own, ``INVOKE_MODEL``.
    timeout
        24 to 168 hours after which Bedrock ends the job. Default: the service's own, 24 hours.
    wait_until
        How far the job must be before the deployment goes on. Default: ``VALIDATED``.
    wait_timeout
        1 second to 12 minutes: how long to wait for that; a job in good health at its end is a success. Default:
        10 minutes.
    run_token
        Change it to run the same job again. Default: none; the same specification is the same job.
    removal_policy
        Of the buckets that the construct makes; DESTROY also empties them. Default: RETAIN.
    stop_on_delete
        Whether a job that still runs is stopped when the resource goes. Default: True.
    output_job_arn
        Whether the stack has an output with the job's ARN. Default: True.

    Raises
    ------
    ValueError
        A value breaks a rule of the API (CreateModelInvocationJob); the text names the parameter and the rule.

    Examples
    --------
    >>> ModelInvocationJob(stack, "Summaries",
    ...     model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
    ...     input_data=InputData.from_file("prompts.jsonl"))  # doctest: +SKIP
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: BatchModel,
        input_data: InputData,
        output_data: OutputData | None = None,
        role: iam.IRole | None = None,
        job_name: str | None = None,
        invocation_type: InvocationType | None = None,
        timeout: Duration | None = None,
        wait_until: WaitUntil = WaitUntil.VALIDATED,
        wait_timeout: Duration | None = None,
        run_token: str | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        stop_on_delete: bool = True,
        output_job_arn: bool = True,
    ) -> None:
        check_type("model", model, BatchModel, 'BatchModel.foundation_model("amazon.nova-lite-v1:0")')
        check_type("input_data", input_data, InputData, 'InputData.from_file("prompts.jsonl")')
        check_type("wait_until", wait_until, WaitUntil, "WaitUntil.SUBMITTED")
        if invocation_type is not None:
            check_type("invocation_type", invocation_type, InvocationType, "InvocationType.CONVERSE")
        if run_token is not None:
            check_type("run_token", run_token, str, '"2"')
        if job_name is not None:
            _check_job_name(job_name)
        hours = None if timeout is None else check_hours("timeout", timeout, "timeoutDurationInHours")
        wait_seconds = _checked_wait(wait_timeout or Duration.minutes(10))
        super().__init__(scope, id)

        bound_input = input_data.bind(self, lambda: data_bucket(self, "InputBucket", removal_policy))
        output_data = output_data or OutputData.to_bucket(data_bucket(self, "OutputBucket", removal_policy))
        bound_output = output_data.bind(self)
        self.role: iam.IRole = role or job_role(self)
        self.input_bucket: s3.IBucket = bound_input.bucket
        self.output_bucket: s3.IBucket = bound_output.bucket

        self._provider = Provider.of(self)
        self._provider.allow_submitting(model, self.role)
        self._resource = self._make_resource(
            JobProperties(
                model_id=model.model_id,
                role_arn=self.role.role_arn,
                input_uri=bound_input.uri,
                output_uri=bound_output.uri,
                name_prefix=job_name or _name_prefix(self),
                staged=self._stage(bound_input),
                wait_until=wait_until,
                wait_seconds=wait_seconds,
                stop_on_delete=stop_on_delete,
                timeout_hours=hours,
                invocation_type=invocation_type,
                run_token=run_token,
            )
        )
        self._permit([*bound_input.role_statements, *bound_output.role_statements, *model.invoke_statements(self)])
        if output_job_arn:
            CfnOutput(self, "JobArn", value=self.job_arn, description="The ARN of the batch inference job")

    @property
    def job_arn(self) -> str:
        """The job's ARN; whoever uses it waits for the job as far as ``wait_until`` says."""
        return self._resource.get_att_string("JobArn")

    @property
    def job_id(self) -> str:
        """The last part of the job's ARN, twelve characters."""
        return self._resource.get_att_string("JobId")

    @property
    def job_name(self) -> str:
        """The job's name in Bedrock."""
        return self._resource.get_att_string("JobName")

    @property
    def job_status(self) -> str:
        """The job's state when CloudFormation last looked, such as ``Scheduled``."""
        return self._resource.get_att_string("JobStatus")

    @property
    def output_uri(self) -> str:
        """The S3 URI below which Bedrock writes this job's results, job id included, ending in ``/``."""
        return self._resource.get_att_string("OutputUri")

    def _make_resource(self, properties: JobProperties) -> CustomResource:
        resource = CustomResource(
            self,
            "Resource",
            resource_type=RESOURCE_TYPE,
            service_token=self._provider.service_token,
            service_timeout=SERVICE_TIMEOUT,
            properties=render(properties),
        )
        # With their policies: data can be read when the job starts, and until it has been stopped; and whoever answers
        # for a dead function is there as long as the function.
        resource.node.add_dependency(self.input_bucket, self.output_bucket, self.role, self._provider)
        return resource

    def _stage(self, data: BoundInput) -> list[tuple[str, str]]:
        for staged in data.staged:
            self._provider.allow_staging(staged.asset, data.bucket.arn_for_objects(staged.target_key))
        return [(s.asset.s3_object_url, data.bucket.s3_url_for_object(s.target_key)) for s in data.staged]

    def _permit(self, statements: list[iam.PolicyStatement]) -> None:
        if Stack.of(self.role).node.addr != Stack.of(self).node.addr:
            # In the role's own stack the statements would name this stack's buckets: each would wait for the other.
            policy = iam.Policy(self, "JobRolePolicy", statements=statements, roles=[self.role])
            self._resource.node.add_dependency(policy)
            return
        for statement in statements:
            added = self.role.add_to_principal_policy(statement)
            if added.policy_dependable:
                self._resource.node.add_dependency(added.policy_dependable)


def _check_job_name(name: str) -> None:
    check_text("job_name", name, "jobName", advice="use letters, digits and + - . only")
    if len(name) > LONGEST_NAME_PREFIX:
        raise ValueError(
            f"'job_name' must have at most {LONGEST_NAME_PREFIX} characters, got {len(name)} in {name!r}: "
            "the rest of the job's name is what it is recognised by"
        )


def _checked_wait(wait: Duration) -> int | float:
    check_type("wait_timeout", wait, Duration, "Duration.minutes(5)")
    seconds = wait.to_seconds(integral=False)
    if not 1 <= seconds <= LONGEST_WAIT.to_seconds():
        raise ValueError(
            f"'wait_timeout' must be 1 second to {LONGEST_WAIT.to_minutes():g} minutes, got {seconds:g} seconds"
        )
    return int(seconds)


def _name_prefix(scope: Construct) -> str:
    return Names.unique_resource_name(scope, max_length=LONGEST_NAME_PREFIX, separator="-")
