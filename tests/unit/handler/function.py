"""The function as Lambda calls it, with fakes for all services and a real endpoint for its answers."""

import json
from typing import Any

import pytest

from model_invocation_job import index
from model_invocation_job.parts import Parts

from .answering import Context, event
from .fakes import FakeClock, InMemoryJobs, InMemoryStacks, InMemoryStaging
from .response_endpoint import ResponseEndpoint
from .room import PARAMETERS, REQUEST
from .waiting_fakes import InMemoryManifests, InMemoryResourceTags, InMemoryWaits, RecordedLooks, RecordedRoles

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:function"
PROPERTIES = {"Job": PARAMETERS, "JobNamePrefix": "Stack-Job", "WaitUntil": "VALIDATED", "WaitTimeoutSeconds": "300"}
#: What a job that is to be finished is asked for with, and the resources that wait for it.
FINISHED = {**PROPERTIES, "WaitUntil": "FINISHED", "WaitTimeoutSeconds": "43200", "WaitCondition": "Condition12"}
RESULTS, LINK = "Custom::BedrockModelInvocationJobResults", "Custom::BedrockModelInvocationJobWait"
#: What Bedrock tells of a job of which two records failed.
COUNTS = {"totalRecordCount": 100, "processedRecordCount": 100, "successRecordCount": 98, "errorRecordCount": 2}


class LambdaContext(Context):
    invoked_function_arn = FUNCTION


class Function:
    """What was sent to it, and what it did."""

    def __init__(self, endpoint: ResponseEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
        self.endpoint = endpoint
        self.jobs, self.waits, self.looks = InMemoryJobs(), InMemoryWaits(), RecordedLooks()
        self.stacks, self.clock = InMemoryStacks(status="CREATE_IN_PROGRESS"), FakeClock()
        self.parts = Parts(pytest.fail, self.clock, {"WAITS_TABLE": "waits", "LOOKS_STATE_MACHINE": "machine"})
        self.roles, self.manifests = RecordedRoles(), InMemoryManifests()
        self.resource_tags = InMemoryResourceTags()
        vars(self.parts).update(jobs=self.jobs, stacks=self.stacks, staging=InMemoryStaging())
        vars(self.parts).update(resource_tags=self.resource_tags)
        vars(self.parts).update(waits=self.waits, notes=self.waits, roles=self.roles, manifests=self.manifests)
        monkeypatch.setattr(self.parts, "looks", lambda _: self.looks)
        monkeypatch.setattr(index, "parts", self.parts)

    def send(self, **changes: Any) -> None:
        index.handler(event(self.endpoint, **{"StackId": REQUEST.stack_id, **changes}), LambdaContext(900))

    def create(self, **properties: Any) -> None:
        self.send(ResourceProperties={**PROPERTIES, **properties})

    def finish(self, **properties: Any) -> str:
        """Create a job that is to be finished, already validated; return its ARN."""
        self.jobs.script = ["Submitted", "Scheduled"]
        self.send(ResourceProperties={**FINISHED, **properties})
        self.jobs.script = []
        self.endpoint.bodies.clear()
        return self.job

    def ask(self, kind: str = RESULTS, job: str = "", **properties: Any) -> None:
        """Create a resource that waits for the end of the newest job, or of another."""
        asked = {"JobArn": job or self.job, "WaitTimeoutSeconds": "43200", "OutputUri": "s3://out/", **properties}
        self.send(ResourceType=kind, LogicalResourceId="Results", RequestId="results", ResourceProperties=asked)

    def end(self, status: str = "Completed", **counts: int) -> None:
        """Let the newest job come to an end."""
        self.jobs.set_status(self.job, status)
        vars(self.jobs.jobs[self.job])["counts"] = counts

    def look(self, number: int = -1) -> dict[str, Any]:
        """Look as the state machine does at one of those that it was asked to look at."""
        wait, seconds = self.looks.started[number]
        look = {"Job": wait.job, "Wait": wait.name}
        sent = {"function": FUNCTION, "look": look, "seconds": seconds, "over": False}
        reply = index.handler(sent, LambdaContext(900))
        assert reply
        assert {**reply, "seconds": 0, "over": False} == {**sent, "seconds": 0}
        return reply

    def hear(self, job: str) -> None:
        """Deliver Bedrock's event of a job's end."""
        detail = {"batchJobArn": job, "status": "Completed"}
        told = {"source": "aws.bedrock", "detail-type": "Batch Inference Job State Change", "detail": detail}
        index.handler(told, LambdaContext(900))

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.endpoint.bodies]

    @property
    def job(self) -> str:
        """The newest job's ARN."""
        return self.jobs.created[-1]
