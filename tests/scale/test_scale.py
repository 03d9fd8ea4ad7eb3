"""What docs/scale.md promises of large runs, in simulated time: the product's decisions, and AWS as it is assumed."""

import boto3
import pytest

from pipeline import CASES, Case, least, taken
from scale.assumptions import Assumptions
from scale.contention import contend
from scale.language import longest_pause
from scale.page import PAGE, SMOOTH, written
from scale.product import definition
from scale.run import simulate


def test_the_page_shows_what_the_simulation_comes_to() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page), "write it anew: make docs"


@pytest.mark.parametrize("case", [case for case in CASES.values() if case.most], ids=list(CASES)[:7])
def test_a_run_takes_little_longer_than_its_quota_allows(case: Case) -> None:
    assert case.most
    outcome = simulate(case.assumptions)
    assert taken(outcome) / least(case.assumptions, outcome.began, outcome.work) <= case.most


def test_what_is_cut_is_paid() -> None:
    given = SMOOTH.but(records=1_000_000)
    seconds = given.records * given.record_bytes / given.bytes_per_second
    faster = simulate(given.but(bytes_per_second=2 * given.bytes_per_second))
    # Collecting reads the answers, too.
    answers = seconds * given.answer_bytes / given.record_bytes
    assert simulate(given).meter.seconds - faster.meter.seconds == pytest.approx(seconds + answers / 2, rel=0.05)


def test_a_shard_takes_few_transitions_and_calls() -> None:
    outcome = simulate(SMOOTH)
    assert outcome.meter.jobs == outcome.shards
    assert outcome.meter.transitions <= 12 * outcome.shards
    assert outcome.meter.invocations <= 4 * outcome.shards


def test_a_run_of_many_days_finds_every_end_that_no_event_told() -> None:
    """An execution that looks is over after 50,000 seconds; this run takes four times as long."""
    outcome = simulate(Assumptions(records=5_000_000, quota=2, lost_events=0.5))
    assert outcome.ended > 200_000
    assert outcome.is_over


def test_jobs_that_come_to_nothing_and_records_that_are_left_are_run_again() -> None:
    outcome = simulate(Assumptions(records=1_000_000, failed_jobs=0.2, left_records=0.1))
    assert outcome.is_over
    assert outcome.shards > 26 + 3 + 1
    assert outcome.meter.jobs == outcome.shards


def test_others_may_use_up_the_quota_for_ten_days() -> None:
    outcome = simulate(SMOOTH.but(records=100_000, quota=2, others=2, others_until=10 * 86_400))
    assert outcome.is_over
    assert outcome.ended > 10 * 86_400
    # Three events each: a history has room for 25,000.
    assert 3 * outcome.meter.most_busy < 25_000


def test_two_hundred_jobs_may_begin_at_once() -> None:
    outcome = contend([0.0] * 200)
    assert outcome.gave_up == 0
    assert outcome.seconds < 10


def test_a_start_that_others_came_before_too_often_is_tried_again() -> None:
    """Five hundred begin at once."""
    assert contend([0.0] * 500).gave_up > 0
    errors = boto3.client("dynamodb", region_name="us-east-1").exceptions
    start = definition()["States"]["Run jobs"]["ItemProcessor"]["States"]["Start"]
    assert longest_pause(start, errors.TransactionCanceledException.__name__, 0)
