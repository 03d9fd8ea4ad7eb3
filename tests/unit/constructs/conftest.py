from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

MakeJob = Callable[..., ModelInvocationJob]
RecordFile = Callable[..., Path]

NOVA = "amazon.nova-lite-v1:0"
PARTITION, REGION, ACCOUNT = "${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}"


@pytest.fixture
def stack() -> Stack:
    return Stack(App(), "Stack")


@pytest.fixture
def make_job(stack: Stack) -> MakeJob:
    """Make a job; each keyword replaces or adds a parameter of the construct."""

    def make(id: str = "Summaries", scope: Any = stack, **parameters: Any) -> ModelInvocationJob:
        parameters.setdefault("model", BatchModel.foundation_model(NOVA))
        parameters.setdefault("input_data", InputData.from_uri("s3://records/prompts.jsonl"))
        return ModelInvocationJob(scope, id, **parameters)

    return make
