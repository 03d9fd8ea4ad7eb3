"""The programs of a function's layers are where Lambda has them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.seeing_functions import make_function, packed

LAYERS = [
    {
        "tool/run": "#!/var/lang/bin/python\nimport sys; print('Python', open(sys.argv[1]).read())",
        "text": "of the first",
        "bin/named": "#!/bin/sh\necho named",
    },
    {"text": "of the second", "both/shell": '#!/bin/sh\necho shell "$@"'},
]
CODE = """
import subprocess
def handler(event, context):
    try:
        return subprocess.run(event, check=True, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError as error:
        return error.filename
"""


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    with LocalAws(model="echo", directory=tmp_path_factory.mktemp("aws")) as running:
        functions = running.client("lambda")
        arns = [
            functions.publish_layer_version(LayerName=f"layer{number}", Content={"ZipFile": packed(files)})
            for number, files in enumerate(LAYERS)
        ]
        layers = [layer["LayerVersionArn"] for layer in arns]
        make_function(running, "with-layers", "python3.13", ("index.py", CODE), Layers=layers)
        make_function(running, "without", "python3.13", ("index.py", CODE))
        yield running


def run(aws: RunningAws, function: str, *command: str) -> Any:
    answer = aws.client("lambda").invoke(FunctionName=function, Payload=json.dumps(command))
    return json.loads(answer["Payload"].read())


def test_a_program_of_lambdas_python_is_run_with_ours_and_reads_what_lies_beside_it(aws: RunningAws) -> None:
    assert run(aws, "with-layers", "/opt/tool/run", "/opt/text") == "Python of the second"


def test_a_layer_that_is_named_later_comes_first(aws: RunningAws) -> None:
    assert run(aws, "with-layers", "cat", "/opt/text") == "of the second"


@pytest.mark.parametrize("command", [["/opt/both/shell", "a", "/opt/none"], ["named"]])
def test_other_programs_are_run_as_they_are(aws: RunningAws, command: list[str]) -> None:
    assert run(aws, "with-layers", *command) == {"/opt/both/shell": "shell a /opt/none", "named": "named"}[command[0]]


def test_a_program_that_the_function_brings_can_be_run(aws: RunningAws) -> None:
    files = {"index.py": CODE, "bin/own": "#!/bin/sh\necho its own"}
    make_function(aws, "with-program", "python3.13", ("index.py", ""))
    aws.client("lambda").update_function_code(FunctionName="with-program", ZipFile=packed(files))
    assert run(aws, "with-program", "bin/own") == "its own"


@pytest.mark.parametrize("function", ["with-layers", "without"])
def test_what_is_in_no_layer_is_not_there(aws: RunningAws, function: str) -> None:
    assert run(aws, function, "/opt/none") == "/opt/none"
