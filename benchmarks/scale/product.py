"""What the simulation reads from the product instead of knowing it: the definitions, and the sizes of the functions."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from cdk_bedrock_batch._pipeline.definition import Definition

JOBS, DATA, DEMAND = "jobs", "data", "demand"


@cache
def definition() -> Mapping[str, Any]:
    """Return the pipeline's state machine as the construct renders it."""
    return Definition(jobs_arn=JOBS, data_arn=DATA, demand_arn=DEMAND, bucket="bucket", runs="runs/").render()


@cache
def looks() -> Mapping[str, Any]:
    """Return the state machine that looks."""
    text = (files("cdk_bedrock_batch") / "_function" / "functions.yaml").read_text(encoding="utf-8")
    found, _ = json.JSONDecoder().raw_decode(text, re.search(r'\{\s*"StartAt": "Pause"', text).start())  # type: ignore[union-attr]  # it is there, or the simulation is of something else
    machine: Mapping[str, Any] = found
    return machine


@cache
def memory() -> Mapping[str, int]:
    """Return the MB of each function."""
    text = (files("cdk_bedrock_batch") / "_pipeline" / "pipeline.yaml").read_text(encoding="utf-8")
    sizes = (int(found) for found in re.findall(r"MemorySize: (\d+)", text))
    return dict(zip((JOBS, DATA, DEMAND), sizes, strict=True))
