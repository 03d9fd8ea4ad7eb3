"""A pipeline's function that is killed when Bedrock has made a job and before it has noted so: once, for one shard."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cdk_bedrock_batch._function.asset import pipeline_asset_folder

from .pipelines import Pipeline

_HANDLER = "batch_inference_pipeline.index.jobs"
_DYING = """
import os
from pathlib import Path

from batch_inference_pipeline.index import jobs  # noqa: F401
from model_invocation_job.jobs.jobs import BedrockJobs

create = BedrockJobs.create


def die_once(self, name, token, parameters):
    arn, mark = create(self, name, token, parameters), Path({mark!r})
    if {shard!r} in name and not mark.exists():
        mark.write_text(arn)
        os._exit(9)
    return arn


BedrockJobs.create = die_once
"""


@contextmanager
def killed(pipeline: Pipeline, shard: str, mark: Path) -> Iterator[None]:
    """Have the function for jobs die for a shard; the ARN of the job that it had made is written to a file."""
    name = pipeline.deployed.of_type("AWS::Lambda::Function", "NightlyFunctionsResourcesJobs")
    functions = pipeline.aws.client("lambda")
    more = {"dying.py": _DYING.format(mark=str(mark), shard=shard)}
    functions.update_function_code(FunctionName=name, ZipFile=_zipped(Path(pipeline_asset_folder()), more))
    functions.update_function_configuration(FunctionName=name, Handler="dying.jobs")
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Handler=_HANDLER)


def _zipped(folder: Path, more: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in folder.rglob("*"):
            archive.write(file, file.relative_to(folder))
        for name, text in more.items():
            archive.writestr(name, text)
    return content.getvalue()
