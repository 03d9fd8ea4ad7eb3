"""Shards or records that S3 does not take: a line that says why, and no traceback."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import RecordFile
from tests.local_aws.conftest import allow
from tests.toolkit_cli.jobs.conftest import World


def test_an_upload_that_is_refused_is_told_in_a_line(world: World, record_file: RecordFile, tmp_path: Path) -> None:
    key, secret = world.aws.user(allow("s3:ListBucket", f"arn:aws:s3:::{world.bucket}"))
    command = ["split", str(record_file()), "--to", f"s3://{world.bucket}/refused/"]
    run = subprocess.run(
        [sys.executable, "-m", "bedrock_batch.cli", *command],
        env=world.environment | {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.startswith("bedrock-batch: Failed to upload ")
    assert "is not authorized to perform: s3:PutObject" in run.stderr
    assert len(run.stderr.splitlines()) == 1
