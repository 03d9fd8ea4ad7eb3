"""Clients of AWS's services, made when they are needed."""

from functools import cache
from typing import Any

#: Seconds to wait for an answer: whoever calls has one to give.
SOON = 10
_TRIES = 5


def client(service: str, patience: float = SOON, tries: int = _TRIES) -> Any:  # noqa: ANN401 (boto3 makes its clients at run time; they have no class)
    """Make a client of a service, which waits for an answer for so many seconds, and asks so often for one."""
    from botocore.config import Config  # noqa: PLC0415 (nothing is made before an event is there)

    config = Config(connect_timeout=3, read_timeout=patience, retries={"mode": "standard", "total_max_attempts": tries})
    return _session().client(service, config=config)


@cache
def _session() -> Any:  # noqa: ANN401 (as above)
    import boto3  # noqa: PLC0415 (as above)
    from botocore.session import Session  # noqa: PLC0415 (as above)

    from model_invocation_job.service_data import ServiceData  # noqa: PLC0415 (as above)

    session = Session()
    session.register_component("data_loader", ServiceData())
    return boto3.Session(botocore_session=session)
