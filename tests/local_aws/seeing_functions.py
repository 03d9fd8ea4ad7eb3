"""Functions in the local AWS that answer with the environment that they see."""

import io
import json
import sys
import zipfile
from collections.abc import Mapping
from typing import Any

from bedrock_local.running import RunningAws

CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
# Those that the emulator has as well are a function's own all the same.
OF_THE_TEMPLATE = {"TABLE": "answers", "LOG_LEVEL": "ERROR", "AUTH": "true"}

IN_PYTHON = "import os\ndef handler(event, context): return dict(os.environ)"
IN_NODE = "exports.handler = async () => process.env"
BOOTSTRAP = f"""#!{sys.executable}
import json, os, urllib.request
api = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    invocation = urllib.request.urlopen(api + "next")
    answer = api + invocation.headers["Lambda-Runtime-Aws-Request-Id"] + "/response"
    urllib.request.urlopen(answer, json.dumps(dict(os.environ)).encode())
"""
RUNTIMES = {
    "python3.12": ("index.py", IN_PYTHON),
    "nodejs20.x": ("index.js", IN_NODE),
    "provided.al2023": ("bootstrap", BOOTSTRAP),
}


def seen_by_a_function(aws: RunningAws, name: str, runtime: str = "python3.12") -> dict[str, str]:
    make_function(aws, name, runtime, RUNTIMES[runtime], Environment={"Variables": OF_THE_TEMPLATE})
    answer = aws.client("lambda").invoke(FunctionName=name)
    seen: dict[str, str] = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, seen
    return seen


def make_function(aws: RunningAws, name: str, runtime: str, code: tuple[str, str], **settings: Any) -> None:
    """Make a function of one file, given by its name and what is in it."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    aws.client("lambda").create_function(
        FunctionName=name,
        Runtime=runtime,
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": zipped(*code)},
        **settings,
    )


def zipped(name: str, code: str) -> bytes:
    return packed({name: code})


def packed(files: Mapping[str, str]) -> bytes:
    """Pack files, given by their names and what is in them, each of which may be run."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, text)
    return file.getvalue()
