"""A lifecycle with everything that it was given, and the requests that tests make of it."""

from dataclasses import replace

from model_invocation_job.clock import Deadline
from model_invocation_job.jobs.jobs import Job
from model_invocation_job.jobs.stacks import Demand
from model_invocation_job.provision.keeping import Keeping
from model_invocation_job.provision.leaving import Leaving
from model_invocation_job.provision.lifecycle import Lifecycle
from model_invocation_job.provision.provision import Provision
from model_invocation_job.provision.stopping import Stopping
from model_invocation_job.requests.request import JobRequest
from model_invocation_job.requests.staged_object import StagedObject
from model_invocation_job.waiting.watching import Watching

from .fakes import ACCOUNT, FakeClock, InMemoryJobs, InMemoryStacks, InMemoryStaging

PARAMETERS = {
    "modelId": "amazon.nova-lite-v1:0",
    "roleArn": f"arn:aws:iam::{ACCOUNT}:role/Job",
    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://in/a.jsonl"}},
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://out/"}},
}
REQUEST = JobRequest(
    stack_id=f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/Stack/guid",
    logical_id="Job",
    request_id="first",
    physical_id=None,
    parameters=PARAMETERS,
    name_prefix="Stack-Job",
    run_token="",
    staged=(StagedObject("s3://assets/a", "s3://in/a.jsonl"),),
)
AGAIN = replace(REQUEST, request_id="second")
OTHER = replace(REQUEST, request_id="second", parameters={**PARAMETERS, "modelId": "amazon.nova-pro-v1:0"})


class Room:
    """What the lifecycle decides about, and the lifecycle."""

    def __init__(self) -> None:
        self.jobs, self.staging, self.clock = InMemoryJobs(), InMemoryStaging(), FakeClock()
        self.stacks = InMemoryStacks()
        leaving = Leaving(self.jobs, self.stacks, None, self.clock)
        self.stopping, self.watching = Stopping(self.jobs, leaving), Watching(self.jobs)
        self.lifecycle = Lifecycle(self.jobs, self.staging, self.stacks, self.stopping)
        self.keeping = Keeping(self.jobs)
        self.provision = Provision(self.lifecycle, self.watching)
        self.deadline = Deadline.after(self.clock, 860)

    def demand(self, request: JobRequest) -> Demand:
        return Demand.arrived(self.stacks, request)

    def submit(self, request: JobRequest = REQUEST) -> Job:
        return self.lifecycle.submit(request, self.demand(request), self.deadline)

    def delete(self, request: JobRequest) -> None:
        self.stopping.stop_owned(request, self.deadline)

    def keep(self, request: JobRequest, previous: JobRequest | None = REQUEST) -> Job | None:
        return self.keeping.keep(request, previous, self.demand(request), self.deadline)
