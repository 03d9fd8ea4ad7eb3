"""What a deployment leaves in an account, as far as an upgrade must leave it alone."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .app import JOBS, READER, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bedrock_local.running import RunningAws

_JOB = "Custom::BedrockModelInvocationJob"
_IMPORTED = re.compile(r'"Fn::ImportValue": "([^"]+)"')
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Kept:
    """What an upgrade must leave as it is.

    Attributes
    ----------
    jobs
        The ARNs of all jobs in Bedrock.
    resources
        The physical id of each job's resource by its logical id: when it changes, CloudFormation deletes the one of
        before, and the function stops its job.
    outputs
        Those of the stack, but for the statuses of jobs.
    imports
        The values of the exports in use: CloudFormation refuses an update that changes or removes one.
    buckets
        The names of all: data that is moved is read and written again.
    """

    jobs: set[str]
    resources: dict[str, str]
    outputs: dict[str, str]
    imports: dict[str, str]
    buckets: set[str]

    def changes(self, before: Kept) -> list[str]:
        """Say what is not as it was; there may be more outputs and imports."""
        named = {**before.resources, **before.outputs, **before.imports}
        now = {**self.resources, **self.outputs, **self.imports}
        changed = [f"{name}: {value} became {now.get(name)}" for name, value in named.items() if now.get(name) != value]
        return changed + sorted((self.jobs ^ before.jobs) | (self.buckets ^ before.buckets))


@dataclass(frozen=True)
class Account:
    """The stacks and jobs of one local AWS."""

    aws: RunningAws

    def kept(self) -> Kept:
        """Look at all of it."""
        outputs = {key: value for key, value in self._outputs().items() if not key.endswith(STATUS)}
        buckets = {bucket["Name"] for bucket in self.aws.client("s3").list_buckets()["Buckets"]}
        return Kept(set(self.statuses()), dict(self._resources(_JOB)), outputs, self._imports(), buckets)

    def statuses(self) -> dict[str, str]:
        """The status of each job by its ARN."""
        pages = self.aws.client("bedrock").get_paginator("list_model_invocation_jobs").paginate()
        return {job["jobArn"]: job["status"] for page in pages for job in page["invocationJobSummaries"]}

    def told_statuses(self) -> dict[str, str]:
        """What the outputs of the stack say of the jobs' statuses."""
        return {key: value for key, value in self._outputs().items() if key.endswith(STATUS)}

    def physical_id(self, kind: str, beginning: str) -> str:
        """The physical id of the only resource of a type whose logical id begins so."""
        (found,) = (physical for logical, physical in self._resources(kind) if logical.startswith(beginning))
        return found

    def stack_status(self) -> str:
        """How the last deployment of `JOBS` ended."""
        return str(self._stack()["StackStatus"])

    def await_all(self, status: str) -> None:
        """Return when each job has come to a status."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while late := {arn: each for arn, each in self.statuses().items() if each != status}:
            assert time.monotonic() < deadline, late
            time.sleep(0.25)

    def _resources(self, kind: str) -> Iterator[tuple[str, str]]:
        pages = self.aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=JOBS)
        for page in pages:
            for each in page["StackResourceSummaries"]:
                if each["ResourceType"] == kind:
                    yield each["LogicalResourceId"], each["PhysicalResourceId"]

    def _imports(self) -> dict[str, str]:
        client = self.aws.client("cloudformation")
        pages = client.get_paginator("list_exports").paginate()
        exports = {export["Name"]: export["Value"] for page in pages for export in page["Exports"]}
        templates = [client.get_template(StackName=name)["TemplateBody"] for name in (JOBS, READER)]
        return {name: exports[name] for template in templates for name in _IMPORTED.findall(json.dumps(template))}

    def _outputs(self) -> dict[str, str]:
        return {output["OutputKey"]: output["OutputValue"] for output in self._stack()["Outputs"]}

    def _stack(self) -> dict[str, Any]:
        (stack,) = self.aws.client("cloudformation").describe_stacks(StackName=JOBS)["Stacks"]
        return dict(stack)
