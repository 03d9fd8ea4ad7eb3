"""A job from the file that `aws bedrock create-model-invocation-job --cli-input-json` takes."""

from pathlib import Path

from aws_cdk import App, Stack
from constructs import Construct

from cdk_bedrock_batch import ModelInvocationJob

CALL = Path(__file__).with_name("create_model_invocation_job.json")


class FromCliJsonStack(Stack):
    """What used to be a call by hand, with the same file."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        ModelInvocationJob.from_cli_input_json(self, "Tickets", CALL)


if __name__ == "__main__":
    app = App()
    FromCliJsonStack(app, "FromCliJson")
    app.synth()
