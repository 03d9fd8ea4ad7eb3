"""What a user has before any stack: data in S3, a role, a model of one's own, a profile."""

import json
from pathlib import Path

from bedrock_local.environment import ACCOUNT, REGION
from bedrock_local.running import RunningAws

BEDROCK = "bedrock.amazonaws.com"
INPUTS = Path(__file__).with_name("inputs")
MODEL = "amazon.nova-lite-v1:0"
BUCKET = "made-before"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/imported"
CUSTOM_MODEL = f"{MODEL}/abcdefghijkl"
CUSTOM_MODEL_ARN = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:custom-model/{CUSTOM_MODEL}"
#: Its ARN is another one each time, so the stack finds it in a parameter.
PROFILE_PARAMETER = "/made-before/profile"


def make(aws: RunningAws) -> None:
    """Make all of it in an empty account."""
    s3, bedrock = aws.client("s3"), aws.client("bedrock")
    s3.create_bucket(Bucket=BUCKET)
    put_records(aws, BUCKET)
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": BEDROCK}}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.client("iam").create_role(RoleName=ROLE_ARN.rpartition("/")[2], AssumeRolePolicyDocument=trust)
    source = {"s3DataSource": {"s3Uri": f"s3://{BUCKET}/model/"}}
    bedrock.create_custom_model(modelName=CUSTOM_MODEL, modelSourceConfig=source)
    behind = {"copyFrom": f"arn:aws:bedrock:{REGION}::foundation-model/{MODEL}"}
    profile = bedrock.create_inference_profile(inferenceProfileName="team", modelSource=behind)
    value = profile["inferenceProfileArn"]
    aws.client("ssm").put_parameter(Name=PROFILE_PARAMETER, Value=value, Type="String")


def put_records(aws: RunningAws, bucket: str) -> None:
    """Put records where a job that is given a bucket reads them."""
    aws.client("s3").put_object(Bucket=bucket, Key="in/prompts.jsonl", Body=(INPUTS / "prompts.jsonl").read_bytes())
