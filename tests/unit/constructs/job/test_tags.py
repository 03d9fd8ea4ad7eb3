"""Tags of the job: where they come from, and which Bedrock would refuse."""

import pytest
from aws_cdk import App, CfnParameter, Stack, Tags
from aws_cdk.assertions import Template

from ..api.rules import TAG_RULES
from ..conftest import MakeJob
from ..template import Synthesized


def test_tags_of_the_job_reach_the_job_and_are_no_part_of_the_specification(stack: Stack, make_job: MakeJob) -> None:
    Tags.of(make_job()).add("team", "search")
    template = Synthesized.of(stack)
    assert template.job["Tags"] == [{"key": "team", "value": "search"}]
    assert "tags" not in template.call


def test_without_tags_there_are_none(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    assert "Tags" not in Synthesized.of(stack).job


@pytest.mark.parametrize("level", ["app", "stack"])
def test_tags_from_above_reach_the_job_the_nearest_wins(level: str, make_job: MakeJob) -> None:
    app = App()
    stack = Stack(app, "Stack")
    job = make_job(scope=stack)
    Tags.of(app if level == "app" else stack).add("team", "above")
    Tags.of(app).add("cost", "1")
    Tags.of(job).add("team", "own")
    assert Synthesized.of(stack).job["Tags"] == [{"key": "cost", "value": "1"}, {"key": "team", "value": "own"}]


def test_a_tag_can_be_removed_and_can_leave_jobs_out(stack: Stack, make_job: MakeJob) -> None:
    job = make_job()
    Tags.of(stack).add("one", "1")
    Tags.of(stack).add("two", "2", exclude_resource_types=["Custom::BedrockModelInvocationJob"])
    Tags.of(job).remove("one")
    template = Synthesized.of(stack)
    assert "Tags" not in template.job
    (tags,) = {str(bucket["Tags"]) for bucket in template.properties("AWS::S3::Bucket")}
    assert "'one'" in tags
    assert "'two'" in tags


def test_only_jobs_are_tagged_when_only_they_are_meant(stack: Stack, make_job: MakeJob) -> None:
    make_job()
    Tags.of(stack).add("only", "jobs", include_resource_types=["Custom::BedrockModelInvocationJob"])
    template = Synthesized.of(stack)
    assert template.job["Tags"] == [{"key": "only", "value": "jobs"}]
    assert not any("Tags" in bucket for bucket in template.properties("AWS::S3::Bucket"))


ADVICE = "change it, or leave the job out with Tags.of"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (
            "a&b",
            "1",
            "the job Stack/Summaries has the tag 'a&b' with the key 'a&b', which may have letters, digits, ",
        ),
        (
            "team",
            "a,b",
            "the job Stack/Summaries has the tag 'team' with the value 'a,b', which may have letters, digits, ",
        ),
        ("k" * 129, "1", "which must have 1 to 128 characters"),
        ("team", "v" * 257, "which must have 0 to 256 characters"),
        (
            "AWS:team",
            "1",
            "the job Stack/Summaries has the tag 'AWS:team' with the key 'AWS:team', which AWS keeps for itself",
        ),
    ],
)
def test_a_tag_that_bedrock_refuses_is_named_at_synth(
    stack: Stack, make_job: MakeJob, key: str, value: str, message: str
) -> None:
    Tags.of(make_job()).add(key, value)
    with pytest.raises(RuntimeError) as refused:
        Template.from_stack(stack)
    assert message in str(refused.value)
    assert ADVICE in str(refused.value)


def test_what_the_rules_just_let_through_is_taken(stack: Stack, make_job: MakeJob) -> None:
    job = make_job()
    Tags.of(job).add("k" * TAG_RULES["key"][1], "v" * TAG_RULES["value"][1])
    Tags.of(job).add("a b._:/=+@-9", "")
    assert len(Synthesized.of(stack).job["Tags"]) == 2


@pytest.mark.parametrize(("count", "good"), [(50, True), (51, False)])
def test_a_job_takes_fifty_tags(stack: Stack, make_job: MakeJob, count: int, good: bool) -> None:  # noqa: FBT001 (pytest)
    job = make_job()
    for number in range(count):
        Tags.of(job).add(f"tag{number}", "1")
    if good:
        assert len(Synthesized.of(stack).job["Tags"]) == count
    else:
        with pytest.raises(
            RuntimeError, match="the job Stack/Summaries has 51 tags, and Bedrock takes 50: leave some out"
        ):
            Template.from_stack(stack)


def test_a_token_may_be_a_tag(stack: Stack, make_job: MakeJob) -> None:
    text = CfnParameter(stack, "Text").value_as_string
    Tags.of(make_job()).add("team", text)
    assert Synthesized.of(stack).job["Tags"] == [{"key": "team", "value": "${Text}"}]
