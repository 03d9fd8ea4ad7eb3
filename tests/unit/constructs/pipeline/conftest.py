from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import Stack
from aws_cdk import aws_s3 as s3

from cdk_bedrock_batch import BatchInferencePipeline, BatchModel, InputData, OutputData

MakePipeline = Callable[..., BatchInferencePipeline]


@pytest.fixture
def make_pipeline(stack: Stack) -> MakePipeline:
    """Make a pipeline; each keyword replaces or adds a parameter of the construct."""

    def make(id: str = "Nightly", **parameters: Any) -> BatchInferencePipeline:
        if "input_data" not in parameters:
            parameters["input_data"] = InputData.from_bucket(s3.Bucket(stack, f"{id}Articles"), "incoming/")
        if "output_data" not in parameters:
            parameters["output_data"] = OutputData.to_bucket(s3.Bucket(stack, f"{id}Summaries"), "nightly")
        parameters.setdefault("model", BatchModel.foundation_model("amazon.nova-lite-v1:0"))
        return BatchInferencePipeline(stack, id, **parameters)

    return make
