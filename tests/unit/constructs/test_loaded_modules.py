"""What a synth does not load: modules that take longer than everything that the construct does itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import RecordFile

APP = """
import sys
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob
app = App(outdir=sys.argv[2])
stack = Stack(app, "Stack")
role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
ModelInvocationJob(
    stack, "Job", role=role if sys.argv[3] == "given" else None,
    model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
    input_data=InputData.from_file(sys.argv[1]),
)
app.synth()
print("\\n".join(sys.modules))
"""


@pytest.mark.parametrize("role", ["own", "given"])
def test_a_job_needs_no_module_for_lambda_or_ec2_and_neither_boto3_nor_processes(
    record_file: RecordFile, tmp_path: Path, role: str
) -> None:
    command = [sys.executable, "-c", APP, record_file(), tmp_path / "cdk.out", role]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert "aws_cdk.aws_iam" in loaded
    large = {"aws_cdk.aws_cloudwatch", "aws_cdk.aws_ec2", "aws_cdk.aws_lambda", "aws_cdk.aws_logs"}
    assert not loaded & {*large, "botocore", "boto3", "multiprocessing"}
