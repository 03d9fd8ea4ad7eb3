"""The functions of a pipeline, its ledger, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import Fn
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk.cloudformation_include import CfnInclude
from constructs import Construct

from cdk_bedrock_batch._access.job_role import BEDROCK
from cdk_bedrock_batch._access.permissions import Permissions
from cdk_bedrock_batch._access.policies import growing
from cdk_bedrock_batch._access.statements import allow
from cdk_bedrock_batch._api.arn import any_job_arn, regional_arn
from cdk_bedrock_batch._cdk.lasting import lasting
from cdk_bedrock_batch._function.asset import pipeline_asset_folder
from cdk_bedrock_batch._function.provider import Provider
from cdk_bedrock_batch._pipeline.places import giving_up

if TYPE_CHECKING:
    from cdk_bedrock_batch._data.location import Location
    from cdk_bedrock_batch._pipeline.places import PipelinePlaces
    from cdk_bedrock_batch.model import BatchModel

_TEMPLATE = Path(__file__).with_name("pipeline.yaml")
# Which tags the jobs get, or none, is known when all else is: `Tags.of` counts to the end of synth.
_ON_JOBS = ["bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob", "bedrock:TagResource"]
_ON_LEDGER = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
#: Instead of a number of jobs: as many as the account may have, less those of others.
OF_ACCOUNT = "account"
_LAMBDA = "lambda.amazonaws.com"


@dataclass(frozen=True)
class Settings:
    """What the functions are told, as texts that may have tokens.

    Attributes
    ----------
    specification
        The jobs' call and names, as JSON.
    limits
        What a job takes, as JSON.
    max_concurrent_jobs
        A number, or ``account``.
    base_model
        The id that a quota counts by.
    deadline_seconds, max_records
        Numbers; 0 for none.
    rounds, tolerated_failures
        Numbers.
    on_demand, only_new, unique_ids, concurrent_runs
        ``true`` or ``false``.
    """

    specification: str
    limits: str
    max_concurrent_jobs: str
    base_model: str
    deadline_seconds: str
    max_records: str
    rounds: str
    on_demand: str
    tolerated_failures: str
    only_new: str
    unique_ids: str
    concurrent_runs: str


class Functions(Construct):
    """The functions, their log groups and the ledger, each with a role that may do what it does."""

    def __init__(self, scope: Construct, id: str, settings: Settings) -> None:
        super().__init__(scope, id)
        roles = {name: self._role(f"{name}Role") for name in ("Jobs", "Data", "Demand")}
        code = s3_assets.Asset(self, "Code", path=lasting(self, pipeline_asset_folder()))
        self._provider = Provider.of(self)
        self._made = CfnInclude(
            self,
            "Resources",
            template_file=str(_TEMPLATE),
            preserve_logical_ids=False,
            parameters={
                "CodeBucket": code.s3_bucket_name,
                "CodeKey": code.s3_object_key,
                **{f"{name}Role": role.role_arn for name, role in roles.items()},
                "Looks": self._provider.looks,
                "Specification": settings.specification,
                "Limits": settings.limits,
                "MaxConcurrentJobs": settings.max_concurrent_jobs,
                "BaseModel": settings.base_model,
                "DeadlineSeconds": settings.deadline_seconds,
                "MaxRecords": settings.max_records,
                "Rounds": settings.rounds,
                "OnDemand": settings.on_demand,
                "ToleratedFailures": settings.tolerated_failures,
                "OnlyNew": settings.only_new,
                "UniqueIds": settings.unique_ids,
                "ConcurrentRuns": settings.concurrent_runs,
            },
        )
        #: The ARNs of the functions: which makes jobs, which cuts and gathers, and which asks on demand.
        self.jobs_arn, self.data_arn, self.demand_arn = (self._arn(name) for name in roles)
        self._provider.let_look(self.jobs_arn)
        self._jobs, self._data, self._demand = (Permissions(growing(role)) for role in roles.values())
        for permissions, name in ((self._jobs, "Jobs"), (self._data, "Data"), (self._demand, "Demand")):
            # Not the managed policy: it may create log groups, and one made after a destroy blocks the next deploy.
            permissions.allow(allow(["logs:CreateLogStream", "logs:PutLogEvents"], self._arn(f"{name}Logs")))

    def let_run(self, model: BatchModel, role_arn: str, machine_arn: str, executions: str) -> None:
        """Let the function for jobs make jobs with a role, and tell a state machine's executions of their ends."""
        to_bedrock = {"StringEquals": {"iam:PassedToService": BEDROCK}}
        self._jobs.allow(allow(_ON_LEDGER, self._arn("Ledger")))
        self._jobs.allow(allow("bedrock:CreateModelInvocationJob", [any_job_arn(), *model.resource_arns()]))
        self._jobs.allow(allow(_ON_JOBS, any_job_arn()))
        # Has no resources of its own in the service authorization reference.
        self._jobs.allow(allow("bedrock:ListModelInvocationJobs", "*"))
        self._jobs.allow(allow("iam:PassRole", role_arn, to_bedrock))
        # Of the machine or of its Maps, whose tokens these are: which of them is asked for, nobody says.
        self._jobs.allow(allow("states:SendTaskSuccess", [machine_arn, f"{machine_arn}/*"]))
        self._jobs.allow(allow("states:DescribeExecution", executions))
        self._jobs.allow(allow("states:StartExecution", self._provider.looks))

    def let_read_quota(self, model: BatchModel) -> None:
        """Let the function for jobs read how many the account may have."""
        # Listing has no resources of its own in the service authorization reference.
        self._jobs.allow(allow("servicequotas:ListServiceQuotas", "*"))
        self._jobs.allow(allow("bedrock:GetFoundationModel", list(model.answering_arns)))

    def let_read_and_write(self, source: Location, places: PipelinePlaces, model: BatchModel) -> None:
        """Let the other functions read and write what they cut, gather and ask."""
        both = [*places.runs.reading(), *places.runs.writing(), *places.results.writing(), *giving_up(places.runs)]
        for statement in [*source.reading(), *places.results.reading(), *both, places.tidying()]:
            self._data.allow(statement)
        self._data.allow(allow("events:PutEvents", regional_arn("events", "event-bus/default")))
        for statement in [*both, *giving_up(places.results), *model.invoke_statements()]:
            self._demand.allow(statement)

    def _role(self, name: str) -> iam.Role:
        return iam.Role(self, name, assumed_by=iam.ServicePrincipal(_LAMBDA))

    def _arn(self, name: str) -> str:
        return Fn.get_att(self._made.get_resource(name).logical_id, "Arn").to_string()
