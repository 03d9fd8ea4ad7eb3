"""The CDK's own functions, in stacks of people who use them, pass create, update and destroy."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnJson, CfnOutput, CustomResource, Environment, NestedStack, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_lambda as functions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from aws_cdk.custom_resources import Provider

from bedrock_local.environment import ACCOUNT, REGION
from bedrock_local.running import RunningAws

from .conftest import Deployments
from .helpers import HELPERS, calls, emptied_bucket, provider, site
from .stacks import Deployed, StackFailedError, Stacks

ELSEWHERE = "eu-west-1"


def lives(stacks: Stacks, build: Callable[[Stack, int], object], name: str) -> tuple[Any, Any]:
    """Create, update and destroy a stack; return its outputs before and after the update."""
    before = stacks.deploy(lambda stack: build(stack, 1), name).outputs
    after = stacks.deploy(lambda stack: build(stack, 2), name)
    outputs = after.outputs
    stacks.destroy(after)
    return before, outputs


@pytest.mark.parametrize("name", HELPERS)
def test_each_passes_create_update_and_destroy(stacks: Stacks, name: str) -> None:
    lives(stacks, HELPERS[name], f"Helper-{name}")


def objects(stacks: Stacks, deployed: Deployed) -> dict[str, str]:
    bucket = deployed.outputs["Name"]
    found = stacks.s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {each["Key"]: stacks.s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read().decode() for each in found}


def test_a_bucket_goes_with_its_stack_whatever_is_in_it(stacks: Stacks) -> None:
    deployed = stacks.deploy(lambda stack: emptied_bucket(stack, 2), "Emptied")
    bucket = deployed.outputs["Name"]
    for version in ("one", "two"):
        stacks.s3.put_object(Bucket=bucket, Key="of/the/user", Body=version)
    stacks.s3.delete_object(Bucket=bucket, Key="of/the/user")
    stacks.destroy(deployed)
    assert bucket not in [each["Name"] for each in stacks.s3.list_buckets()["Buckets"]]


def test_files_are_copied_to_a_bucket_and_replaced(stacks: Stacks, tmp_path: Path) -> None:
    build = partial(site, folder=tmp_path)
    deployed = stacks.deploy(lambda stack: build(stack, 1), "Site")
    made = json.dumps({"arn": f"arn:aws:s3:::{deployed.outputs['Name']}"}, separators=(",", ":"))
    assert objects(stacks, deployed) == {"index.html": "<p>1</p>", "only-1.txt": "", "made.json": made}
    deployed = stacks.deploy(lambda stack: build(stack, 2), "Site")
    assert objects(stacks, deployed) == {"index.html": "<p>2</p>", "only-2.txt": "", "made.json": made}
    stacks.destroy(deployed)


def test_calls_of_the_sdk_say_what_the_service_says(stacks: Stacks) -> None:
    assert lives(stacks, calls, "Calls") == ({"Value": "v1"}, {"Value": "v2"})


def test_a_provider_that_waits_has_its_answer(stacks: Stacks) -> None:
    both = {name: {"Late": version, "Soon": version} for name, version in (("before", "1"), ("after", "2"))}
    assert lives(stacks, provider, "Providers") == (both["before"], both["after"])


def test_a_call_that_is_refused_fails_the_stack_with_the_services_words(stacks: Stacks, aws: RunningAws) -> None:
    aws.client("ssm").put_parameter(Name="of-helpers", Value="somebody else's", Type="String")
    with pytest.raises(StackFailedError, match="already exists"):
        stacks.deploy(lambda stack: calls(stack, 1), "RefusedCall")


def test_a_provider_whose_function_cannot_start_fails_the_stack_with_the_reason(stacks: Stacks) -> None:
    def build(stack: Stack) -> None:
        runtime, handler = functions.Runtime.PYTHON_3_13, "index.handler"
        code = functions.Code.from_inline("import nothing_of_that_name")
        broken = functions.Function(stack, "Broken", runtime=runtime, handler=handler, code=code)
        CustomResource(stack, "Thing", service_token=Provider(stack, "Provider", on_event_handler=broken).service_token)

    with pytest.raises(StackFailedError, match="No module named 'nothing_of_that_name'"):
        stacks.deploy(build, "Broken")


def test_what_an_update_of_a_nested_stack_leaves_alone_is_still_known(stacks: Stacks) -> None:
    def build(stack: Stack, version: int) -> None:
        nested = NestedStack(stack, "Nested")
        queue = sqs.Queue(nested, "Queue")
        ssm.StringParameter(nested, "Parameter", string_value=f"{version} {queue.queue_arn}")
        CfnOutput(stack, "QueueName", value=queue.queue_name)

    before, after = lives(stacks, build, "Nesting")
    assert before == after


def across_regions(app: App, version: int) -> None:
    here = Stack(app, "Here", env=Environment(account=ACCOUNT, region=REGION), cross_region_references=True)
    there = Stack(app, "There", env=Environment(account=ACCOUNT, region=ELSEWHERE), cross_region_references=True)
    queue = sqs.Queue(here, "Queue", queue_name=f"queue-{version}")
    named = ssm.StringParameter(there, "Parameter", string_value=queue.queue_arn)
    CfnJson(there, "Json", value={named.parameter_name: version})
    code = functions.Code.from_inline(f"exports.handler = async () => {version}")
    runtime, handler = functions.Runtime.NODEJS_22_X, "index.handler"
    edge = cloudfront.experimental.EdgeFunction(there, "Edge", runtime=runtime, handler=handler, code=code)
    CfnOutput(there, "EdgeArn", value=edge.edge_arn)
    emptied_bucket(there, version)


def test_what_one_region_says_is_read_in_another(deployments: Deployments, tmp_path: Path) -> None:
    deployments.run("bootstrap", f"aws://{ACCOUNT}/{ELSEWHERE}")
    for version in (1, 2):
        app = App(outdir=str(tmp_path / f"cdk.out.{version}"))
        across_regions(app, version)
        app.synth()
        printed = deployments.run("deploy", "--all", "--require-approval", "never", "--app", app.outdir)
        assert f"There.EdgeArn = arn:aws:lambda:{REGION}:{ACCOUNT}:function:" in printed
    deployments.run("destroy", "--all", "--force", "--app", app.outdir)
