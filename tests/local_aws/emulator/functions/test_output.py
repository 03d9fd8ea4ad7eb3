"""What a function prints is read to its end, whatever it is, and whatever the locale of who started the local AWS."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.seeing_functions import zipped

NO_TEXT = "b'\\xff\\xfe' + b'x' * 300_000 + b'\\n'"
FUNCTIONS = {
    "standard output": f"import sys\ndef handler(event, context): sys.stdout.buffer.write({NO_TEXT}); return event",
    "standard error": f"import sys\ndef handler(event, context): sys.stderr.buffer.write({NO_TEXT}); return event",
    "number 2": f"import os\ndef handler(event, context): os.write(2, {NO_TEXT}); return event",
    "letters": "def handler(event, context): print('Grüße \N{SNOWMAN}', event); return event",
}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    """Started where the locale has no letters but those of ASCII."""
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ascii_only.items():
            patch.setitem(os.environ, name, value)
        with LocalAws(model="echo", directory=tmp_path_factory.mktemp("aws")) as running:
            yield running


def role(aws: RunningAws) -> str:
    service = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [service]})
    iam = aws.client("iam")
    return str(iam.create_role(RoleName=os.urandom(8).hex(), AssumeRolePolicyDocument=trust)["Role"]["Arn"])


def invoke(aws: RunningAws, code: str) -> dict[str, Any]:
    functions, name = aws.client("lambda"), os.urandom(8).hex()
    archive = {"ZipFile": zipped("index.py", code)}
    functions.create_function(
        FunctionName=name, Runtime="python3.13", Handler="index.handler", Role=role(aws), Code=archive, Timeout=10
    )
    answer: dict[str, Any] = functions.invoke(FunctionName=name, Payload=json.dumps({"a": "ü"}), LogType="Tail")
    return answer


@pytest.mark.parametrize("printed", FUNCTIONS)
def test_a_function_may_print_anything(aws: RunningAws, printed: str) -> None:
    answer = invoke(aws, FUNCTIONS[printed])
    assert json.loads(answer["Payload"].read()) == {"a": "ü"}
    if printed == "letters":
        assert "Grüße \N{SNOWMAN} {'a': 'ü'}" in base64.b64decode(answer["LogResult"]).decode()


def test_the_log_is_read_in_any_locale(aws: RunningAws, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="ü-model"):
        LocalAws(model="ü-model", directory=tmp_path).start()
    assert aws.answers()
