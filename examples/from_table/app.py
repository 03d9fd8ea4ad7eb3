"""A question about each row of a table: the records are made of a CSV file and a template when the app is synthesized.

`bedrock-batch results --stack FromTable --join reviews.csv --output answers.csv` puts the answers beside the rows.
Costs the tokens of a hundred short records. `cdk destroy` leaves the two buckets, with the records and the answers.
"""

from pathlib import Path

from aws_cdk import App, Stack
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

REVIEWS = Path(__file__).with_name("reviews.csv")
#: What stands in braces is a column of the table; a prompt of several lines is better kept in a file of its own.
QUESTION = "A customer writes about our {product}: {text}\nIs the customer content? Answer yes or no."


class FromTableStack(Stack):
    """A changed cell or another question is another job; a row keeps its id for as long as the table has it."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        ModelInvocationJob(
            self,
            "Reviews",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_table(REVIEWS, template=QUESTION, id_column="id", max_tokens=3, temperature=0.0),
        )


if __name__ == "__main__":
    app = App()
    FromTableStack(app, "FromTable")
    app.synth()
