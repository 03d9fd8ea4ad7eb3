"""Stacks that are built in Python and handed to CloudFormation directly: many of them, at once."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aws_cdk import App, AssetStaging, DefaultStackSynthesizer, Stack
from aws_cdk.cx_api import CloudAssembly

from bedrock_local.environment import REGION
from bedrock_local.running import RunningAws

from .assets import ASSETS, Assets
from .names import claim

#: The feature flags that a new app of a user has.
_CONTEXT = json.loads((Path(__file__).parents[2] / "cdk.json").read_text())["context"]
_PATIENCE_SECONDS = 300

Template = dict[str, Any]


class StackFailedError(Exception):
    """A stack did not come to be as it was wanted; the text is what its events say of failures."""


@dataclass
class Stacks:
    """The stacks of one local AWS, their assets in one bucket, which a key of the account's own may encrypt."""

    aws: RunningAws
    folder: Path
    assets: str = ASSETS
    key_arn: str | None = None
    # The CDK talks to a process of its own over one pipe.
    _synthesizing: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.cloudformation, self.s3 = self.aws.client("cloudformation"), self.aws.client("s3")
        self.bedrock, self.iam = self.aws.client("bedrock"), self.aws.client("iam")
        self.logs, self.functions = self.aws.client("logs"), self.aws.client("lambda")
        self._assets = Assets(self.s3, self.assets, self.key_arn)

    def synthesize(self, build: Callable[[Stack], object], name: str = "Stack") -> Template:
        """Return the template of a stack, its assets published."""
        return self.synthesize_app(lambda app: build(new_stack(app, name, self.assets)))[name]

    def synthesize_app(self, build: Callable[[App], object]) -> dict[str, Template]:
        """Return the templates of an app by the names of their stacks, their assets published."""
        return {stack.stack_name: stack.template for stack in self.assemble(build).stacks}

    def assemble(self, build: Callable[[App], object]) -> CloudAssembly:
        """Synthesize an app, and publish its assets."""
        with self._synthesizing:
            # The hash of a file is remembered by its path, for the life of the process.
            AssetStaging.clear_asset_hash_cache()
            app = App(context=_CONTEXT, outdir=str(self.folder / f"cdk.out.{time.monotonic_ns()}"))
            build(app)
            assembly = app.synth()
            for manifest in Path(assembly.directory).glob("*.assets.json"):
                self._assets.publish(manifest)
            return assembly

    def deploy(self, build: Callable[[Stack], object], name: str) -> "Deployed":
        """Synthesize and deploy a stack of one name."""
        return self.put(self.synthesize(build, name), name)

    def put(self, template: Template, name: str) -> "Deployed":
        """Create or update a stack, and return when it is complete."""
        deployed = self.begin(template, name)
        self.settle(deployed)
        return deployed

    def begin(self, template: Template, name: str, **options: Any) -> "Deployed":
        """Begin to create or update a stack."""
        claim(self.aws, name)
        call = self.cloudformation.update_stack if self.status(name) else self.cloudformation.create_stack
        # A template in the request has 51,200 bytes at most.
        place = {"Bucket": self.assets, "Key": f"{name}.template.json"}
        self.s3.put_object(**place, Body=json.dumps(template))
        url = f"https://s3.{REGION}.amazonaws.com/{place['Bucket']}/{place['Key']}"
        stack = call(StackName=name, TemplateURL=url, Capabilities=["CAPABILITY_NAMED_IAM"], **options)
        return Deployed(self, name, stack["StackId"])

    def settle(self, deployed: "Deployed") -> None:
        """Return when a stack is complete."""
        if self._settled(deployed.stack_id) not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise StackFailedError(deployed.failures())

    def destroy(self, deployed: "Deployed") -> None:
        self.cloudformation.delete_stack(StackName=deployed.stack_id)
        if self._settled(deployed.stack_id) != "DELETE_COMPLETE":
            raise StackFailedError(deployed.failures())

    def _settled(self, stack_id: str) -> str:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (status := self.status(stack_id)).endswith("_IN_PROGRESS"):
            assert time.monotonic() < deadline, f"{stack_id} is still {status}"
            time.sleep(0.25)
        return status or "DELETE_COMPLETE"

    def status(self, name: str) -> str:
        """The status of a stack; nothing if there is none."""
        try:
            (stack,) = self.cloudformation.describe_stacks(StackName=name)["Stacks"]
        except self.cloudformation.exceptions.ClientError as error:
            if "does not exist" not in str(error):
                raise
            return ""
        return str(stack["StackStatus"])


