"""The AWS SDK for JavaScript, which Lambda's Node.js has: ministack has a few clients of it, and none of S3.

A function that asks for another cannot start, such as the one of the CDK that empties a bucket.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
"""

import json
import sys
from pathlib import Path

import boto3
from botocore.session import Session
from botocore.utils import EVENT_ALIASES

from bedrock_local.emulator.functions.first_lines import run_first

_SDK = Path(__file__).with_name("sdk")
#: Services whose name in boto3 has the words of the SDK's in another order, or that have two names there.
_OTHERWISE = {
    "cloudwatchevents": "events",
    "directoryservicedata": "ds-data",
    "lexmodelsv2": "lexv2-models",
    "lexruntimev2": "lexv2-runtime",
}


def bring_sdk() -> None:
    """Let functions find a package of the SDK: the one that they bring, the one beside the app, or ours."""
    settings = {
        "python": sys.executable,
        "calls": str(_SDK / "calls.py"),
        "packages": str(Path(boto3.__file__).parents[1]),
        "folder": str(Path.cwd()),
        "services": _services(),
    }
    run_first("nodejs", f"require({json.dumps(str(_SDK / 'resolution.js'))})({json.dumps(settings)});\n")


def _services() -> dict[str, str]:
    """Name boto3's services by what the SDK calls them, without the hyphens that the two set differently."""
    names = Session().get_available_services()
    aliases = {EVENT_ALIASES[name].replace("-", ""): name for name in names if name in EVENT_ALIASES}
    return {**{name.replace("-", ""): name for name in names if name not in EVENT_ALIASES}, **aliases, **_OTHERWISE}
