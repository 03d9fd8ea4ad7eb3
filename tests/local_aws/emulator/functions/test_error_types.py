"""A function's error has the name of its class, as in the service."""

import json
import uuid

import pytest

from tests.faults.s3 import zipped
from tests.local_aws.conftest import LocalAws

PYTHON = """
class NoRoom(Exception): pass
def handler(event, context): raise NoRoom(event)
"""
NODE = """
class NoRoom extends Error { constructor(message) { super(message); this.name = "NoRoom"; } }
exports.handler = async (event) => { throw new NoRoom(event); };
"""


@pytest.mark.parametrize("message", ["full", "", "two\nlines: of it", "two lines\n"])
@pytest.mark.parametrize(
    ("runtime", "file", "code"), [("python3.13", "index.py", PYTHON), ("nodejs22.x", "index.js", NODE)]
)
def test_an_error_has_the_name_of_its_class(aws: LocalAws, runtime: str, file: str, code: str, message: str) -> None:
    assert invoked(aws, runtime, file, code, message) == "NoRoom"


def test_one_that_was_killed_has_exited(aws: LocalAws) -> None:
    code = "import os\ndef handler(event, context): os.kill(os.getpid(), 9)"
    assert invoked(aws, "python3.13", "index.py", code, "") == "Runtime.ExitError"


def invoked(aws: LocalAws, runtime: str, file: str, code: str, message: str) -> str:
    """Invoke a function that fails; return the type of its error."""
    name = uuid.uuid4().hex
    aws.client("lambda").create_function(
        FunctionName=name,
        Runtime=runtime,
        Handler="index.handler",
        Role=aws.role(),
        Code={"ZipFile": zipped({file: code.encode()})},
    )
    answer = aws.client("lambda").invoke(FunctionName=name, Payload=json.dumps(message))
    assert answer["FunctionError"] == "Unhandled"
    return str(json.loads(answer["Payload"].read())["errorType"])