@dataclass(frozen=True)
class Deployed:
    """A stack in CloudFormation."""

    stacks: Stacks
    name: str
    stack_id: str

    @property
    def outputs(self) -> Mapping[str, str]:
        (stack,) = self.stacks.cloudformation.describe_stacks(StackName=self.stack_id)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    @property
    def is_in_progress(self) -> bool:
        return self.stacks.status(self.stack_id).endswith("_IN_PROGRESS")

    @property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        """The resources by logical id."""
        found = self.stacks.cloudformation.describe_stack_resources(StackName=self.stack_id)["StackResources"]
        return {resource["LogicalResourceId"]: resource for resource in found}

    def of_type(self, kind: str, beginning: str = "") -> str:
        """The physical id of the only resource of a type whose logical id begins so."""
        (found,) = (
            str(resource["PhysicalResourceId"])
            for name, resource in self.resources.items()
            if resource["ResourceType"] == kind and name.startswith(beginning)
        )
        return found

    @property
    def kinds(self) -> list[str]:
        """The types of the resources."""
        return [resource["ResourceType"] for resource in self.resources.values()]

    @property
    def jobs(self) -> dict[str, str]:
        """The ARNs of the jobs by their logical ids without the hash, which is the path of the construct."""
        return {
            name[:-8]: str(resource["PhysicalResourceId"])
            for name, resource in self.resources.items()
            if resource["ResourceType"] == "Custom::BedrockModelInvocationJob"
        }

    def logical_id(self, job: str) -> str:
        """The logical id of a job by the path of its construct."""
        return next(name for name in self.resources if name[:-8] == job)

    def order(self, status: str) -> list[str]:
        """The logical ids of the resources in the order in which they came to a status."""
        return [event["LogicalResourceId"] for event in self.events() if event["ResourceStatus"] == status]

    def events(self) -> list[Mapping[str, Any]]:
        """What happened, oldest first."""
        found = self.stacks.cloudformation.describe_stack_events(StackName=self.stack_id)["StackEvents"]
        return found[::-1]

    def ask(self, request_type: str, job: str, **fields: Any) -> Mapping[str, Any]:
        """Send the function a request about a job, whatever CloudFormation thinks of it; return the answer."""
        function = self.of_type("AWS::Lambda::Function", "BedrockBatchProviderFunction")
        answer = {"Bucket": self.stacks.assets, "Key": f"answers/{time.monotonic_ns()}"}
        event = {
            "RequestType": request_type,
            "ResponseURL": self.stacks.s3.generate_presigned_url("put_object", Params=answer),
            "StackId": self.stack_id,
            "RequestId": f"by-hand-{time.monotonic_ns()}",
            "ResourceType": "Custom::BedrockModelInvocationJob",
            "LogicalResourceId": self.logical_id(job),
            "ResourceProperties": {"ServiceToken": function},
            **fields,
        }
        self.stacks.functions.invoke(FunctionName=function, Payload=json.dumps(event))
        answered: Mapping[str, Any] = json.loads(self.stacks.s3.get_object(**answer)["Body"].read())
        return answered

    def failures(self) -> str:
        """What the events say of failures."""
        events = [event for event in self.events() if event["ResourceStatus"].endswith("FAILED")]
        return "\n".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in events)


def new_stack(app: App, name: str, assets: str = ASSETS, **parameters: Any) -> Stack:
    """Make a stack whose assets `Stacks` publishes."""
    synthesizer = DefaultStackSynthesizer(file_assets_bucket_name=assets, generate_bootstrap_version_rule=False)
    return Stack(app, name, synthesizer=synthesizer, **parameters)
