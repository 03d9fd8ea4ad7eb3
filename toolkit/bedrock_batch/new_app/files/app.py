"""One stack with one batch inference job over prompts.jsonl."""

from aws_cdk import App, Stack

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

app = App()
stack = Stack(app, "BatchInference")
ModelInvocationJob(
    stack,
    "Job",
    model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
    input_data=InputData.from_file("prompts.jsonl"),
)
app.synth()
