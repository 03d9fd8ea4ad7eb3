"""An account with one deployed stack, and an assembly with the stack that is to be: what a plan is made of."""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from bedrock_batch import Plan, plan_deployment

ACCOUNT, REGION = "111122223333", "us-east-1"
STACK_ID = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/Stack/0a1b"
#: Of a stack that is nested in it, and that nobody can read.
NESTED_ID = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/Stack-Nested/0a1c"
JOB = "Numbers114013F5"
_GOLDEN = Path(__file__).parents[3] / "snapshots" / "golden"

Template = dict[str, Any]


def golden(name: str = "minimal") -> Template:
    """The template of an example, as it was synthesized."""
    template: Template = json.loads((_GOLDEN / f"{name}.template.json").read_text(encoding="utf-8"))
    return template


def changed(template: Template, change: Callable[[Template], object]) -> Template:
    other = copy.deepcopy(template)
    change(other)
    return other


def job(template: Template, name: str = JOB) -> dict[str, Any]:
    properties: dict[str, Any] = template["Resources"][name]["Properties"]
    return properties


def arn_of(job_id: str = "abcdefghwxyz") -> str:
    return f"arn:aws:bedrock:{REGION}:{ACCOUNT}:model-invocation-job/{job_id}"


@dataclass
class Account:
    """What the services tell.

    Attributes
    ----------
    deployed
        The template of the stack that is there; None for none.
    status
        That of its jobs.
    left
        The types of resources that there are, although the deployed template does not have them.
    jobs
        Further jobs that there are, by their ARNs.
    """

    deployed: Template | None = None
    stack_status: str = "UPDATE_COMPLETE"
    status: str = "InProgress"
    parameters: Mapping[str, str] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_protected: bool = False
    left: Mapping[str, str] = field(default_factory=dict)
    executions: dict[str, dict[str, Any]] = field(default_factory=dict)
    resource_status: Mapping[str, str] = field(default_factory=dict)
    s3: Any = None

    def client(self, service: str, _region: str | None) -> Any:
        return self.s3 if service == "s3" else getattr(self, f"_{service}")()

    def _sts(self) -> Any:
        return SimpleNamespace(
            get_caller_identity=lambda: {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/somebody"}
        )

    def _cloudformation(self) -> Any:
        def described(StackName: str) -> dict[str, Any]:  # noqa: N803 - the API's name
            if self.deployed is None or StackName == NESTED_ID:
                raise refused("ValidationError", "Stack with id Stack does not exist")
            given = [{"ParameterKey": key, "ParameterValue": value} for key, value in self.parameters.items()]
            stack = {"StackId": STACK_ID, "StackStatus": self.stack_status, "Parameters": given}
            return {"Stacks": [{**stack, "EnableTerminationProtection": self.is_protected}]}

        def pages(**_: str) -> list[dict[str, Any]]:
            return [{"StackResourceSummaries": self._resources()}]

        return SimpleNamespace(
            meta=SimpleNamespace(region_name=REGION),
            describe_stacks=described,
            get_template=lambda StackName, TemplateStage: {  # noqa: ARG005, N803 - the API's names
                "TemplateBody": self.deployed if TemplateStage == "Original" else {"Resources": {}}
            },
            get_paginator=lambda _: SimpleNamespace(paginate=pages),
        )

    def _resources(self) -> list[dict[str, str]]:
        there = self.deployed["Resources"] if isinstance(self.deployed, dict) else {JOB: golden()["Resources"][JOB]}
        left = {name: {"Type": kind} for name, kind in self.left.items()}
        return [
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": _physical_id(name, resource["Type"]),
                "ResourceType": resource["Type"],
                "ResourceStatus": self.resource_status.get(name, "CREATE_COMPLETE"),
            }
            for name, resource in {**there, **left}.items()
            if isinstance(resource, dict)
        ]

    def _bedrock(self) -> Any:
        def got(jobIdentifier: str) -> dict[str, Any]:  # noqa: N803 - the API's name
            if jobIdentifier in self.jobs:
                return {"jobArn": jobIdentifier, "modelId": "m", **self.jobs[jobIdentifier]}
            if self.status == "gone":
                raise refused("ResourceNotFoundException", "no such job")
            return {"jobArn": jobIdentifier, "jobName": "x", "status": self.status, "modelId": "m"}

        def pages(nameContains: str, **_: str) -> list[dict[str, Any]]:  # noqa: N803 - the same
            found = [{"jobArn": arn, **each} for arn, each in self.jobs.items() if nameContains in each["jobName"]]
            return [{"invocationJobSummaries": found}]

        return SimpleNamespace(
            get_model_invocation_job=got,
            list_tags_for_resource=lambda resourceARN: {"tags": self.jobs.get(resourceARN, {}).get("tags", [])},  # noqa: N803 - the same
            get_paginator=lambda _: SimpleNamespace(paginate=pages),
        )

    def _stepfunctions(self) -> Any:
        class ExecutionDoesNotExist(Exception):  # noqa: N818 - boto3's name
            pass

        def described(executionArn: str) -> dict[str, Any]:  # noqa: N803 - the API's name
            if executionArn not in self.executions:
                raise ExecutionDoesNotExist
            return {"executionArn": executionArn, **self.executions[executionArn]}

        running = [{"executionArn": arn} for arn, each in self.executions.items() if each["status"] == "RUNNING"]
        return SimpleNamespace(
            exceptions=SimpleNamespace(ExecutionDoesNotExist=ExecutionDoesNotExist),
            describe_execution=described,
            list_executions=lambda **_: {"executions": running},
        )

    def plan(self, folder: Path, template: Template, files: Mapping[str, str] | None = None, **options: Any) -> Plan:
        """Plan to deploy a template, whose assets are files of the assembly by the keys of their objects."""
        return plan_deployment(assembly(folder, template, files or {}), self.client, **options)


def assembly(
    folder: Path,
    template: Template,
    files: Mapping[str, str],
    environment: str = "aws://unknown-account/unknown-region",
) -> Path:
    """Write an assembly as the CDK does."""
    assets = {
        key: {"source": {"path": path, "packaging": "file"}, "destinations": {"here": {"objectKey": key}}}
        for key, path in files.items()
    }
    artifacts = {
        "Stack.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Stack.assets.json"}},
        "Stack": {
            "type": "aws:cloudformation:stack",
            "environment": environment,
            "properties": {"templateFile": "Stack.template.json"},
            "dependencies": ["Stack.assets"],
        },
    }
    for name, content in (
        ("manifest", {"artifacts": artifacts}),
        ("Stack.assets", {"files": assets}),
        ("Stack.template", template),
    ):
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def refused(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


def _physical_id(name: str, kind: str) -> str:
    if kind == "Custom::BedrockModelInvocationJob":
        return arn_of()
    if kind == "AWS::CloudFormation::Stack":
        return NESTED_ID
    if kind == "AWS::StepFunctions::StateMachine":
        return f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{name}"
    if kind == "Custom::BedrockBatchInferenceRun":
        return f"arn:aws:states:{REGION}:{ACCOUNT}:execution:Machine:deployed-0"
    return f"p-{name.lower()}"
