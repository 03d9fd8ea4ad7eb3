"""A job from the file that `aws bedrock create-model-invocation-job --cli-input-json` takes.

The buckets and the role in the file stand for yours. Costs the tokens of the records that are there. `cdk destroy`
leaves what the stack has not made: the role, and the buckets with the records and the answers.
"""

from pathlib import Path

from aws_cdk import App, Stack
from constructs import Construct

from cdk_bedrock_batch import ModelInvocationJob

CALL = Path(__file__).with_name("create_model_invocation_job.json")


class FromCliJsonStack(Stack):
    """What used to be a call by hand, with the same file: every field of it counts."""

    def __init__(self, scope: Construct, id: str, *, call: Path) -> None:
        super().__init__(scope, id)
        ModelInvocationJob.from_cli_input_json(self, "Tickets", call)


if __name__ == "__main__":
    app = App()
    FromCliJsonStack(app, "FromCliJson", call=CALL)
    app.synth()
