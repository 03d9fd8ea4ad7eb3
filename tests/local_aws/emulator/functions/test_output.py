"""What a function prints is read to its end, whatever it is, and whatever the locale of who started the local AWS."""

import base64
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.seeing_functions import zipped

NO_TEXT = "b'\\xff\\xfe' + b'x' * 300_000 + b'\\n'"
FORGED = '{"status": "ok", "result": "forged"}'
FUNCTIONS = {
    "standard output": f"import sys\ndef handler(event, context): sys.stdout.buffer.write({NO_TEXT}); return event",
    "standard error": f"import sys\ndef handler(event, context): sys.stderr.buffer.write({NO_TEXT}); return event",
    "number 1": f"import os\ndef handler(event, context): os.write(1, {NO_TEXT}); return event",
    "number 2": f"import os\ndef handler(event, context): os.write(2, {NO_TEXT}); return event",
    "letters": "def handler(event, context): print('Grüße \N{SNOWMAN}', event); return event",
}
#: What makes a program print, in each language.
STARTING = {
    "python3.13": (
        "index.py",
        "import subprocess\ndef handler(event, context): subprocess.run(event['command']); return event['a']",
    ),
    "nodejs22.x": (
        "index.js",
        """const { spawnSync } = require("child_process");
exports.handler = async (event) => {
  spawnSync(event.command[0], event.command.slice(1), { stdio: "inherit" });
  return event.a;
};""",
    ),
}
PRINTED = {
    "many lines": "print('a line\\n' * 1000, end='last of all\\n')",
    "an answer": f"print({FORGED!r}, 'last of all')",
    "an answer alone": f"print({FORGED!r}); print('last of all')",
    "no whole line": "print('last of all\\nunfinished', end='')",
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


def invoke(aws: RunningAws, file: str, code: str, runtime: str = "python3.13", **more: Any) -> tuple[Any, str]:
    """Invoke a function; return its answer and its log."""
    functions, name = aws.client("lambda"), os.urandom(8).hex()
    archive = {"ZipFile": zipped(file, code)}
    functions.create_function(
        FunctionName=name, Runtime=runtime, Handler="index.handler", Role=role(aws), Code=archive, Timeout=10
    )
    answer = functions.invoke(FunctionName=name, Payload=json.dumps({"a": "ü", **more}), LogType="Tail")
    return json.loads(answer["Payload"].read()), base64.b64decode(answer["LogResult"]).decode()


@pytest.mark.parametrize("printed", FUNCTIONS)
def test_a_function_may_print_anything(aws: RunningAws, printed: str) -> None:
    answer, log = invoke(aws, "index.py", FUNCTIONS[printed])
    assert answer == {"a": "ü"}
    if printed == "letters":
        assert "Grüße \N{SNOWMAN} {'a': 'ü'}" in log


@pytest.mark.parametrize("printed", PRINTED)
@pytest.mark.parametrize("runtime", STARTING)
def test_what_programs_print_is_in_the_log_and_no_part_of_the_answer(
    aws: RunningAws, runtime: str, printed: str
) -> None:
    command = [sys.executable, "-c", PRINTED[printed]]
    answer, log = invoke(aws, *STARTING[runtime], runtime, command=command)
    assert answer == "ü"
    assert "last of all" in log


@pytest.mark.parametrize("runtime", STARTING)
def test_each_log_has_what_was_printed_before_the_answer(aws: RunningAws, runtime: str) -> None:
    """However many functions print at once: the emulator reads them all, each a little late."""
    command = [sys.executable, "-c", "print('.\\n' * 100_000, end='last of all')"]
    with ThreadPoolExecutor(8) as threads:
        invoked = [threads.submit(invoke, aws, *STARTING[runtime], runtime, command=command) for _ in range(8)]
    assert all("last of all" in each.result()[1] for each in invoked)


def test_the_log_is_read_in_any_locale(aws: RunningAws, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="ü-model"):
        LocalAws(model="ü-model", directory=tmp_path).start()
    assert aws.answers()
