"""A pipeline in a stack, its executions, and what came of them."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from aws_cdk import RemovalPolicy, Stack, Tags
from aws_cdk import aws_s3 as s3

from batch_inference_pipeline.ledger.attempt import key_of
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchInferencePipeline, BatchModel, InputData, OutputData, RecordLimits

from .gallery import MODEL, jsonl, records
from .jobs import objects
from .stacks import Deployed, Stacks
from .waits import eventually

#: So small that a few records are a job: from 120 to 200 in a file are one as it is.
SMALL = RecordLimits(records_per_file=200, records_per_job=200)
EACH = 150
PLACES = 5
_SECONDS = 90


def build(stack: Stack, tags: Mapping[str, str] = MappingProxyType({}), **parameters: Any) -> BatchInferencePipeline:
    source, target = (
        s3.Bucket(stack, name, removal_policy=RemovalPolicy.DESTROY) for name in ("Articles", "Summaries")
    )
    pipeline = BatchInferencePipeline(
        stack,
        "Nightly",
        model=BatchModel.foundation_model(MODEL),
        output_data=OutputData.to_bucket(target, "nightly"),
        **{
            "input_data": InputData.from_bucket(source, "incoming/"),
            "limits": SMALL,
            "max_concurrent_jobs": PLACES,
            **parameters,
        },
    )
    for key, value in tags.items():
        Tags.of(pipeline).add(key, value)
    return pipeline


@dataclass(frozen=True)
class Pipeline:
    """A pipeline that was deployed."""

    deployed: Deployed
    aws: RunningAws

    @classmethod
    def deploy(cls, stacks: Stacks, name: str, **parameters: Any) -> "Pipeline":
        return cls(stacks.deploy(lambda stack: build(stack, **parameters), name), stacks.aws)

    @cached_property
    def states(self) -> Any:
        return self.aws.client("stepfunctions")

    @cached_property
    def s3(self) -> Any:
        return self.aws.client("s3")

    @cached_property
    def machine(self) -> str:
        return next(value for name, value in self.deployed.outputs.items() if "StateMachineArn" in name)

    def bucket(self, name: str) -> str:
        return self.deployed.of_type("AWS::S3::Bucket", name)

    def put(self, files: Mapping[str, bytes]) -> None:
        """Put objects below the pipeline's prefix."""
        for name, content in files.items():
            self.s3.put_object(Bucket=self.bucket("Articles"), Key=f"incoming/{name}", Body=content)

    def clear(self) -> None:
        for name in objects(self.s3, f"s3://{self.bucket('Articles')}/"):
            self.s3.delete_object(Bucket=self.bucket("Articles"), Key=name)

    def start(self, name: str, **given: str) -> str:
        """Begin a run; return the execution's ARN."""
        began = self.states.start_execution(stateMachineArn=self.machine, name=name, input=json.dumps(given))
        return str(began["executionArn"])

    def ended(self, execution: str) -> Mapping[str, Any]:
        """Return an execution that is over."""
        deadline = time.monotonic() + _SECONDS
        while (found := self.states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < deadline, self.story(execution)
            time.sleep(0.25)
        told: Mapping[str, Any] = found
        return told

    def run(self, name: str, **given: str) -> Mapping[str, Any]:
        """Run to the end; return what the execution came to."""
        ended = self.ended(self.start(name, **given))
        assert ended["status"] == "SUCCEEDED", f"{ended.get('error')}: {ended.get('cause')}"
        told: Mapping[str, Any] = json.loads(ended["output"])
        return told

    def jobs_of(self, run: str) -> list[Mapping[str, Any]]:
        """The jobs of a run, oldest first."""
        return [job for job in self.jobs if key_of(self._ledger, run) in job["jobName"]]

    @cached_property
    def _ledger(self) -> str:
        return self.deployed.of_type("AWS::DynamoDB::Table", "Nightly")

    def children(self, execution: str) -> list[Mapping[str, Any]]:
        """The children of an execution's Maps."""
        runs = self.states.list_map_runs(executionArn=execution)["mapRuns"]
        pages = [self.states.list_executions(mapRunArn=run["mapRunArn"])["executions"] for run in runs]
        return [child for page in pages for child in page]

    @property
    def looks(self) -> list[str]:
        """The names of the executions that look, or did, at runs."""
        machine = self.deployed.of_type("AWS::StepFunctions::StateMachine", "BedrockBatchProviderLooks")
        return [each["name"] for each in self.states.list_executions(stateMachineArn=machine)["executions"]]

    def transitions(self, execution: str) -> int:
        """How many states an execution and its children have entered."""
        executions = [execution, *(child["executionArn"] for child in self.children(execution))]
        histories = (
            self.states.get_paginator("get_execution_history").paginate(executionArn=each) for each in executions
        )
        events = (event for pages in histories for page in pages for event in page["events"])
        return sum(event["type"].endswith("StateEntered") for event in events)

    @cached_property
    def log_groups(self) -> list[str]:
        """Those of its functions."""
        return [
            each["PhysicalResourceId"]
            for each in self.deployed.resources.values()
            if each["ResourceType"] == "AWS::Logs::LogGroup" and each["LogicalResourceId"].startswith("Nightly")
        ]

    @property
    def invocations(self) -> int:
        """How often its functions have been invoked so far."""
        logs = self.aws.client("logs")
        pages = (logs.get_paginator("filter_log_events").paginate(logGroupName=name) for name in self.log_groups)
        return sum(
            event["message"].startswith("START ") for found in pages for page in found for event in page["events"]
        )

    def story(self, execution: str) -> str:
        """What an execution and its children did, for whoever reads of a failure."""
        history = self.states.get_execution_history(executionArn=execution, includeExecutionData=True)["events"]
        return "\n".join(json.dumps(each, default=str) for each in [*history, *self.children(execution)])

    def results(self, run: str) -> dict[str, bytes]:
        """The files of a run's results, by job id and name."""
        found = objects(self.s3, f"s3://{self.bucket('Summaries')}/nightly/results/{run}/")
        return {name: content for name, content in found.items() if name.endswith(".jsonl.out")}

    def answered(self, run: str) -> list[str]:
        """The ids of the records that have an answer, one for each answer."""
        lines = [line for content in self.results(run).values() for line in content.splitlines()]
        found = [json.loads(line) for line in lines]
        return sorted(each["recordId"] for each in found if "modelOutput" in each)

    @cached_property
    def prefix(self) -> str:
        """How the names of all its jobs begin."""
        names = eventually(lambda: [job["jobName"] for job in self.jobs])
        return str(names[0].rpartition("-r")[0])

    @property
    def jobs(self) -> list[Mapping[str, Any]]:
        """The pipeline's jobs, oldest first."""
        pages = self.aws.client("bedrock").get_paginator("list_model_invocation_jobs")
        found = pages.paginate(sortBy="CreationTime", sortOrder="Ascending")
        results = f"s3://{self.bucket('Summaries')}/nightly/results/"
        return [
            job
            for page in found
            for job in page["invocationJobSummaries"]
            if job["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"].startswith(results)
        ]


def files(count: int, each: int = EACH) -> dict[str, bytes]:
    """So many files, each of which is a job as it is; no two records are alike."""
    made = [records(each, f"file {number} record") for number in range(count)]
    for number, content in enumerate(made):
        for record in content:
            record["recordId"] = f"{number:03}-{record['recordId']}"
    return {f"{number:03}.jsonl": jsonl(content) for number, content in enumerate(made)}


def ids(count: int, each: int = EACH) -> list[str]:
    return sorted(
        json.loads(line)["recordId"] for content in files(count, each).values() for line in content.splitlines()
    )


def most_at_once(jobs: list[Mapping[str, Any]]) -> int:
    """How many jobs there were at once that had not ended."""
    moments = sorted(
        moment for job in jobs for moment in ((job["submitTime"], 1), (job.get("endTime", job["lastModifiedTime"]), -1))
    )
    most = now = 0
    for _, step in moments:
        now += step
        most = max(most, now)
    return most
