"""The Resource Groups Tagging API: jobs listed, tagged and untagged, whether they have ended or not."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local_aws.conftest import ENDED, JOBS_ARN, LocalAws, allow, records

TYPE = "bedrock:model-invocation-job"
BLUE = [{"key": "team", "value": "blue"}]


def tagging(aws: LocalAws, *credentials: Any, region: str = "us-east-1") -> Any:
    return aws.client("resourcegroupstaggingapi", *credentials, region=region)


def tags_of(aws: LocalAws, arn: str) -> dict[str, str] | None:
    """Return the tags as the API lists them; None for a job that it does not list."""
    found = tagging(aws).get_resources(ResourceARNList=[arn])["ResourceTagMappingList"]
    return {tag["Key"]: tag["Value"] for each in found for tag in each["Tags"]} if found else None


def made(aws: LocalAws, *statuses: str, **changes: Any) -> str:
    arn = aws.start(aws.bucket({"in.jsonl": records(100 if "Completed" in statuses else 1)}), **changes)
    if statuses:
        aws.reach(arn, set(statuses))
    return arn


@pytest.mark.parametrize("statuses", [[], ["Failed"], ["Completed"]])
def test_jobs_are_listed_tagged_and_untagged_also_when_they_have_ended(aws: LocalAws, statuses: list[str]) -> None:
    arn = made(aws, *statuses, tags=BLUE)
    assert tags_of(aws, arn) == {"team": "blue"}
    changed = tagging(aws).tag_resources(ResourceARNList=[arn], Tags={"team": "red", "cost": "7"})
    assert changed["FailedResourcesMap"] == {}
    assert tags_of(aws, arn) == {"team": "red", "cost": "7"}
    assert not tagging(aws).untag_resources(ResourceARNList=[arn], TagKeys=["team", "none"])["FailedResourcesMap"]
    assert tags_of(aws, arn) == {"cost": "7"}


def test_a_stopped_one_too(idle_aws: LocalAws) -> None:
    arn = idle_aws.start("some", tags=BLUE)
    idle_aws.bedrock.stop_model_invocation_job(jobIdentifier=arn)
    idle_aws.reach(arn, ENDED)
    assert not tagging(idle_aws).tag_resources(ResourceARNList=[arn], Tags={"a": "b"})["FailedResourcesMap"]
    assert tags_of(idle_aws, arn) == {"team": "blue", "a": "b"}


def test_both_apis_see_the_same_tags(idle_aws: LocalAws) -> None:
    arn = idle_aws.start("some")
    assert tags_of(idle_aws, arn) is None
    tagging(idle_aws).tag_resources(ResourceARNList=[arn], Tags={"a": "b"})
    assert idle_aws.bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "a", "value": "b"}]
    idle_aws.bedrock.untag_resource(resourceARN=arn, tagKeys=["a"])
    # It has been tagged before, so it is listed.
    assert tags_of(idle_aws, arn) == {}


def test_jobs_are_found_by_type_and_tag_in_their_account_and_region_only(idle_aws: LocalAws) -> None:
    mine = {"Key": "mine", "Values": ["yes"]}
    arn = idle_aws.start("some", tags=[{"key": "mine", "value": "yes"}])
    idle_aws.start("some", tags=[{"key": "mine", "value": "no"}])

    def found(client: Any, **filters: Any) -> list[str]:
        return [each["ResourceARN"] for each in client.get_resources(**filters)["ResourceTagMappingList"]]

    for kind in ("bedrock", TYPE):
        assert found(tagging(idle_aws), ResourceTypeFilters=[kind], TagFilters=[mine]) == [arn]
    assert found(tagging(idle_aws), TagFilters=[mine]) == [arn]
    assert not found(tagging(idle_aws), ResourceTypeFilters=["bedrock:custom-model"], TagFilters=[mine])
    assert not found(tagging(idle_aws, region="eu-west-1"), TagFilters=[mine])
    assert not found(tagging(idle_aws, idle_aws.root("111122223333")), TagFilters=[mine])
    assert "mine" in tagging(idle_aws).get_tag_keys()["TagKeys"]
    assert {"no", "yes"} <= set(tagging(idle_aws).get_tag_values(Key="mine")["TagValues"])


def test_a_list_has_pages(idle_aws: LocalAws) -> None:
    arns = {idle_aws.start("some", tags=[{"key": "paged", "value": ""}]) for _ in range(5)}
    tagged = {"TagFilters": [{"Key": "paged"}]}
    first = tagging(idle_aws).get_resources(ResourcesPerPage=2, **tagged)
    assert (len(first["ResourceTagMappingList"]), bool(first["PaginationToken"])) == (2, True)
    pages = list(tagging(idle_aws).get_paginator("get_resources").paginate(ResourcesPerPage=2, **tagged))
    assert [len(page["ResourceTagMappingList"]) for page in pages] == [2, 2, 1]
    assert {each["ResourceARN"] for page in pages for each in page["ResourceTagMappingList"]} == arns
    with pytest.raises(ClientError, match="InvalidParameterException"):
        tagging(idle_aws).get_resources(PaginationToken="none", **tagged)


def test_a_page_has_whole_resources_as_far_as_their_tags_fit(idle_aws: LocalAws) -> None:
    many = [{"key": f"k{number}", "value": ""} for number in range(40)]
    for _ in range(5):
        idle_aws.start("some", tags=many)
    tagged = {"TagFilters": [{"Key": "k39"}]}
    pages = tagging(idle_aws).get_paginator("get_resources").paginate(TagsPerPage=100, **tagged)
    assert [len(page["ResourceTagMappingList"]) for page in pages] == [2, 2, 1]


ARN = JOBS_ARN.replace("*", "abcdefghijkl")


@pytest.mark.parametrize(
    ("operation", "asked", "words"),
    [
        ("get_resources", {"ResourcesPerPage": 0}, "ResourcesPerPage must be from 1 to 100, got 0"),
        ("get_resources", {"ResourcesPerPage": 101}, "ResourcesPerPage must be from 1 to 100, got 101"),
        ("get_resources", {"TagsPerPage": 99}, "TagsPerPage must be from 100 to 500, got 99"),
        ("get_resources", {"TagsPerPage": 501}, "TagsPerPage must be from 100 to 500, got 501"),
        ("get_resources", {"ResourceARNList": [ARN] * 101}, "less than or equal to 100"),
        ("get_resources", {"TagFilters": [{"Key": "k", "Values": ["v"] * 21}]}, "'TagFilters.1.member.Values' failed"),
        ("get_tag_values", {}, "'Key' failed to satisfy constraint: Member must not be null"),
        ("tag_resources", {"ResourceARNList": [ARN] * 21, "Tags": {"a": "b"}}, "less than or equal to 20"),
        ("tag_resources", {"ResourceARNList": [ARN], "Tags": {}}, "'Tags' failed .* greater than or equal to 1"),
        ("tag_resources", {"ResourceARNList": [ARN], "Tags": {"k" * 129: ""}}, "less than or equal to 128"),
        ("tag_resources", {"ResourceARNList": [ARN], "Tags": {"k": "v" * 257}}, "'Tags.k' failed .* equal to 256"),
        ("untag_resources", {"ResourceARNList": [ARN], "TagKeys": ["k"] * 51}, "less than or equal to 50"),
        ("untag_resources", {"ResourceARNList": [ARN], "TagKeys": []}, "greater than or equal to 1"),
    ],
)
def test_what_the_api_does_not_take_is_refused(
    idle_aws: LocalAws, operation: str, asked: dict[str, Any], words: str
) -> None:
    with pytest.raises(ClientError, match=f"InvalidParameterException.*{words}"):
        getattr(tagging(idle_aws), operation)(**asked)


@pytest.mark.parametrize("missing", ["tag:TagResources", "bedrock:TagResource"])
def test_both_permissions_are_needed(idle_aws: LocalAws, missing: str) -> None:
    arn = idle_aws.start("some", tags=BLUE)
    needed = {"tag:TagResources": "*", "bedrock:TagResource": JOBS_ARN}
    allowed = [allow(action, resource) for action, resource in needed.items() if action != missing]
    client = tagging(idle_aws, idle_aws.user(*allowed))
    if missing == "tag:TagResources":
        with pytest.raises(ClientError, match="not authorized to perform: tag:TagResources"):
            client.tag_resources(ResourceARNList=[arn], Tags={"a": "b"})
    else:
        failure = client.tag_resources(ResourceARNList=[arn], Tags={"a": "b"})["FailedResourcesMap"][arn]
        assert (failure["ErrorCode"], failure["StatusCode"]) == ("AccessDeniedException", 403)
        assert "not authorized to perform: bedrock:TagResource" in failure["ErrorMessage"]
    assert tags_of(idle_aws, arn) == {"team": "blue"}


def test_they_are_enough_and_conditions_on_tags_count(idle_aws: LocalAws) -> None:
    arn, other = idle_aws.start("some", tags=BLUE), idle_aws.start("some")
    condition = {"StringEquals": {"aws:ResourceTag/team": "blue"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}
    user = idle_aws.user(
        allow(["tag:*"], "*"),
        allow(["bedrock:TagResource", "bedrock:UntagResource"], JOBS_ARN, **condition),
    )
    client = tagging(idle_aws, user)
    assert set(client.tag_resources(ResourceARNList=[arn, other], Tags={"a": "b"})["FailedResourcesMap"]) == {other}
    assert set(client.tag_resources(ResourceARNList=[arn], Tags={"z": "b"})["FailedResourcesMap"]) == {arn}
    assert not client.untag_resources(ResourceARNList=[arn], TagKeys=["a"])["FailedResourcesMap"]
    assert tags_of(idle_aws, arn) == {"team": "blue"}


def test_what_bedrock_refuses_is_told_in_its_words_for_each_job(idle_aws: LocalAws) -> None:
    arn = idle_aws.start("some")
    absent = f"{arn[:-12]}abcdefghwxyz"
    tagged = tagging(idle_aws).tag_resources(ResourceARNList=[arn, absent], Tags={"a": "b"})["FailedResourcesMap"]
    assert [(key, tagged[key]["ErrorCode"], tagged[key]["StatusCode"]) for key in tagged] == [
        (absent, "ResourceNotFoundException", 404)
    ]
    refused = tagging(idle_aws).tag_resources(ResourceARNList=[arn], Tags={"a;b": "c"})["FailedResourcesMap"]
    assert refused[arn]["ErrorCode"] == "ValidationException"
    many = {f"tag-{number}": "" for number in range(50)}
    assert tagging(idle_aws).tag_resources(ResourceARNList=[arn], Tags=many)["FailedResourcesMap"][arn][
        "ErrorCode"
    ] == ("TooManyTagsException")


def test_other_services_resources_are_tagged_as_before(idle_aws: LocalAws) -> None:
    bucket, job = f"arn:aws:s3:::{idle_aws.bucket()}", idle_aws.start("some")
    assert not tagging(idle_aws).tag_resources(ResourceARNList=[bucket, job], Tags={"a": "b"})["FailedResourcesMap"]
    assert tags_of(idle_aws, bucket) == tags_of(idle_aws, job) == {"a": "b"}


def test_what_is_no_job_of_bedrocks_is_not_said_to_be_a_job(idle_aws: LocalAws) -> None:
    profile = JOBS_ARN.replace("model-invocation-job/*", "application-inference-profile/abcdefghijkl")
    answer = tagging(idle_aws).tag_resources(ResourceARNList=[profile], Tags={"a": "b"})["FailedResourcesMap"][profile]
    assert (answer["ErrorCode"], "type for tagging" in answer["ErrorMessage"]) == ("InternalServiceException", True)
