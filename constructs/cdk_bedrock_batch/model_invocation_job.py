"""The construct: a Bedrock batch inference job that runs when the stack is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Tags
from constructs import Construct

from cdk_bedrock_batch._access.job_role import is_of_stack, job_role
from cdk_bedrock_batch._access.network import choose_network
from cdk_bedrock_batch._access.reported import is_reported
from cdk_bedrock_batch._cdk.shared import path_of
from cdk_bedrock_batch._function.properties import JobProperties
from cdk_bedrock_batch._function.provider import Provider
from cdk_bedrock_batch._job.cli_input import read_cli_input
from cdk_bedrock_batch._job.deployed import DeployedJob
from cdk_bedrock_batch._job.ending import Awaited, Ending, may_outlive
from cdk_bedrock_batch._job.first_look import annotate, first_look
from cdk_bedrock_batch._job.name import words_of
from cdk_bedrock_batch._job.parameters import (
    check_choices,
    check_constructs,
    check_data,
    check_end,
    check_switches,
    check_texts,
    days_of,
    hours_of,
    seconds_of,
)
from cdk_bedrock_batch._job.places import bind, own_buckets
from cdk_bedrock_batch.model import BatchModel, Invokable
from cdk_bedrock_batch.wait import WaitUntil

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms

    from cdk_bedrock_batch.input_data import InputData
    from cdk_bedrock_batch.invocation_type import InvocationType
    from cdk_bedrock_batch.output_data import OutputData


class ModelInvocationJob(DeployedJob):
    """A Bedrock batch inference job (API: model invocation job), submitted when the stack is deployed.

    Deploying again without a change makes no job. A change of the model, the data, the invocation type,
    ``client_request_token`` or ``run_token`` makes a new job, and the old one is stopped if it still runs. So does a
    change of the role, the network or the timeout, unless the job has completed. Under another id or scope, or in
    another stack, CloudFormation takes it for another resource, which makes a new job. ``Tags.of(job)`` reaches the
    job; tags change in place. Deleting the resource stops a job that still runs. Results are never deleted unless
    ``removal_policy`` or ``results_retention`` says so.

    Parameters
    ----------
    model
        What answers the records: a `BatchModel`, or a model or inference profile of ``aws_cdk.aws_bedrock_alpha``.
    input_data
        The records.
    output_data
        Where the results go. Default: a folder of the job's own in a bucket that the stack's jobs share.
    encryption_key
        KMS key of the buckets that the construct makes, and of the results where ``output_data`` has none of its own.
        Default: S3's own keys.
    role
        What Bedrock assumes; it gets the permissions that the job needs. Default: a new role that only Bedrock can
        assume, and only for jobs of this account and Region.
    job_name
        How the job's name begins: up to 28 letters, digits and ``+ - .``; a change counts from the next job on.
        Default: from the construct's path.
    client_request_token
        Sent as it is (``clientRequestToken``): up to 256 letters, digits and hyphens; another one asks for another
        job. Default: one that is derived from the stack, the resource and the specification.
    invocation_type
        The shape of the records' ``modelInput``. Default: the service's own, ``INVOKE_MODEL``.
    timeout
        24 to 168 hours after which Bedrock ends the job. Default: the service's own, 24 hours.
    vpc
        Through which the job reaches its data. Default: none.
    vpc_subnets
        Which subnets of it, at most 16. Default: one private subnet in each Availability Zone.
    security_groups
        Of the job's network interfaces, at most 5. Default: a new one that lets everything out.
    wait_until
        How far the job must be before the deployment goes on. Default: ``VALIDATED``.
    wait_timeout
        How long to wait for that, in whole seconds; not with ``WaitUntil.SUBMITTED``. 1 second to 12 minutes, default
        10 minutes: a job in good health at its end is a success. With ``WaitUntil.FINISHED`` 1 second to 12 hours,
        default 12 hours: without results the deployment fails, and the job goes on where its data and its role stay,
        for the next deployment to take it.
    accept_partial_completion
        Whether results of some of the records are good enough for ``WaitUntil.FINISHED``. Default: False.
    run_token
        Change it to run the same job again. Default: none; the same specification is the same job.
    results_retention
        Whole days after which S3 deletes what is in the job's folder for results, those of all its runs: by a lifecycle
        rule, which stays with a bucket that outlives the stack. The bucket must be one of this app, the folder the
        job's alone. A change of it makes no new job. Default: results are kept.
    removal_policy
        Of the buckets that the construct makes, alike for all jobs of a stack. RETAIN keeps them, but for those of a
        deployment that failed and that hold nothing of the user's; so does RETAIN_ON_UPDATE_OR_DELETE. DESTROY also
        empties them. Default: RETAIN.
    stop_on_delete
        Whether a job that still runs is stopped when the resource goes. With False, the role that the construct makes
        stays, with its policies. Default: True.
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
        model: BatchModel | Invokable,
        input_data: InputData,
        output_data: OutputData | None = None,
        encryption_key: kms.IKey | None = None,
        role: iam.IRole | None = None,
        job_name: str | None = None,
        client_request_token: str | None = None,
        invocation_type: InvocationType | None = None,
        timeout: Duration | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        wait_until: WaitUntil = WaitUntil.VALIDATED,
        wait_timeout: Duration | None = None,
        accept_partial_completion: bool = False,
        run_token: str | None = None,
        results_retention: Duration | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        stop_on_delete: bool = True,
        output_job_arn: bool = True,
    ) -> None:
        self._model = BatchModel.of(model)
        check_data(input_data, output_data)
        check_texts(job_name, client_request_token, run_token)
        check_choices(invocation_type, wait_until, removal_policy)
        check_switches(
            accept_partial_completion=accept_partial_completion,
            stop_on_delete=stop_on_delete,
            output_job_arn=output_job_arn,
        )
        check_constructs(scope, encryption_key, role)
        check_end(wait_until, accept_partial_completion=accept_partial_completion)
        hours, wait_seconds, days = hours_of(timeout), seconds_of(wait_timeout, wait_until), days_of(results_retention)
        chosen, kept = choose_network(vpc, vpc_subnets, security_groups), not stop_on_delete
        said = first_look(
            scope, self._model, input_data, output_data, invocation_type, encryption_key=encryption_key, network=chosen
        )
        super().__init__(scope, id)
        annotate(self, said)

        source, place = bind(
            self,
            input_data,
            output_data,
            own_name=self._settle_names(job_name),
            encryption_key=encryption_key,
            removal_policy=removal_policy,
            stop_on_delete=stop_on_delete,
            retention_days=days,
        )
        network = chosen.complete(self, kept=kept) if chosen else None
        self._input, self._output, self._wait_until = source.location, place.location, wait_until
        awaited, places = wait_until is WaitUntil.FINISHED, [source.readable, place.location]
        outlives = awaited and not kept and may_outlive(self, places, network, role)
        self.role = role or job_role(self, Provider.of(self), kept=kept or outlives)
        ending = Awaited(self, self.role, own_role=not role, kept=kept, outlives=outlives) if awaited else Ending()
        properties = JobProperties(
            model_id=self._model.model_id,
            role_arn=self.role.role_arn,
            input_uri=self._input.uri,
            input_bucket_owner=self._input.owner,
            output_uri=self._output.uri,
            output_bucket_owner=self._output.owner,
            output_encryption_key_id=place.encryption_key.key_arn if place.encryption_key else None,
            client_request_token=client_request_token,
            vpc_config=network.config if network else None,
            timeout_hours=hours,
            invocation_type=invocation_type,
            name_prefix=f"{job_name or words_of(path_of(self))}-{self._owner}",
            role_of_stack=is_of_stack(self.role, self),
            run_token=run_token,
            staged=[(each.source_uri, each.target.uri, each.size_in_parts) for each in source.staged],
            stop_on_delete=stop_on_delete,
            tags=self._tags.rendered_tags,
            wait_until=wait_until,
            wait_seconds=wait_seconds,
            accept_partial_completion=accept_partial_completion,
            own_buckets=own_buckets(places),
        )
        self._resource = Provider.of(self).job(
            self, self._model, source, self._output, ending.tell(properties), made_here=not (role or is_reported(self))
        )
        permitted = self._let_run(source, network, given=role is not None, kept=kept, outlives=outlives)
        self._results = ending.follow(self._resource, permitted)
        if output_job_arn:
            CfnOutput(self, "JobArn", value=self.job_arn, description="The ARN of the batch inference job")

    @classmethod
    def from_cli_input_json(cls, scope: Construct, id: str, path: str | os.PathLike[str], **parameters: object) -> Self:
        """Make a job of the file that ``aws bedrock create-model-invocation-job --cli-input-json`` takes.

        Every field counts. ``jobName`` is how the name begins (28 characters of it), for a name can be used only once.
        The role gets the permissions that the job needs.

        Parameters
        ----------
        scope, id
            As of every construct.
        path
            Of the file, as ``--generate-cli-skeleton`` prints it, filled in; fields that are not wanted are removed.
        parameters
            Those of this class that the API does not know, such as ``wait_until``, or that replace what the file says,
            such as ``model=BatchModel.application_inference_profile(arn, model_arns=[...])``.

        Raises
        ------
        ValueError
            The file cannot be read, has a field that the API does not know or one that is empty, or breaks a rule of
            the API.
        """
        given = read_cli_input(path)
        # What a construct is made of must have a place in the tree, which the job itself is yet to be.
        job = cls(scope, id, **{**given.parameters(Construct(scope, f"{id}Input")), **parameters})
        for key, value in given.tags.items():
            Tags.of(job).add(key, value)
        return job
