from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

MakeJob = Callable[..., ModelInvocationJob]
RecordFile = Callable[..., Path]


@pytest.fixture
def stack() -> Stack:
    return Stack(App(), "Stack")


@pytest.fixture
def make_job(stack: Stack, record_file: RecordFile) -> MakeJob:
    """Make a job of a small file; each keyword replaces or adds a parameter of the construct."""

    def make(id: str = "Summaries", **parameters: Any) -> ModelInvocationJob:
        parameters.setdefault("model", BatchModel.foundation_model("amazon.nova-lite-v1:0"))
        if "input_data" not in parameters:
            parameters["input_data"] = InputData.from_file(str(record_file()))
        return ModelInvocationJob(stack, id, **parameters)

    return make


def resources(stack: Stack, type: str) -> list[dict[str, Any]]:
    return list(Template.from_stack(stack).find_resources(type).values())


def statements(stack: Stack, path: str) -> list[dict[str, Any]]:
    """The statements of the policy whose logical id begins with a path."""
    policies = Template.from_stack(stack).find_resources("AWS::IAM::Policy")
    (policy,) = (p for logical_id, p in policies.items() if logical_id.startswith(path))
    found: list[dict[str, Any]] = policy["Properties"]["PolicyDocument"]["Statement"]
    return found
