"""The table in docs/updates.md of what a deployment does to a job: each row is tried."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import Duration, NestedStack, RemovalPolicy, Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from bedrock_local.environment import REGION
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchModel, InputData, InvocationType, OutputData, WaitUntil

from .conftest import REPOSITORY
from .gallery import World, job, jsonl, records
from .jobs import Jobs
from .life import Life, made
from .stacks import StackFailedError, Stacks

_TABLE = (REPOSITORY / "docs" / "updates.md").read_text(encoding="utf-8").partition("\n## ")[0]
ROWS = re.findall(r"^\| (.+?) \| .+ \|$", _TABLE, re.MULTILINE)[2:]


def deployed(life: Life) -> None:
    nothing = InputData.from_uri(f"s3://{life.world.own_bucket}/nothing/here.jsonl")
    with pytest.raises(StackFailedError, match="The job ended as Failed"):
        life.deploy(input_data=nothing, wait_until=WaitUntil.VALIDATED)
    life.stacks.cloudformation.delete_stack(StackName=life.name)
    arn = life.deploy(wait_until=WaitUntil.VALIDATED)
    assert life.jobs.get(arn)["status"] in ("Scheduled", "InProgress", "Completed")


def deployed_again(life: Life) -> None:
    first = life.completed()
    with pytest.raises(Exception, match="No updates"):
        life.deploy()
    assert life.jobs.named(f"{life.name}-") == [first]


def other_results(life: Life) -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"input_data": InputData.from_records(records(text="Say goodbye"))},
        {"model": BatchModel.foundation_model("amazon.nova-pro-v1:0")},
        {"invocation_type": InvocationType.CONVERSE},
        {"output_data": OutputData.to_uri(f"s3://{life.world.own_bucket}/elsewhere/")},
        {"encryption_key": lambda stack: kms.Key(stack, "Key", removal_policy=RemovalPolicy.DESTROY)},
        {"run_token": "2"},
        {"client_request_token": "mine"},
    ]
    for number, change in enumerate(changes, 1):
        life.completed(**change)
        assert len(life.arns) == number, change
    with life.runs_on():
        old = life.running(run_token="3")
        life.running(run_token="4")
        assert life.is_stopped(old)


def by_another_name(life: Life) -> None:
    folder = life.stacks.folder / life.name
    folder.mkdir()
    one, more, one_renamed, more_renamed = (folder / f"{name}.jsonl" for name in ("one", "more", "uno", "mas"))
    for path, text in {one: "hello", one_renamed: "hello", more: "goodbye", more_renamed: "goodbye"}.items():
        path.write_bytes(jsonl(records(text=f"Say {text}")))
    same_model = BatchModel.foundation_model(f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-lite-v1:0")
    changes: list[tuple[dict[str, Any], int]] = [
        ({"input_data": InputData.from_file(one)}, 100),
        ({"input_data": InputData.from_file(one_renamed)}, 100),
        ({"input_data": InputData.from_files([one, more])}, 200),
        # What stood there under the earlier name is not read once more.
        ({"input_data": InputData.from_files([one, more_renamed])}, 200),
        ({"input_data": InputData.from_files([more_renamed, one]), "model": same_model}, 200),
    ]
    for number, (change, answered) in enumerate(changes, 1):
        arn = life.completed(**change)
        assert (len(life.arns), life.jobs.get(arn)["totalRecordCount"]) == (number, answered), change


def role(stack: Stack) -> iam.IRole:
    return iam.Role(stack, "Mine", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))


def vpc(stack: Stack) -> ec2.IVpc:
    isolated = ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    return ec2.Vpc(stack, "Vpc", max_azs=1, nat_gateways=0, subnet_configuration=[isolated])


def same_results(life: Life) -> None:
    chosen = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    changes: list[dict[str, Any]] = [
        {"timeout": Duration.hours(48)},
        {"role": role},
        {"vpc": vpc, "vpc_subnets": chosen},
    ]
    first = life.completed()
    for change in changes:
        assert life.deploy(**change) == first, change
    with life.runs_on():
        old = life.running(run_token="2")
        for change in changes:
            new = life.running(run_token="2", **change)
            assert life.is_stopped(old), change
            old = new


def other_objects(life: Life) -> None:
    place = {"Bucket": life.world.own_bucket, "Key": f"{life.name}/one.jsonl"}
    data = InputData.from_uri(f"s3://{place['Bucket']}/{life.name}/")
    life.stacks.s3.put_object(**place, Body=jsonl(records()))
    first = life.completed(input_data=data)
    life.stacks.s3.put_object(**place, Body=jsonl(records(text="Say goodbye")))
    # CloudFormation itself sees a change, of something else.
    assert life.deploy(input_data=data, stop_on_delete=False) == first
    assert life.deploy(input_data=data, run_token="2") != first


def mended_elsewhere(life: Life) -> None:
    data = InputData.from_uri(f"s3://{life.world.own_bucket}/{life.name}/")
    first = life.deploy(input_data=data)
    assert life.jobs.ended(first)["status"] == "Failed"
    life.stacks.s3.put_object(Bucket=life.world.own_bucket, Key=f"{life.name}/one.jsonl", Body=jsonl(records()))
    assert life.deploy(input_data=data, stop_on_delete=False) == first
    assert life.jobs.get(first)["status"] == "Failed"
    assert life.completed(input_data=data, run_token="2") != first


def tags(life: Life) -> None:
    with life.runs_on():
        first = life.running()

        def tagged(stack: Stack) -> None:
            Tags.of(job(stack, "Job")).add("cost-centre", "research")

        assert life.deploy(tagged) == first
        found = life.jobs.bedrock.list_tags_for_resource(resourceARN=first)["tags"]
        assert {"key": "cost-centre", "value": "research"} in found


def anything_else(life: Life) -> None:
    def watched(stack: Stack) -> None:
        job(stack, "Job").alarm_on_failed("Alarm")

    first = life.completed()
    changes = [{"job_name": "another"}, {"stop_on_delete": False}, {"wait_until": WaitUntil.VALIDATED}]
    for change in changes:
        assert life.deploy(**change) == first, change
    assert life.deploy(watched) == first
    assert life.jobs.get(life.deploy(job_name="another", run_token="2"))["jobName"].startswith("another-")


def renamed_or_moved(life: Life) -> None:
    moves: list[dict[str, Any]] = [
        {},
        {"id": "Renamed"},
        {"scope": lambda stack: Construct(stack, "Group")},
        {"scope": lambda stack: NestedStack(stack, "Inner")},
    ]
    with life.runs_on():
        for number, move in enumerate(moves, 1):
            life.running(**move)
            assert len(life.arns) == number, move
            assert all(life.is_stopped(arn) for arn in life.arns[:-1]), move
    assert life.jobs.ended(life.arns[-1])["status"] == "Completed"
    # To another stack, and that when there are results.
    other = life.stacks.deploy(made(), f"{life.name}Other")
    assert other.jobs["Job"] not in life.arns
    assert life.jobs.ended(other.jobs["Job"])["status"] == "Completed"


def back(life: Life) -> None:
    def failing(stack: Stack) -> None:
        sibling = job(stack, "Sibling", input_data=nothing, wait_until=WaitUntil.VALIDATED)
        sibling.node.add_dependency(job(stack, "Job", run_token="2"))

    nothing = InputData.from_uri(f"s3://{life.world.own_bucket}/nothing/here.jsonl")
    with life.runs_on():
        first = life.running()
        with pytest.raises(StackFailedError):
            life.stacks.deploy(failing, life.name)
        assert life.deployed.jobs == {"Job": first}
        assert life.jobs.get(first)["status"] == "InProgress"
    life.jobs.ended(first)
    assert life.completed(run_token="3") != first
    assert life.deploy() == first


def destroyed(life: Life) -> None:
    with life.runs_on():
        running = life.running()
        life.stacks.destroy(life.deployed)
        assert life.is_stopped(running)


def destroyed_and_deployed_again(life: Life) -> None:
    given = {
        "input_data": InputData.from_uri(f"s3://{life.world.own_bucket}/one.jsonl"),
        "output_data": OutputData.to_uri(f"s3://{life.world.own_bucket}/results/"),
    }
    # Also where all of its data stays in its place.
    for number, parameters in enumerate(({}, {}, given, given), 1):
        first = life.completed(**parameters)
        assert len(life.arns) == number
        life.stacks.destroy(life.deployed)
        output = life.jobs.get(first)["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
        bucket, _, prefix = f"{output}{first.rpartition('/')[2]}/".removeprefix("s3://").partition("/")
        assert life.stacks.s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["KeyCount"] == 2


TRIED: dict[str, Callable[[Life], None]] = {
    "deploy": deployed,
    "deploy again, nothing changed": deployed_again,
    "change the input's content, the model, the invocation type, the output, the encryption key, `run_token` or "
    "`client_request_token`": other_results,
    "change the role, the network or the timeout": same_results,
    "give a local file of the input another name, or the model by its ARN instead of its id": by_another_name,
    "put other objects where `from_bucket` or `from_uri` reads": other_objects,
    "mend elsewhere what a job failed for (access to the model, a bucket's policy, objects of the input)": (
        mended_elsewhere
    ),
    "change its tags": tags,
    "change anything else of it, `job_name` too": anything_else,
    "rename the construct, or move it to another scope or stack": renamed_or_moved,
    "roll back, or deploy the earlier version again": back,
    "destroy": destroyed,
    "destroy, then deploy again": destroyed_and_deployed_again,
}


def test_each_row_is_tried() -> None:
    assert list(TRIED) == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_a_deployment_does_what_the_table_says(
    stacks: Stacks, jobs: Jobs, aws: RunningAws, world: World, row: str
) -> None:
    tried = TRIED[row]
    tried(Life(stacks, jobs, aws, world, f"Row{tried.__name__.title().replace('_', '')}"))
