"""The account in which all three wait."""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bedrock_local.environment import REGION
from bedrock_local.running import RunningAws
from waiting.jobs import BUCKET, COUNTS, CRHELPER, FINISHED, MACHINE, RECORD, id_of, job, names
from waiting.stacks import POLLED, Template, code_of_pollers, finished, polled, pollers

_SIGNAL = re.compile(r"Received SUCCESS signal with UniqueId (\S+)")
_CONDITION = "AWS::CloudFormation::WaitCondition"


@dataclass
class Account:
    """The account of the local AWS, looked at until a time of the monotonic clock."""

    aws: RunningAws
    deadline: float
    machine: str = ""

    def __post_init__(self) -> None:
        self.s3, self.cloudformation = self.aws.client("s3"), self.aws.client("cloudformation")
        self.bedrock, self.machines = self.aws.client("bedrock"), self.aws.client("stepfunctions")

    def begin(self, folder: Path) -> None:
        """Begin all that waits for a job."""
        self.s3.create_bucket(Bucket=BUCKET)
        self.put("in.jsonl", json.dumps(RECORD).encode())
        self.put("polling.zip", code_of_pollers())
        self.deploy("Pollers", pollers())
        self.wait_for("what polls is there", lambda: bool(self.outputs("Pollers")))
        made = self.outputs("Pollers")
        self.machine = made["Machine"]
        for name in names(MACHINE):
            order = json.dumps({"job": job(name, made["Role"])})
            self.machines.start_execution(stateMachineArn=self.machine, name=name, input=order)
        self.deploy("Polled", polled(made["Poller"], made["Role"]))
        self.deploy("Finished", finished(folder, self.put))

    def put(self, key: str, body: bytes) -> None:
        """Put an object into the bucket."""
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=body)

    def deploy(self, name: str, template: Template) -> None:
        """Begin to create a stack."""
        # A template in the request has 51,200 bytes at most.
        self.put(f"{name}.json", json.dumps(template).encode())
        url = f"https://s3.{REGION}.amazonaws.com/{BUCKET}/{name}.json"
        self.cloudformation.create_stack(StackName=name, TemplateURL=url, Capabilities=["CAPABILITY_IAM"])

    def outputs(self, name: str) -> dict[str, str]:
        """Return the outputs of a stack; none until it is complete."""
        (stack,) = self.cloudformation.describe_stacks(StackName=name)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}

    def events(self, name: str) -> Iterator[Mapping[str, Any]]:
        """Go through what happened to a stack."""
        for page in self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
            yield from page["StackEvents"]

    def wait_for(self, what: str, is_so: Callable[[], bool]) -> None:
        """Return when something is so; end if it cannot be any more, or is not in time."""
        while not is_so():
            stacks = self.cloudformation.describe_stacks()["Stacks"]
            broken = [each["StackName"] for each in stacks if re.search("FAILED|ROLLBACK", each["StackStatus"])]
            why = [
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
                for name in broken
                for event in self.events(name)
                if event["ResourceStatus"].endswith("FAILED")
            ]
            if broken or time.monotonic() > self.deadline:
                sys.exit(f"waited in vain until {what}: {why or 'its time is over'}")
            time.sleep(1)

    def all_run(self) -> bool:
        """Whether every job runs, and every condition waits."""
        began = [event for event in self.events("Finished") if event["ResourceType"] == _CONDITION]
        running = self.bedrock.get_paginator("list_model_invocation_jobs").paginate(statusEquals="InProgress")
        jobs = sum(len(page["invocationJobSummaries"]) for page in running)
        return len(began) == COUNTS[FINISHED] and jobs == sum(COUNTS.values())

    def all_told(self) -> bool:
        """Whether everybody who waited has been told, and the stack that was signalled is complete."""
        told = all(len(told) == COUNTS[kind] for kind, told in self.told().items())
        return told and bool(self.outputs("Finished"))

    def told(self) -> dict[str, dict[str, datetime]]:
        """Return by kind when who waited for a job was told, by the job's id."""
        signals = ((_SIGNAL.search(event.get("ResourceStatusReason", "")), event) for event in self.events("Finished"))
        complete = (event for event in self.events("Polled") if event["ResourceStatus"] == "CREATE_COMPLETE")
        found = self.machines.list_executions(stateMachineArn=self.machine, statusFilter="SUCCEEDED")["executions"]
        ended = (self.machines.describe_execution(executionArn=each["executionArn"]) for each in found)
        return {
            FINISHED: {signal[1]: event["Timestamp"] for signal, event in signals if signal},
            CRHELPER: {
                id_of(event["PhysicalResourceId"]): event["Timestamp"]
                for event in complete
                if event["ResourceType"] == POLLED
            },
            MACHINE: {id_of(json.loads(each["output"])["arn"]): each["stopDate"] for each in ended},
        }

    def seconds(self) -> dict[str, list[float]]:
        """Return by kind how many seconds after its job's end each was told."""
        return {
            kind: [(when - self.end_of(job_id)).total_seconds() for job_id, when in told.items()]
            for kind, told in self.told().items()
        }

    def end_of(self, job_id: str) -> datetime:
        """Return when a job completed."""
        found = self.bedrock.get_model_invocation_job(jobIdentifier=job_id)
        if found["status"] != "Completed":
            sys.exit(f"{found['jobName']} is {found['status']}: {found.get('message')}")
        end: datetime = found["endTime"]
        return end
