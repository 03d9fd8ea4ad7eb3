"""The function's asset: our modules, crhelper, and the part of Bedrock's service model that they call.

It is put together from files that are installed with the construct, so neither Docker nor the network takes part, and
it has the same hash on every machine. What is copied from others has their licences with it.
"""

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cdk_bedrock_batch._api.service_model import bedrock
from cdk_bedrock_batch._function.licences import write_licences

#: What the function calls; the whole service model is fifty times as large and slower to load.
OPERATIONS = (
    "CreateModelInvocationJob",
    "GetModelInvocationJob",
    "ListModelInvocationJobs",
    "StopModelInvocationJob",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
)
#: What a pipeline's functions call besides: a quota is named as the model is.
_OF_PIPELINES = ("GetFoundationModel",)
#: Its licence wants that a changed file says so.
_CHANGE = "Changed by cdk-bedrock-batch: without the operations that it does not call and the documentation of shapes."
_SOURCE_ONLY = shutil.ignore_patterns("__pycache__", "*.pyc", "*.pyi", "py.typed")


@cache
def asset_folder() -> str:
    """Return the folder of the asset: one for all stacks of an app, which the CDK then looks through once."""
    return _folder(write_asset)


@cache
def pipeline_asset_folder() -> str:
    """Return the folder of the asset of pipelines, one for all of an app."""
    return _folder(write_pipeline_asset)


def _folder(write: Callable[[Path], None]) -> str:
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write(Path(folder))
    return folder


def write_asset(folder: Path) -> None:
    """Write all that the function needs into an empty folder."""
    _write_modules(folder, "model_invocation_job")
    shutil.copytree(_crhelper_source(), folder / "crhelper", ignore=_SOURCE_ONLY)
    write_licences("crhelper", folder / "crhelper")
    _write_service_model(folder, OPERATIONS)


def write_pipeline_asset(folder: Path) -> None:
    """Write all that a pipeline's functions need into an empty folder."""
    _write_modules(folder, "model_invocation_job", "batch_inference_pipeline")
    _write_service_model(folder, OPERATIONS + _OF_PIPELINES)


def _write_modules(folder: Path, *packages: str) -> None:
    for name in packages:
        shutil.copytree(_source() / name, folder / name, ignore=_SOURCE_ONLY)


def _write_service_model(folder: Path, operations: Iterable[str]) -> None:
    model = folder / "service_model" / "bedrock" / "2023-04-20" / "service-2.json"
    model.parent.mkdir(parents=True)
    model.write_text(json.dumps(service_model(operations), sort_keys=True, separators=(",", ":")), encoding="utf-8")
    write_licences("botocore", folder / "service_model")


def _source() -> Path:
    """Return the folder of the functions' packages: in the wheel inside this package, in a checkout beside it."""
    package = Path(__file__).parents[1]
    installed = package / "_lambda"
    return installed if installed.is_dir() else package.parents[1] / "lambda"


def _crhelper_source() -> Path:
    # Found without being run: it loads half of boto3.
    found = find_spec("crhelper")
    if not (found and found.origin):
        raise ModuleNotFoundError("crhelper is not installed: install cdk-bedrock-batch with its dependencies")
    return Path(found.origin).parent


def service_model(operations: Iterable[str]) -> dict[str, Any]:
    """Return Bedrock's service model as of the installed botocore, reduced to some operations."""
    model = bedrock()
    called = {name: model["operations"][name] for name in operations}
    shapes: dict[str, Any] = {}
    _collect(called, model["shapes"], shapes)
    kept = {"version": model["version"], "metadata": model["metadata"], "operations": called, "shapes": shapes}
    return {"comment": _CHANGE, **kept}


def _collect(part: Any, shapes: dict[str, Any], found: dict[str, Any]) -> None:  # noqa: ANN401 (JSON)
    for name in _shape_names(part):
        if name not in found:
            found[name] = {key: value for key, value in shapes[name].items() if key != "documentation"}
            _collect(shapes[name], shapes, found)


def _shape_names(part: Any) -> Iterator[str]:  # noqa: ANN401 (JSON)
    if isinstance(part, dict):
        if isinstance(part.get("shape"), str):
            yield part["shape"]
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from _shape_names(item)
