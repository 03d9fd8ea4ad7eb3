"""A stack of the previous template's shape becomes one of the present shape, with a job that still runs in it."""

import shutil
from pathlib import Path

from aws_cdk import App, Stack

from bedrock_batch import plan_deployment
from bedrock_local.running import RunningAws
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob

from .conftest import deploy

PREVIOUS = Path(__file__).with_name("previous")
NAME = "Upgrade"
LIVE = ("Submitted", "Validating", "Scheduled", "InProgress")


def assembly_of_the_present(folder: Path) -> Path:
    """What the construct makes today of what the previous assembly was made of."""
    app = App(outdir=str(folder))
    model = BatchModel.foundation_model("amazon.nova-lite-v1:0")
    records = InputData.from_file(PREVIOUS / "prompts.jsonl")
    ModelInvocationJob(Stack(app, NAME), "Summaries", model=model, input_data=records)
    app.synth()
    return folder


def job_arn(aws: RunningAws) -> str:
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"]
    (output,) = stack["Outputs"]
    return str(output["OutputValue"])


def jobs(aws: RunningAws) -> dict[str, str]:
    summaries = aws.client("bedrock").list_model_invocation_jobs()["invocationJobSummaries"]
    return {job["jobArn"]: job["status"] for job in summaries}


def data(aws: RunningAws) -> dict[str, int]:
    """How many objects there are in each bucket, those of the bootstrap left out."""
    s3 = aws.client("s3")
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    return {name: s3.list_objects_v2(Bucket=name)["KeyCount"] for name in names if not name.startswith("cdk-")}


def test_the_previous_template_is_upgraded_to_one_live_job_and_keeps_its_data(aws: RunningAws, tmp_path: Path) -> None:
    previous = Path(shutil.copytree(PREVIOUS, tmp_path / "previous"))
    with aws.faults.hold("InProgress", job_name=NAME):
        deploy(aws, previous)
        old, before = job_arn(aws), data(aws)
        assert set(jobs(aws)) == {old}
        assert sorted(before.values()) == [0, 1], "an empty bucket for the results, and the records"

        present = assembly_of_the_present(tmp_path / "present")
        (planned,) = plan_deployment(present, lambda service, _: aws.client(service)).jobs
        assert (planned.action, planned.before_is) == ("runs", "stopped")
        deploy(aws, present)
        new, after, states = job_arn(aws), data(aws), jobs(aws)

    assert new != old
    assert states.keys() == {old, new}
    assert states[old] in ("Stopping", "Stopped")
    assert states[new] in LIVE
    kept = {name: after.get(name, -1) for name in before}
    assert all(kept[name] >= before[name] for name in before), "old buckets are kept, with what is in them"
    assert len(after) == len(before) + 2
