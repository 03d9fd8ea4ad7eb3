"""How a job's name begins: its own, stable, within the API's pattern, however odd the path."""

import re
from pathlib import Path

import pytest
from aws_cdk import App, NestedStack, Stack, Stage
from constructs import Construct

from ..conftest import MakeJob
from ..template import JOB, Synthesized, plain

#: The function adds two digests to the prefix; the API takes 63 characters.
LONGEST = 63 - len("-00000000-0000000000000000")


def prefixes(stack: Stack) -> list[str]:
    return [plain(job)["JobNamePrefix"] for job in Synthesized.of(stack).properties(JOB)]


def test_a_name_begins_with_the_path_of_the_construct(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    assert re.fullmatch(r"Stack-Summaries-[0-9a-f]{8}", prefixes(stack)[0])


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("BedrockBatchExample", "Summaries"), "BedrockBatch-Summaries"),
        (("Prod", "Nightly", "PDFReports2026", "Job"), "Nightly-PDFReports2026-Job"),
        (("AStackWithAVeryLongName", "Reviews", "Summaries"), "AStackWith-Reviews-Summaries"),
        (("Stack", "AllOfTheQuestionsThatCustomersAskUs"), "Stack-AllOfTheQuestionsThat"),
        (("Stack", "x" * 40), "x" * 28),
    ],
)
def test_a_name_is_cut_where_words_end(make_job: MakeJob, path: tuple[str, ...], words: str) -> None:
    stack, *scopes, own = path
    scope: Construct = Stack(App(), stack)
    for each in scopes:
        scope = Construct(scope, each)
    make_job(own, scope=scope)
    assert prefixes(Stack.of(scope))[0][:-9] == words


def test_a_name_of_ones_own_is_told_from_anothers_that_begins_alike(stack: Stack, make_job: MakeJob) -> None:
    make_job("One", job_name="nightly")
    make_job("Two", job_name="nightly")
    one, two = prefixes(stack)
    assert re.fullmatch(r"nightly-[0-9a-f]{8}", one)
    assert not two.startswith(f"{one}-")


def test_another_name_or_construct_id_leaves_the_part_that_tells_the_owner(make_job: MakeJob) -> None:
    found = []
    for name, construct in (("nightly", "Job"), ("daily", "Job"), (None, "Renamed")):
        stack = Stack(App(), "Stack")
        resource = make_job(construct, scope=stack, job_name=name).node.find_child("Resource")
        resource.override_logical_id("Kept")  # type: ignore[attr-defined]  # it is a CfnResource
        found += prefixes(stack)
    assert [prefix[:-9] for prefix in found] == ["nightly", "daily", "Stack-Renamed"]
    assert len({prefix[-8:] for prefix in found}) == 1


def test_two_stacks_of_an_app_never_share_a_name(make_job: MakeJob) -> None:
    app = App()
    stacks = [Stack(app, "One"), Stack(app, "Two"), Stack(Stage(app, "Prod"), "One")]
    stacks += [NestedStack(stack, "Nested") for stack in stacks[:2]]
    for number, stack in enumerate(stacks):
        make_job(scope=stack, job_name="nightly" if number else None)
        make_job("Other", scope=stack)
    found = [prefix for stack in stacks for prefix in prefixes(stack)]
    assert len(set(found)) == len(found)
    assert not any(a != b and a.startswith(f"{b}-") for a in found for b in found)


@pytest.mark.parametrize(
    "ids",
    [
        ["Deep"] * 12,
        ["x" * 250],
        ["ünïcödé", "作业"],
        ["with space", "under_score", "dot.dot", "$"],
        ["9", "1"],
        ["-", "_"],
    ],
    ids=["deep", "long", "unicode", "punctuation", "digits", "nothing of use"],
)
def test_a_name_fits_the_api_whatever_the_path(make_job: MakeJob, ids: list[str]) -> None:
    stack = Stack(App(), "S" * 100)
    scope: Construct = stack
    for name in ids:
        scope = Construct(scope, name)
    make_job(scope=scope)
    make_job("Other", scope=scope, job_name="n" * 28)
    for prefix in prefixes(stack):
        assert len(prefix) <= LONGEST
        assert re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9+.-]*", prefix)


def test_the_name_stays_the_same_wherever_and_whenever_the_app_is_synthesized(
    make_job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set()
    for number in range(2):
        (tmp_path / str(number)).mkdir()
        monkeypatch.chdir(tmp_path / str(number))
        stack = NestedStack(Stack(App(), "Stack"), "Nested")
        make_job(scope=stack)
        found.update(prefixes(stack))
    assert len(found) == 1
