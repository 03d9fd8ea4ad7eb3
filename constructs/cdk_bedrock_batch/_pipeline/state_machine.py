"""The state machine of a pipeline, what it may do, and what tells its functions of ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_cdk import CfnResource
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_bedrock_batch._access.statements import allow, document
from cdk_bedrock_batch._api.arn import regional_arn
from cdk_bedrock_batch._api.job_events import DETAIL_TYPE, ENDED, SOURCE
from cdk_bedrock_batch._cdk import pseudo
from cdk_bedrock_batch._function.ends import tell_function
from cdk_bedrock_batch._pipeline.definition import Definition
from cdk_bedrock_batch._pipeline.run_events import EXECUTION_CHANGED, without_success

if TYPE_CHECKING:
    from constructs import IDependable

    from cdk_bedrock_batch._function.provider import Provider
    from cdk_bedrock_batch._pipeline.functions import Functions
    from cdk_bedrock_batch._pipeline.places import PipelinePlaces


class StateMachine(Construct):
    """The machine with its role.

    Parameters
    ----------
    functions
        What it calls.
    places
        Where it reads what to work on.
    """

    def __init__(self, scope: Construct, id: str, functions: Functions, places: PipelinePlaces) -> None:
        super().__init__(scope, id)
        #: What it calls.
        self.functions = functions
        self._role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "states.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": pseudo.account()}}
            ),
        )
        called = functions.jobs_arn, functions.data_arn, functions.demand_arn
        definition = Definition(*called, places.output.name, places.runs_key)
        #: The resource.
        self.resource = CfnResource(
            self,
            "Resource",
            type="AWS::StepFunctions::StateMachine",
            properties={
                "StateMachineType": "STANDARD",
                "RoleArn": self._role.role_arn,
                # As a text: of an object CDK leaves out what is null or empty, which means something here.
                "DefinitionString": json.dumps(definition.render()),
            },
        )
        #: Its ARN.
        self.arn = self.resource.ref
        name = self.resource.get_att("Name").to_string()
        #: The ARN pattern of its executions, and of those of its Maps' children.
        self.executions = regional_arn("states", f"execution:{name}:*")
        # As the function names them: model_invocation_job/runs/run.py.
        self._deployed = regional_arn("states", f"execution:{name}:deployed-*")
        self._children = regional_arn("states", f"execution:{name}/*:*")
        self._let_run(places)

    def _let_run(self, places: PipelinePlaces) -> None:
        """Allow what a machine with Distributed Maps needs: to begin children, to end them, and to take them up again.

        Source: "IAM policies for using Distributed Map states" in the Step Functions developer guide. Only to take them
        up again it names the children; CDK's own machines do as it does, and run.
        """
        functions = self.functions
        statements = [
            allow("lambda:InvokeFunction", [functions.jobs_arn, functions.data_arn, functions.demand_arn]),
            *places.runs.reading(),
            allow(["states:StartExecution"], self.arn),
            allow(["states:DescribeExecution", "states:StopExecution"], self.executions),
            allow("states:RedriveExecution", self._children),
        ]
        # It names the machine, so it comes after it.
        iam.Policy(self, "Policy", document=document(statements), roles=[self._role])

    def let_deploy(self, provider: Provider) -> list[IDependable]:
        """Let the stack's function run it for a deployment, and return what must be there before it can."""
        runs = [
            allow(["states:ListExecutions", "states:StartExecution"], self.arn),
            allow(["states:DescribeExecution", "states:RedriveExecution", "states:StopExecution"], self._deployed),
        ]
        return [each for statement in runs for each in provider.role.allow(statement, self)]

    def tell_of_ends(self, job_names: str) -> None:
        """Have the function for jobs told of jobs that are over, and of executions that nothing else speaks for.

        No state of an execution runs that was stopped.

        Parameters
        ----------
        job_names
            A wildcard that the names of all jobs of the pipeline match, and no others.
        """
        over = {"status": ENDED, "batchJobName": [{"wildcard": job_names}]}
        jobs = {"source": [SOURCE], "detail-type": [DETAIL_TYPE], "detail": over}
        source, kind = EXECUTION_CHANGED
        # Or that go on although they were stopped: nobody looks at them any more then.
        changed = without_success(self.arn)
        changed["status"] = [*changed["status"], "RUNNING"]
        runs = {"source": [source], "detail-type": [kind], "detail": changed}
        function = self.functions.jobs_arn
        tell_function(self, "JobEnds", function, jobs, "Tells a batch inference pipeline that a job is over")
        tell_function(
            self, "RunChanges", function, runs, "Tells a batch inference pipeline that a run was stopped, or redriven"
        )
