"""Events about a pipeline's runs: its own, and Step Functions'."""

from typing import Any

#: Source and type of the pipeline's own, which the function puts: ``batch_inference_pipeline/summary/event.py``.
RUN_FINISHED = ("cdk-bedrock-batch", "Batch Inference Pipeline Run Finished")
#: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
EXECUTION_CHANGED = ("aws.states", "Step Functions Execution Status Change")


def without_success(machine_arn: str) -> dict[str, Any]:
    """Return what the detail of an event says when an execution of a machine is over, and has not succeeded."""
    return {"stateMachineArn": [machine_arn], "status": ["ABORTED", "FAILED", "TIMED_OUT"]}
