"""An account with the app as the construct of before made it, and the same app as it is made today."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .account import Account
from .app import JOBS
from .app_jobs import FROM_BUCKET
from .calls import watched_calls
from .conftest import bootstrapped_aws, deploy, try_to_deploy
from .made_before import make, put_records

if TYPE_CHECKING:
    from collections.abc import Iterator


BEFORE = Path(__file__).with_name("named_by_path")
RUNNING, COMPLETED = "InProgress", "Completed"
#: How a job goes: what was told of it once is never taken back.
COURSE = ("Submitted", "Validating", "Scheduled", RUNNING, COMPLETED)


@contextmanager
def account_of_before(folder: Path) -> Iterator[tuple[Account, set[str]]]:
    """Deploy the app of before, and hold its jobs while they run.

    Yields
    ------
    tuple
        The account, and of which operations there were calls.
    """
    # Room for as many again: an upgrade that makes jobs must be seen to make them.
    quotas = {"min_records_per_job": 3, "jobs_per_model": 100}
    with bootstrapped_aws(folder / "aws", quotas=quotas) as aws:
        account = Account(aws)
        make(aws)
        aws.faults.hold(RUNNING)
        with watched_calls(aws) as calls:
            _deploy_before(account, folder)
            seen = calls.seen()
        account.await_all(RUNNING)
        yield account, seen


def roll_back(account: Account, broken: Path) -> None:
    """Deploy what fails once the jobs are updated, so that CloudFormation takes it back."""
    done = try_to_deploy(account.aws, broken, "--exclusively", JOBS)
    assert done.returncode != 0, done.stdout
    assert account.stack_status() == "UPDATE_ROLLBACK_COMPLETE", done.stdout + done.stderr


def _deploy_before(account: Account, folder: Path) -> None:
    assembly = Path(shutil.copytree(BEFORE, folder / "before"))
    with account.aws.faults.hold("Submitted", job_name=FROM_BUCKET):
        deploy(account.aws, assembly, "--all")
        put_records(account.aws, account.physical_id("AWS::S3::Bucket", "Source"))
