"""The samples of a stack's code that the README and the pages show, and what each finds in the account."""

import json
from collections.abc import Iterator
from pathlib import Path

from aws_cdk import App, Stack

from bedrock_local.environment import ACCOUNT
from tests.pages import shown

from .accounts import OTHER, client_of
from .conftest import REPOSITORY
from .gallery import World, jsonl, records

PAGES = ("README.md", "docs/construct.md", "docs/converse.md", "docs/waiting.md", "docs/pipelines.md")
_ROLE = {"Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole", "Effect": "Allow"}


def samples() -> dict[str, str]:
    """The samples by the names of their stacks."""
    return {
        f"{Path(page).stem.title()}{number}": code
        for page in PAGES
        for number, code in enumerate(shown((REPOSITORY / page).read_text(encoding="utf-8"), "python"), 1)
    }


def build(app: App, found: dict[str, str]) -> None:
    """Make a stack of each sample; they read the files of the current folder."""
    for name, code in samples().items():
        real = code
        for told, there in found.items():
            real = real.replace(told, there)
        exec(compile(real, name, "exec"), {"self": Stack(app, name)})  # noqa: S102 (the samples are ours)


def prepare(world: World, folder: Path) -> dict[str, str]:
    """Make what the samples find, and return what stands for what they show."""
    for name in ("prompts.jsonl", "articles/articles.jsonl"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(jsonl(records()))
    (folder / "job.json").write_text(json.dumps(_cli_input(world)))
    world.aws.client("ssm").put_parameter(Name="/batch/model", Value="amazon.nova-lite-v1:0", Type="String")
    role(world, "operators", [])
    for name in ("their-records", "their-results"):
        foreign_bucket(world, name)
    # A relative path is one of the CDK's own process, which began in another folder. A whole app is a stack of ours.
    return {
        'asset("articles")': f'asset("{folder}/articles")',
        'cdk.Stack(app, "Numbers")': "self",
        **dict(_arns(world)),
    }


def _arns(world: World) -> Iterator[tuple[str, str]]:
    shown = f"arn:aws:bedrock:us-east-1:{OTHER}"
    yield f"{shown}:application-inference-profile/abcdef123456", world.application_profile
    yield f"{shown}:custom-model/amazon.nova-lite-v1:0/abcdef123456", world.custom_model


def foreign_bucket(world: World, name: str) -> None:
    """Make a bucket of another account, whose policy lets in whom the page says that it must."""
    client = client_of(world.aws, "s3", OTHER)
    client.create_bucket(Bucket=name)
    client.put_object(Bucket=name, Key="2026-11/one.jsonl", Body=jsonl(records()))
    allowed = [("s3:ListBucket", ""), ("s3:GetObject", "/*"), ("s3:PutObject", "/*")]
    statements = [
        {"Effect": "Allow", "Action": action, "Resource": f"arn:aws:s3:::{name}{rest}", "Principal": {"AWS": ACCOUNT}}
        for action, rest in allowed
    ]
    client.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))


def _cli_input(world: World) -> dict[str, object]:
    return {
        "jobName": "nightly",
        "roleArn": role(world, "batch", ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "bedrock:InvokeModel"]),
        "modelId": "amazon.nova-lite-v1:0",
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{world.own_bucket}/one.jsonl"}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://{world.own_bucket}/ported/"}},
    }


def role(world: World, name: str, actions: list[str]) -> str:
    client = world.aws.client("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": [_ROLE]})
    role = client.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
    if actions:
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        client.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy)
    return str(role["Arn"])
