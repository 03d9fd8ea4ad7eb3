"""Vectors instead of answers: an embedding model, for a search or for telling what is alike.

`bedrock-batch results --stack Embeddings --output vectors.parquet` writes a row a text, with its vector.
Costs the tokens of a hundred short texts. `cdk destroy` leaves the two buckets, with the texts and the vectors.
"""

from collections.abc import Iterator

from aws_cdk import App, Stack
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

DIMENSIONS = 256
THINGS = [
    "a boat",
    "a bridge",
    "a clock",
    "a garden",
    "a letter",
    "a mountain",
    "a piano",
    "a river",
    "a shop",
    "a train",
]
PLACES = ["Bergen", "Cork", "Delft", "Évora", "Ghent", "Graz", "Lublin", "Parma", "Tartu", "Uppsala"]


def records() -> Iterator[dict[str, object]]:
    """Give the model one text a record; embedding models are asked in their own form, not in Converse's."""
    for thing in THINGS:
        for place in PLACES:
            yield {
                "recordId": f"{thing} in {place}",
                "modelInput": {"inputText": f"Photograph of {thing} in {place}", "dimensions": DIMENSIONS},
            }


class EmbeddingsStack(Stack):
    """The vectors of all texts, in a folder of the stack's own bucket."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        ModelInvocationJob(
            self,
            "Photographs",
            model=BatchModel.foundation_model("amazon.titan-embed-text-v2:0"),
            input_data=InputData.from_records(records()),
        )


if __name__ == "__main__":
    app = App()
    EmbeddingsStack(app, "Embeddings")
    app.synth()
