"""EventBridge: what AWS's own services put on their buses."""

from ministack.core.responses import request_scope
from ministack.services import eventbridge

from bedrock_local.bedrock.signals.events import DETAIL_TYPE, SOURCE, Event

NEEDS = ("services.eventbridge._put_events", "services.eventbridge._events_log_list")


def put(event: Event) -> None:
    """Put an event on the default bus of its account and Region, as the service itself.

    Parameters
    ----------
    event
        The event.
    """
    entry = {
        "Source": SOURCE,
        "DetailType": DETAIL_TYPE,
        "Resources": [event.resource],
        "Detail": event.detail,
    }
    with request_scope(event.place.account, event.place.region):
        # Over HTTP nobody may send events of AWS's own sources.
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)  # noqa: SLF001 -- no public way in
        # ministack keeps each event for ever, and reads none. Seen in ministack 1.5.33.
        eventbridge._events_log_list().clear()  # noqa: SLF001 -- the same
