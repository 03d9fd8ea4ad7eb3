"""The data that the function reads of botocore is botocore's own, but for Bedrock's service model."""

from pathlib import Path

import botocore.loaders
import pytest

from model_invocation_job import service_data

SERVICES = ("s3", "cloudformation", "dynamodb", "ec2", "iam", "lambda", "resourcegroupstaggingapi", "stepfunctions")


@pytest.mark.parametrize("service", SERVICES)
def test_it_is_what_botocore_reads(service: str) -> None:
    ours, theirs = service_data.ServiceData(), botocore.loaders.create_loader(None)
    for kind in ("service-2", "endpoint-rule-set-1", "paginators-1"):
        assert ours.load_service_model(service, kind) == theirs.load_service_model(service, kind)


def test_our_own_model_of_bedrock_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "bedrock" / "2023-04-20" / "service-2.json"
    model.parent.mkdir(parents=True)
    model.write_text('{"version": "ours"}')
    monkeypatch.setattr(service_data, "FOLDER", tmp_path)
    read = service_data.ServiceData()
    assert read.load_service_model("bedrock", "service-2") == {"version": "ours"}
    assert read.load_service_model("bedrock", "endpoint-rule-set-1")["version"] == "1.0"
