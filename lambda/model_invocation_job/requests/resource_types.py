"""The kinds of custom resources that call this function, as the construct names them."""

from collections.abc import Mapping
from typing import Any

JOB = "Custom::BedrockModelInvocationJob"
#: What a job came to: its attributes are there when its results are.
RESULTS = "Custom::BedrockModelInvocationJobResults"
#: A while of a long wait: CloudFormation waits for one resource an hour at most.
LINK = "Custom::BedrockModelInvocationJobWait"
#: A run of a pipeline, which begins when its stack is deployed.
RUN = "Custom::BedrockBatchInferenceRun"


def kind_of(event: Mapping[str, Any]) -> str:
    """Return which of them a request is about; whatever else calls this function means a job."""
    named = event.get("ResourceType")
    return named if named in (RESULTS, LINK, RUN) else JOB
