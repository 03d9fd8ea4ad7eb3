"""An upgrade that CloudFormation takes back while the jobs run pays nothing, nor does one when they are completed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .account import Account
from .app import synthesize
from .calls import watched_calls
from .conftest import deploy
from .upgrade import COMPLETED, COURSE, RUNNING, account_of_before, roll_back


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with account_of_before(tmp_path_factory.mktemp("upgrade")) as (account, _):
        yield account


def test_an_upgrade_that_is_rolled_back_makes_and_stops_no_job(account: Account, tmp_path: Path) -> None:
    broken, before = synthesize(tmp_path / "broken", broken=True), account.kept()
    with watched_calls(account.aws) as calls:
        roll_back(account, broken)
        assert calls.seen() == set()
    assert account.kept().changes(before) == []
    assert set(account.statuses().values()) == {RUNNING}


def test_completed_jobs_are_kept(account: Account, present: Path) -> None:
    account.aws.faults.clear()
    account.await_all(COMPLETED)
    before, told_before = account.kept(), account.told_statuses()
    with watched_calls(account.aws) as calls:
        deploy(account.aws, present, "--all")
        assert calls.seen() == set()
    assert account.kept().changes(before) == []
    assert set(account.statuses().values()) == {COMPLETED}
    told = account.told_statuses()
    assert all(COURSE.index(told[key]) >= COURSE.index(before) for key, before in told_before.items())
