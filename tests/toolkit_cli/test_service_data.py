"""The data that commands read of botocore is botocore's own."""

from pathlib import Path

import botocore.loaders
import pytest
from botocore.exceptions import DataNotFoundError, UnknownServiceError

from bedrock_batch.cli.service_data import ServiceData

SERVICES = ("bedrock", "s3", "cloudformation", "stepfunctions", "lambda", "pricing", "service-quotas", "sts", "iam")
KINDS = ("service-2", "endpoint-rule-set-1", "paginators-1", "waiters-2")


@pytest.mark.parametrize("service", SERVICES)
def test_it_is_what_botocore_reads(service: str) -> None:
    ours, theirs = ServiceData(None), botocore.loaders.create_loader(None)
    for kind in KINDS:
        try:
            expected = theirs.load_service_model(service, kind)
        except DataNotFoundError:
            with pytest.raises(DataNotFoundError):
                ours.load_service_model(service, kind)
        else:
            assert ours.load_service_model(service, kind) == expected
    assert ours.load_data("endpoints") == theirs.load_data("endpoints")


def test_a_service_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnknownServiceError, match="bedrok"):
        ServiceData(None).load_service_model("bedrok", "service-2")


def test_the_user_s_own_data_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "bedrock" / "2099-01-01" / "service-2.json"
    model.parent.mkdir(parents=True)
    model.write_text('{"version": "ours"}')
    monkeypatch.setenv("MODELS", str(tmp_path))
    assert ServiceData("/nowhere:$MODELS").load_service_model("bedrock", "service-2") == {"version": "ours"}
    model.write_text("{")
    with pytest.raises(DataNotFoundError, match=r"service-2\.json"):
        ServiceData(str(tmp_path)).load_service_model("bedrock", "service-2")
