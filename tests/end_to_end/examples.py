"""The example apps: what they find in the account, and their stacks beside those of others."""

import runpy
from pathlib import Path
from typing import Any

from aws_cdk import App

from bedrock_local.environment import ACCOUNT
from tests.snapshots.programs import ROOT, examples

from .accounts import OTHER
from .gallery import World, jsonl, records
from .samples import foreign_bucket, role

PATHS = {name: path for name, path in examples().items() if path.is_relative_to(ROOT / "examples")}
_FILE = "tickets.json"


def stack_of(example: str) -> str:
    """The name that an example's stack has here; of an app with an environment, behind a colon, the stack of that."""
    return f"Example-{example.replace('_', '-').replace(':', '-')}"


STACKS = [stack_of(name) for name in PATHS if name != "environments"] + [stack_of("environments:dev")]


def prepare(world: World, folder: Path) -> None:
    """Make what the examples name that stands for their reader's."""
    for name in ("acme-reviews", "acme-review-summaries"):
        foreign_bucket(world, name)
    for name in ("acme-tickets", "acme-ticket-summaries"):
        world.aws.client("s3").create_bucket(Bucket=name)
    world.aws.client("s3").put_object(Bucket="acme-tickets", Key="2026-11/tickets.jsonl", Body=jsonl(records()))
    role(world, "BedrockBatchServiceRole", ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "bedrock:InvokeModel"])
    given = PATHS["from_cli_json"].with_name("create_model_invocation_job.json").read_text(encoding="utf-8")
    (folder / _FILE).write_text(given.replace(OTHER, ACCOUNT), encoding="utf-8")


def build(app: App, folder: Path) -> None:
    """Make the stacks of all of them."""
    parameters: dict[str, dict[str, Any]] = {
        "other_account": {"owner": OTHER},
        "from_cli_json": {"call": folder / _FILE},
    }
    for name, path in PATHS.items():
        given = runpy.run_path(str(path))
        (made,) = (each for key, each in given.items() if key.endswith("Stack") and key != "Stack")
        if name == "environments":
            for settings in (given["DEVELOPMENT"], given["PRODUCTION"]):
                made(app, stack_of(f"{name}:{settings.name}"), settings, account=None)
        else:
            made(app, stack_of(name), **parameters.get(name, {}))
