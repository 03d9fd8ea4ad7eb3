"""The construct: a dataset of any size, run as many Bedrock batch inference jobs when an execution is started."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, RemovalPolicy

from bedrock_batch import RecordLimits
from cdk_bedrock_batch._access.job_role import job_role
from cdk_bedrock_batch._access.network import choose_network
from cdk_bedrock_batch._cdk.shared import stack_of
from cdk_bedrock_batch._function.properties import JobCall, render_call
from cdk_bedrock_batch._function.provider import Provider
from cdk_bedrock_batch._job.first_look import annotate, first_look
from cdk_bedrock_batch._job.name import owner_of, unique_name, words_of
from cdk_bedrock_batch._job.parameters import (
    check_choices,
    check_constructs,
    check_data,
    check_switches,
    hours_of,
)
from cdk_bedrock_batch._job.places import bind
from cdk_bedrock_batch._pipeline.functions import OF_ACCOUNT, Functions, Settings
from cdk_bedrock_batch._pipeline.observed import ObservedPipeline
from cdk_bedrock_batch._pipeline.parameters import (
    LONGEST_WORDS,
    check_names_and_limits,
    check_numbers,
    check_places,
    check_runs,
    seconds_to,
)
from cdk_bedrock_batch._pipeline.places import PipelinePlaces
from cdk_bedrock_batch._pipeline.results_table import ResultsTable
from cdk_bedrock_batch._pipeline.state_machine import StateMachine
from cdk_bedrock_batch.model import BatchModel, Invokable
from cdk_bedrock_batch.wait import WaitUntil

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Duration
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from cdk_bedrock_batch.input_data import InputData
    from cdk_bedrock_batch.invocation_type import InvocationType
    from cdk_bedrock_batch.output_data import OutputData


class BatchInferencePipeline(ObservedPipeline):
    """A dataset of any size, run as many Bedrock batch inference jobs by a Step Functions state machine.

    An execution of the machine reads all JSONL files below a prefix, cuts them into shards that jobs take, runs a job
    for each, as many at once as may, asks again what failed for a cause that passes, and sums up what came of it.

    Parameters
    ----------
    model
        What answers the records: a `BatchModel`, or a model or inference profile of ``aws_cdk.aws_bedrock_alpha``.
    input_data
        The records: ``InputData.from_bucket`` or ``from_uri``. They are read when an execution begins.
    output_data
        Where everything goes: results below ``results/<run>/``, what belongs to a run below ``runs/<run>/``. Default: a
        folder of the pipeline's own in a bucket that the stack's jobs share.
    encryption_key
        KMS key of the buckets that the construct makes, and of the results where ``output_data`` has none of its own.
        Default: S3's own keys.
    role
        What Bedrock assumes; it gets the permissions that the jobs need. Default: a new role that only Bedrock can
        assume, and only for jobs of this account and Region.
    job_name
        How the names of the jobs begin: up to 19 letters, digits and ``+ - .``. Default: from the construct's path.
    invocation_type
        The shape of the records' ``modelInput``. Default: the service's own, ``INVOKE_MODEL``.
    timeout
        24 to 168 hours after which Bedrock ends a job. Default: the service's own, 24 hours.
    vpc
        Through which the jobs reach their data. Default: none.
    vpc_subnets
        Which subnets of it, at most 16. Default: one private subnet in each Availability Zone.
    security_groups
        Of the jobs' network interfaces, at most 5. Default: a new one that lets everything out.
    max_concurrent_jobs
        How many jobs may run at once. Default: as many as the account's quota for the base model says ("Sum of
        in-progress and submitted batch inference jobs" in Service Quotas, read when a run begins; 20 where it cannot be
        read), less those that others have running, which are counted every few minutes.
    max_records
        More records than these are refused before a job is made. Default: any number.
    deadline
        Whole minutes after which a run makes no further job: those that run are stopped within five minutes, and what
        is missing is asked on demand if ``on_demand`` is True. Default: none.
    rounds
        How many rounds of jobs a run has at most: records that failed for a cause that passes, or were not processed,
        are asked again in the next one. Default: 3.
    on_demand
        Whether what is left and too little for a job is asked on demand (InvokeModel, or Converse as the records are),
        at twice the price of a job. Default: True.
    tolerated_failures
        The share of the records, 0 to 1, that may stay without an answer in a run that succeeds. Default: 0.01.
    only_new
        Whether a run takes only what the last one that succeeded has not seen: objects that are new, or have been
        replaced. One that finds nothing new succeeds, with a summary that counts none. Default: False, all of them.
    unique_ids
        Whether a run is refused, before a job is made, when two of its records have one ``recordId``. Default: False,
        only those of one job; the summary counts the others.
    concurrent_runs
        Whether several runs may go on at once; together they have no more jobs than one may have. Default: False, an
        execution that begins while a run goes on fails at once, and the run goes on.
    limits
        What a job takes; quotas differ by model and account. Default: the published ones of the model.
    results_table
        Whether Athena can read the results: by a Glue database, which the stack's output names, with a view
        ``results`` of one row a record. A query names its runs: ``WHERE run = 'monday'``. Default: False.
    removal_policy
        Of the buckets that the construct makes, alike for all jobs of a stack. Default: RETAIN.

    Raises
    ------
    ValueError
        A value breaks a rule of the API (CreateModelInvocationJob); the text names the parameter and the rule.

    Examples
    --------
    >>> BatchInferencePipeline(stack, "Nightly",
    ...     model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
    ...     input_data=InputData.from_bucket(articles, "incoming/"),
    ...     output_data=OutputData.to_bucket(summaries, "nightly"))  # doctest: +SKIP
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
        invocation_type: InvocationType | None = None,
        timeout: Duration | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        max_concurrent_jobs: int | None = None,
        max_records: int | None = None,
        deadline: Duration | None = None,
        rounds: int = 3,
        on_demand: bool = True,
        tolerated_failures: float = 0.01,
        only_new: bool = False,
        unique_ids: bool = False,
        concurrent_runs: bool = False,
        limits: RecordLimits | None = None,
        results_table: bool = False,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        self._model, self._given_role, self._concurrent_runs = BatchModel.of(model), role, concurrent_runs
        check_data(input_data, output_data)
        check_names_and_limits(job_name, limits)
        check_choices(invocation_type, WaitUntil.SUBMITTED, removal_policy)
        check_constructs(scope, encryption_key, role)
        check_numbers(max_concurrent_jobs, max_records, rounds, tolerated_failures)
        check_switches(on_demand=on_demand, only_new=only_new, unique_ids=unique_ids, results_table=results_table)
        check_runs(concurrent_runs, only_new=only_new)
        hours, chosen = hours_of(timeout), choose_network(vpc, vpc_subnets, security_groups)
        said = first_look(
            scope, self._model, input_data, output_data, invocation_type, encryption_key=encryption_key, network=chosen
        )
        super().__init__(scope, id)
        stack = stack_of(scope)
        annotate(self, said)

        self._source, place = bind(
            self,
            input_data,
            output_data,
            own_name=unique_name(self),
            encryption_key=encryption_key,
            removal_policy=removal_policy,
            stop_on_delete=True,
            retention_days=None,
        )
        check_places(self, self._source, place.location)
        self._places = PipelinePlaces(place.location)
        self._table = ResultsTable(self, "ResultsTable", self._places.results) if results_table else None
        network = chosen.complete(self, kept=False) if chosen else None
        #: The role that Bedrock assumes.
        self.role = role or job_role(self, Provider.of(self), kept=False)
        self._call = JobCall(
            model_id=self._model.model_id,
            role_arn=self.role.role_arn,
            input_uri=self._source.location.uri,
            input_bucket_owner=self._source.location.owner,
            output_uri=place.location.uri,
            output_bucket_owner=place.location.owner,
            output_encryption_key_id=place.encryption_key.key_arn if place.encryption_key else None,
            vpc_config=network.config if network else None,
            timeout_hours=hours,
            invocation_type=invocation_type,
        )
        owner = owner_of(stack, lambda: self._machine.resource)
        self._prefix = f"{job_name or words_of(self.node.path, LONGEST_WORDS)}-{owner}"
        settings = Settings(
            specification=stack.to_json_string(
                {"JobNamePrefix": self._prefix, "Job": render_call(self._call), "Tags": self._tags.rendered_tags}
            ),
            limits=stack.to_json_string(asdict(limits or RecordLimits.of_model(self._model.base_id))),
            max_concurrent_jobs=str(max_concurrent_jobs or OF_ACCOUNT),
            base_model=self._model.base_id,
            deadline_seconds=str(seconds_to(deadline)),
            max_records=str(max_records or 0),
            rounds=str(rounds),
            on_demand=str(on_demand).lower(),
            tolerated_failures=str(tolerated_failures),
            only_new=str(only_new).lower(),
            unique_ids=str(unique_ids).lower(),
            concurrent_runs=str(concurrent_runs).lower(),
        )
        self._machine = self._make_machine(settings, f"*-{owner}-*")
        self._let_run(network)

    def _make_machine(self, settings: Settings, job_names: str) -> StateMachine:
        functions = Functions(self, "Functions", settings)
        machine = StateMachine(self, "StateMachine", functions, self._places)
        machine.tell_of_ends(job_names)
        functions.let_run(self._model, self._call.role_arn, machine.arn, machine.executions)
        if settings.max_concurrent_jobs == OF_ACCOUNT:
            functions.let_read_quota(self._model)
        functions.let_read_and_write(self._source.readable, self._places, self._model)
        CfnOutput(self, "StateMachineArn", value=machine.arn, description="Each execution runs the pipeline")
        return machine
