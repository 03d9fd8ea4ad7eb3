"""What is wrong with a table."""

from bedrock_batch.errors import BedrockBatchError


class TableError(BedrockBatchError):
    """A table that cannot be used as it is; the message names the row and the column, and says what to change."""
