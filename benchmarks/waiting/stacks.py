"""The stacks of the jobs, and the code of what polls."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import crhelper
from aws_cdk import App, DefaultStackSynthesizer, Stack
from aws_cdk import aws_iam as iam

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob, OutputData, WaitUntil
from waiting.jobs import BUCKET, CRHELPER, FINISHED, INPUT, MODEL, OUTPUT, job, names

POLLED = "Custom::Polled"
_POLLING = Path(__file__).parent

Template = Mapping[str, Any]


def finished(folder: Path, put: Callable[[str, bytes], None]) -> Template:
    """Return the template of the jobs with ``WaitUntil.FINISHED``, its assets put into the bucket."""
    app = App(outdir=str(folder))
    synthesizer = DefaultStackSynthesizer(file_assets_bucket_name=BUCKET, generate_bootstrap_version_rule=False)
    stack = Stack(app, "Finished", synthesizer=synthesizer)
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    for name in names(FINISHED):
        ModelInvocationJob(
            stack,
            name,
            model=BatchModel.foundation_model(MODEL),
            input_data=InputData.from_uri(INPUT),
            output_data=OutputData.to_uri(OUTPUT),
            role=role,
            job_name=name,
            wait_until=WaitUntil.FINISHED,
        )
    made = app.synth()
    manifest = json.loads((folder / "Finished.assets.json").read_text(encoding="utf-8"))
    for asset in manifest["files"].values():
        source = folder / asset["source"]["path"]
        body = zipped(*source.iterdir()) if source.is_dir() else source.read_bytes()
        for destination in asset["destinations"].values():
            put(destination["objectKey"], body)
    template: Template = made.get_stack_by_name("Finished").template
    return template


def pollers() -> Template:
    """Return the template of what polls: crhelper's function, the state machine, and their role."""
    template: Template = json.loads((_POLLING / "polling.json").read_text(encoding="utf-8"))
    return template


def code_of_pollers() -> bytes:
    """Return what the function of that template consists of."""
    return zipped(_POLLING / "polling.py", Path(crhelper.__file__).parent)


def polled(function: str, role: str) -> Template:
    """Return the template of the jobs that crhelper polls for."""
    resources = {
        re.sub(r"\W", "", name): {"Type": POLLED, "Properties": {"ServiceToken": function, "Job": job(name, role)}}
        for name in names(CRHELPER)
    }
    return {"Resources": resources}


def zipped(*paths: Path) -> bytes:
    """Return an archive of files and folders, each under its own name."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in paths:
            for each in (path, *path.rglob("*")):
                file.write(each, each.relative_to(path.parent))
    return archive.getvalue()
