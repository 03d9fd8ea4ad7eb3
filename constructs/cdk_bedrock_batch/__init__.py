"""Amazon Bedrock batch inference as infrastructure: a job that runs when the stack is deployed, and datasets beyond it.

Examples
--------
>>> from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob
"""

from bedrock_batch import RecordLimits
from cdk_bedrock_batch.batch_inference_pipeline import BatchInferencePipeline
from cdk_bedrock_batch.input_data import InputData
from cdk_bedrock_batch.invocation_type import InvocationType
from cdk_bedrock_batch.model import BatchModel
from cdk_bedrock_batch.model_invocation_job import ModelInvocationJob
from cdk_bedrock_batch.output_data import OutputData
from cdk_bedrock_batch.wait import WaitUntil

__all__ = [
    "BatchInferencePipeline",
    "BatchModel",
    "InputData",
    "InvocationType",
    "ModelInvocationJob",
    "OutputData",
    "RecordLimits",
    "WaitUntil",
]
