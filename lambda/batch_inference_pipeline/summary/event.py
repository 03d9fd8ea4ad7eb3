"""The event that tells of a run's end, to whoever has a rule for it."""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from batch_inference_pipeline.errors import PipelineError

SOURCE = "cdk-bedrock-batch"
DETAIL_TYPE = "Batch Inference Pipeline Run Finished"


class Events(Protocol):
    """A bus for events."""

    def put(self, detail: Mapping[str, object]) -> None:
        """Tell that a run has ended, and what it came to.

        Raises
        ------
        PipelineError
            The bus does not take it.
        """
        ...


class EventBridge:
    """The account's default bus, through a boto3 client of the service ``events``."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
        self._client = client

    def put(self, detail: Mapping[str, object]) -> None:
        """See `Events.put`."""
        event = {"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": json.dumps(detail)}
        reply = self._client.put_events(Entries=[event])
        # A refusal of one event is no error of the call.
        if reply["FailedEntryCount"]:
            (entry,) = reply["Entries"]
            raise PipelineError(
                f"EventBridge did not take the event of the run's end: {entry['ErrorMessage']} ({entry['ErrorCode']})"
            )
