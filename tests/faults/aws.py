"""Everything around the function, in one hand: what a row gets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cdk_bedrock_batch._function.asset import write_asset

from .bedrock import ACCOUNT, REGION, Bedrock, job_parameters
from .certificate import write_certificate
from .cloudformation import CloudFormation
from .descriptions import Descriptions
from .endpoint import Endpoint, receiving
from .front import Front, serving
from .function import Function
from .s3 import S3
from .shown import Shown
from .stack import Stack

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
    cloudformation: CloudFormation = field(init=False)
    stacks: list[Stack] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reset()

    def stack(self, name: str = "Stack") -> Stack:
        """Return a stack that is not deployed yet."""
        stack = Stack(self.cloudformation, f"{name}{len(self.stacks)}")
        self.stacks.append(stack)
        return stack

    def reset(self, shown: Shown | None = None) -> None:
        """Start over: no jobs, no stacks, no faults; the function's environments stay warm."""
        self.function.reset()
        self.last_word.reset()
        self.endpoint.reset()
        self.bedrock.close()
        self.bedrock = Bedrock(shown)
        self.s3 = S3()
        self.stacks.clear()
        self.cloudformation = CloudFormation(self.function, self.endpoint)
        descriptions = Descriptions(self.cloudformation.view, self.cloudformation.stacks.get)
        self.front.reset({"bedrock": self.bedrock, "s3": self.s3, "cloudformation": descriptions})


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
        last_word = Function(asset, "model_invocation_job.last_word.handler", variables)
        function = Function(asset, "model_invocation_job.index.handler", variables, on_failure=last_word, spares=2)
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
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "SSL_CERT_FILE": str(certificate),
        "NO_PROXY": "*",
    }
