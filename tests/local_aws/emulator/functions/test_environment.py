"""What runs in the local AWS has no variable of its host."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import ministack
import pytest

from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.processes import eventually
from tests.local_aws.seeing_functions import CREDENTIALS, OF_THE_TEMPLATE, RUNTIMES, seen_by_a_function

CANARY = "canary-of-the-host"
# Of a user with tokens, proxies, a real account, and settings of the emulator's own.
HOST = {
    **dict.fromkeys(("GITHUB_TOKEN", "NPM_TOKEN", "USER", "SSH_AUTH_SOCK", "NODE_OPTIONS_OF_THE_USER"), CANARY),
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"), f"http://{CANARY}.invalid"),
    **dict.fromkeys(("AWS_SESSION_TOKEN", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_RUNTIME_API"), CANARY),
    **dict.fromkeys(("LAMBDA_TASK_ROOT", "LOCALSTACK_HOSTNAME", "LAMBDA_EXECUTOR", "MINISTACK_REGION"), CANARY),
    **dict.fromkeys(("HOME", "SSL_CERT_DIR"), f"/{CANARY}"),
}

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
OF_LAMBDA = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_TASK_ROOT",
    "LANG",
    "LD_LIBRARY_PATH",
    "PATH",
    "PYTHONPATH",
    "TZ",
}
# To reach the local AWS, and no file of the user's.
OF_THE_LOCAL_AWS = {
    "AWS_CONFIG_FILE",
    "AWS_DISABLE_HOST_PREFIX_INJECTION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_ENDPOINT_URL",
    "AWS_SHARED_CREDENTIALS_FILE",
    "HOME",
    "TMPDIR",
    # The emulator's messages to what runs the handler.
    "_LAMBDA_FUNCTION_ARN",
    "_LAMBDA_TIMEOUT",
    "_MINISTACK_INVOKE_DEPTH",
    # So that npm fetches nothing.
    "NPM_CONFIG_LOGS_MAX",
    "NPM_CONFIG_OFFLINE",
    # Python sets it by itself where the language of LANG is not installed.
    "LC_CTYPE",
}
# What starts a process.
STARTERS = {
    *(f"subprocess.{name}" for name in ("Popen", "run", "call", "check_call", "check_output", "getoutput")),
    *(f"asyncio.create_subprocess_{name}" for name in ("exec", "shell")),
    *(f"os.{name}" for name in ("system", "popen", "posix_spawn", "fork", "execv", "execve", "execvp", "spawnv")),
    "multiprocessing.Process",
}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    directory = tmp_path_factory.mktemp("aws")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in HOST.items():
            patch.setenv(name, value)
        local = LocalAws(model="echo", directory=directory)
        running = local.start()
    yield running
    local.stop()


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_function_has_lambdas_variables_and_its_templates_and_no_other(aws: RunningAws, runtime: str) -> None:
    name = runtime.replace(".", "-")
    seen = seen_by_a_function(aws, name, runtime)
    assert not [name for name, value in seen.items() if CANARY in value]
    assert seen.keys() <= OF_LAMBDA | OF_THE_LOCAL_AWS | OF_THE_TEMPLATE.keys()
    assert seen.items() >= OF_THE_TEMPLATE.items()
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == name
    assert seen["AWS_REGION"] == "us-east-1"
    assert seen["AWS_ENDPOINT_URL"] == aws.endpoint_url
    assert seen["AWS_ACCESS_KEY_ID"].startswith("ASIA")


def test_a_resolver_of_appsync_has_nothing_of_the_server(aws: RunningAws) -> None:
    # As a function of CloudFront. The emulator's sandbox has no way to the environment, but one out of it.
    code = "export function request() { return console.log.constructor('return process.env')() }"
    runtime = {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}
    answer = aws.client("appsync").evaluate_code(runtime=runtime, code=code, context="{}", function="request")
    seen = json.loads(answer["evaluationResult"])
    assert seen["AWS_ENDPOINT_URL"] == aws.endpoint_url
    assert seen.keys() <= (OF_LAMBDA | OF_THE_LOCAL_AWS).difference(CREDENTIALS)


def test_a_script_of_glue_has_nothing_of_the_server(aws: RunningAws) -> None:
    aws.client("s3").create_bucket(Bucket="scripts")
    code = b"import os; raise SystemExit(' '.join(name for name in os.environ))"
    aws.client("s3").put_object(Bucket="scripts", Key="script.py", Body=code)
    glue = aws.client("glue")
    command = {"Name": "pythonshell", "ScriptLocation": "s3://scripts/script.py"}
    glue.create_job(Name="environment", Role="any", Command=command, DefaultArguments={"--TABLE": "answers"})
    run = {"JobName": "environment", "RunId": glue.start_job_run(JobName="environment")["JobRunId"]}
    assert eventually(lambda: glue.get_job_run(**run)["JobRun"]["JobRunState"] == "FAILED")
    seen = set(glue.get_job_run(**run)["JobRun"]["ErrorMessage"].split())
    assert {"AWS_ENDPOINT_URL", "TABLE"} <= seen <= (OF_LAMBDA | OF_THE_LOCAL_AWS | {"TABLE"}).difference(CREDENTIALS)


def test_the_server_itself_has_no_token_of_its_hosts_and_no_setting_of_the_emulator(aws: RunningAws) -> None:
    listing = ["ps", "-E" if sys.platform == "darwin" else "e", "-ww", "-o", "command=", "-p", str(aws.pid)]
    shown = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    names = {name for name, value in HOST.items() if f" {name}={value}" in shown}
    assert names == {"HOME", "HTTP_PROXY", "HTTPS_PROXY", "https_proxy", "SSL_CERT_DIR"}


def test_the_emulator_starts_processes_where_it_is_known_to() -> None:
    """Where it starts others after an upgrade, they have to be looked at as these were."""
    folder = Path(str(ministack.__file__)).parent
    found = {
        str(file.relative_to(folder))
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in STARTERS
    }
    assert found == {
        *("core/lambda_runtime.py", "services/lambda_svc.py", "services/glue.py", "core/node_pool.py"),
        # Scripts that only the emulator's own container has, and itself in the background; openssl.
        *("app.py", "core/tls.py"),
    }
