"""Everything around the function, in one hand: what a row gets."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cdk_bedrock_batch._function.asset import write_asset

from .bedrock import ACCOUNT, REGION, Bedrock, job_parameters
from .certificate import write_certificate
from .clock import Clock
from .cloudformation import CloudFormation
from .descriptions import Descriptions
from .ec2 import Ec2
from .endpoint import Endpoint, receiving
from .events import Events
from .front import Front, Service, serving
from .function import Function
from .iam import Iam
from .looks import STATE_MACHINE, StateMachine
from .s3 import S3
from .shown import Shown
from .stack import Stack
from .table import TABLE, Table
from .tagging import Tagging

#: Real seconds in which what is due is done, also on a busy machine.
_PATIENCE = 60
#: A value that the template's author hides; no log and no answer may hold it.
SECRET = "canary-noecho"  # noqa: S105 (it is there to be looked for)


@dataclass
class Aws:
    """Bedrock, CloudFormation, Lambda and the response endpoint, connected. See README.md for how a row uses it."""

    front: Front
    endpoint: Endpoint
    function: Function
    last_word: Function
    bedrock: Bedrock = field(default_factory=Bedrock)
    s3: S3 = field(init=False)
    table: Table = field(init=False)
    machine: StateMachine = field(init=False)
    events: Events = field(init=False)
    iam: Iam = field(init=False)
    ec2: Ec2 = field(init=False)
    cloudformation: CloudFormation = field(init=False)
    stacks: list[Stack] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.machine = StateMachine(self.clock, self._call)
        self.events = Events(self.clock, self._deliver)
        self.reset()

    @property
    def clock(self) -> Clock:
        """The time of the function and of all around it."""
        return self.function.clock

    def stack(self, name: str = "Stack") -> Stack:
        """Return a stack that is not deployed yet."""
        stack = Stack(self.cloudformation, f"{name}{len(self.stacks)}")
        self.stacks.append(stack)
        return stack

    def come_to_rest(self) -> None:
        """Let everybody look once more, in good weather."""
        self.function.settle()
        if not self.machine.open:
            return
        self.front.heal()
        self.endpoint.heal()
        self.clock.skip(60)
        end = time.monotonic() + _PATIENCE
        while self.machine.open and time.monotonic() < end:
            time.sleep(0.01)
        self.function.settle()

    def reset(self, shown: Shown | None = None) -> None:
        """Start over: no jobs, no stacks, no faults; the function's environments stay warm."""
        self.machine.close()
        self.events.close()
        self.function.reset()
        self.last_word.reset()
        self.clock.reset()
        self.endpoint.reset()
        self.stacks.clear()
        self.cloudformation = CloudFormation(self.function, self.endpoint, self.clock)
        self.bedrock.close()
        self._renew(shown)
        self.front.reset(self._services())

    def _renew(self, shown: Shown | None) -> None:
        self.bedrock, self.s3, self.table = Bedrock(shown), S3(), Table()
        self.iam, self.ec2 = Iam(), Ec2()
        self.machine = StateMachine(self.clock, self._call)
        self.events = Events(self.clock, self._deliver)
        self.bedrock.observe = self.events.changed

    def _services(self) -> dict[str, Service]:
        cloudformation = self.cloudformation
        return {
            "bedrock": self.bedrock,
            "s3": self.s3,
            "cloudformation": Descriptions(cloudformation.view, cloudformation.stacks.get, cloudformation.signal),
            "dynamodb": self.table,
            "states": self.machine,
            "iam": self.iam,
            "ec2": self.ec2,
            "tagging": Tagging(self.bedrock),
        }

    def _call(self, event: Any) -> tuple[Any, str | None]:
        return self.cloudformation.function.call(event)

    def _deliver(self, event: Any) -> None:
        self.cloudformation.function.deliver(event)


def properties(**changes: Any) -> dict[str, Any]:
    """A custom resource's properties as the construct renders them; `changes` go into the job.

    The run token is secret in every row.
    """
    return {
        "Job": {**job_parameters("ours"), **changes},
        "JobNamePrefix": "Summaries",
        "RunToken": SECRET,
        "StopOnDelete": True,
        "WaitUntil": "VALIDATED",
        "WaitTimeoutSeconds": 600,
    }


@contextmanager
def running(folder: Path) -> Iterator[Aws]:
    """Start the servers and the first environments; `folder` takes the asset and the certificate."""
    asset = folder / "asset"
    asset.mkdir()
    write_asset(asset)
    certificate, key = write_certificate(folder)
    front, endpoint = Front(), Endpoint()
    with serving(front), receiving(endpoint, certificate, key):
        variables = environment_variables(front.url, certificate)
        clock = Clock()
        last_word = Function(asset, "model_invocation_job.last_word.handler", variables, clock=clock)
        function = Function(
            asset, "model_invocation_job.index.handler", variables, on_failure=last_word, clock=clock, spares=2
        )
        try:
            yield Aws(front, endpoint, function, last_word)
        finally:
            function.close()
            last_word.close()


def environment_variables(url: str, certificate: Path) -> Mapping[str, str]:
    """Return what the function finds in its environment: the local services, and nothing of the developer's."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_NAME": "function",
        "WAITS_TABLE": TABLE,
        "LOOKS_STATE_MACHINE": STATE_MACHINE,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "SSL_CERT_FILE": str(certificate),
        "NO_PROXY": "*",
    }
