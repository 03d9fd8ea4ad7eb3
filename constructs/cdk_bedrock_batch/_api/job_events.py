"""Bedrock's events about jobs: "Monitor Amazon Bedrock job state changes" in the Bedrock user guide."""

SOURCE = "aws.bedrock"
DETAIL_TYPE = "Batch Inference Job State Change"
#: A job has ended with every record processed.
COMPLETED = ["Completed"]
#: A job has ended without all of its results; a stop was somebody's wish.
FAILED = ["Failed", "PartiallyCompleted", "Expired"]
#: A job has ended, in whatever way.
ENDED = [*COMPLETED, *FAILED, "Stopped"]
