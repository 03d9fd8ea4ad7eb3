"""What the functions call of Bedrock is in the part of its service model that they have with them."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore import xform_name

from cdk_bedrock_batch._function.asset import asset_folder, pipeline_asset_folder

#: Where a client of Bedrock's is called, and what its methods are named after there.
_CALLED = re.compile(r"self\._(?:client|bedrock)\.([a-z_]*(?:model|tag|resource)[a-z_]*)\(")
_FILES = ("model_invocation_job/jobs/jobs.py", "batch_inference_pipeline/running/quota.py")


@pytest.mark.parametrize("asset", [asset_folder, pipeline_asset_folder])
def test_each_operation_that_is_called_is_there(asset: Callable[[], str]) -> None:
    folder = Path(asset())
    (model,) = folder.rglob("service-2.json")
    there = {xform_name(name) for name in json.loads(model.read_text(encoding="utf-8"))["operations"]}
    sources = [folder / file for file in _FILES if (folder / file).exists()]
    called = {name for source in sources for name in _CALLED.findall(source.read_text(encoding="utf-8"))}
    assert called
    assert called <= there
